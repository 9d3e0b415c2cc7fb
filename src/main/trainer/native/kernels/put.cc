// Copies some images in among those that a variable holds, in its own memory: TensorFlow's scatter would make
// every later reading of the variable a copy.
#include <cstring>

#include "kernel.h"

namespace {

void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor images = call.input(0);
  const Tensor begin = call.input(1);
  const Tensor more = call.input(2);
  if (!call.good()) return call.fail();
  const int64_t size = images.dim(1);
  const int64_t first = *begin.data<int32_t>();
  if (more.dim(1) != size || first < 0 || first + more.dim(0) > images.dim(0)) {
    return call.fail("there is no room for these images");
  }
  std::memcpy(images.data<uint8_t>() + first * size, more.data<uint8_t>(), more.size());
}

}  // namespace

const Operation PUT = {
    "NormscopePut",
    {"images: uint8", "begin: int32", "more: uint8"},
    {},
    {},
    [](TF_ShapeInferenceContext*, TF_Status*) {},
    [](TF_OpKernelConstruction*) -> void* { return nullptr; },
    compute,
    [](void*) {},
    true,
};
