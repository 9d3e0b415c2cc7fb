#include "resting.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <system_error>
#include <thread>
#include <vector>

namespace {

/** Fewer parts are done before another thread would have begun. */
constexpr int64_t FEW = 8;

/** Cores but those that work, of which one is this thread's; 0 where the system does not say. */
int64_t restingCores() {
  int working = 0;
  std::FILE* file = std::fopen("/proc/loadavg", "re");
  if (!file) return 0;
  // three means over minutes, then how many threads run or wait for a core
  const int read = std::fscanf(file, "%*f %*f %*f %d/", &working);
  std::fclose(file);
  if (read != 1) return 0;
  return std::max<int64_t>(0, int64_t{std::thread::hardware_concurrency()} - working);
}

}  // namespace

void withRestingCores(int64_t parts, const std::function<void(int64_t)>& part) {
  std::atomic<int64_t> next{0};
  const auto take = [&] {
    for (int64_t at; (at = next++) < parts;) part(at);
  };
  const int64_t more = parts >= FEW ? std::min(restingCores(), parts - 1) : 0;
  std::vector<std::thread> others;
  others.reserve(more);
  try {
    while (int64_t(others.size()) < more) others.emplace_back(take);
  } catch (const std::system_error&) {
    // no more threads are to be had: those there are, and this one, do all of it
  }
  take();
  for (std::thread& other : others) other.join();
}
