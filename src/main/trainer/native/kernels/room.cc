// Room for images that NormscopePut writes later. The system clears memory that is new to a process when it is first
// written: a thread has it done meanwhile, from the front, where images are put first.
#include "kernel.h"

#include <algorithm>
#include <system_error>
#include <thread>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace {

#if defined(__linux__) && defined(MADV_POPULATE_WRITE)
constexpr uintptr_t PAGE = 4096;
/** So much at once: whoever writes beside it must not wait for long. */
constexpr uintptr_t STRETCH = 2 << 20;

/** What it contains stays as it is. A system that cannot do it leaves it to who writes. */
void populate(uintptr_t begin, uintptr_t end) {
  for (uintptr_t at = begin; at < end; at += STRETCH) {
    const uintptr_t size = std::min(STRETCH, end - at);
    if (madvise(reinterpret_cast<void*>(at), size, MADV_POPULATE_WRITE) != 0) return;
  }
}

void populateMeanwhile(const Tensor& images) {
  const uintptr_t begin = reinterpret_cast<uintptr_t>(images.data<uint8_t>());
  const uintptr_t first = (begin + PAGE - 1) / PAGE * PAGE;
  const uintptr_t end = (begin + images.size()) / PAGE * PAGE;
  if (end < first + 2 * STRETCH) return;
  try {
    std::thread(populate, first, end).detach();
  } catch (const std::system_error&) {
    // no thread is to be had
  }
}
#else
void populateMeanwhile(const Tensor&) {}
#endif

void* create(TF_OpKernelConstruction* context) {
  return new int64_t(Construction(context).whole("size"));
}

void compute(void* size, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor count = call.input(0);
  if (!call.good()) return call.fail();
  const Tensor images =
      call.output(0, TF_UINT8, {*count.data<int32_t>(), *static_cast<int64_t*>(size)});
  if (!call.good()) return call.fail();
  populateMeanwhile(images);
}

}  // namespace

const Operation ROOM = {
    "NormscopeRoom",
    {"count: int32"},
    {"images: uint8"},
    {"size: int"},
    unknownShape,
    create,
    compute,
    [](void* size) { delete static_cast<int64_t*>(size); },
    true,
};
