#include "resting.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <system_error>
#include <thread>

#if defined(__linux__)
#include <unistd.h>
#endif

namespace {

/** Fewer parts are done before another thread would have begun. */
constexpr int64_t FEW = 8;

/** Seconds of processor time up to a moment: of all processes together, and of this one. */
struct Used {
  double at = 0, all = 0, own = 0;

  static Used now() {
    Used used;
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    used.at = std::chrono::duration<double>(now).count();
    used.own = double(std::clock()) / CLOCKS_PER_SEC;
    // what the system does not tell counts as all cores at work
    used.all = used.own + used.at * std::thread::hardware_concurrency();
#if defined(__linux__)
    if (std::FILE* file = std::fopen("/proc/stat", "re")) {
      // user, nice, system, idle, waiting for a disk, interrupts, soft ones, taken by other virtual machines
      unsigned long long of[8];
      if (std::fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &of[0], &of[1], &of[2],
                      &of[3], &of[4], &of[5], &of[6], &of[7]) == 8) {
        used.all = double(of[0] + of[1] + of[2] + of[5] + of[6] + of[7]) / sysconf(_SC_CLK_TCK);
      }
      std::fclose(file);
    }
#endif
    return used;
  }
};

/** What other processes leave of the cores, this thread's own not counted; as it was some tenths of a second ago. */
class Resting {
 public:
  int64_t cores() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Used now = Used::now();
    const double seconds = now.at - before_.at;
    if (seconds >= LONG_ENOUGH) {
      const double others = (now.all - before_.all - (now.own - before_.own)) / seconds;
      // a core that is busy for a fifth of the time is as good as free
      cores_ = int64_t(std::thread::hardware_concurrency() - others - 0.8);
      before_ = now;
    }
    return std::max<int64_t>(0, cores_);
  }

 private:
  /** The system counts in hundredths of a second. */
  static constexpr double LONG_ENOUGH = 0.2;
  std::mutex mutex_;
  Used before_ = Used::now();
  int64_t cores_ = 0;
};

/** Threads that wait for work: one that is new begins on the core of who made it, and is moved too late. */
class Helpers {
 public:
  /** Does a task by this thread and up to `count` others; those that come late are not waited for. */
  void run(int64_t count, const std::function<void()>& task) {
    const std::unique_lock<std::mutex> alone(calls_, std::try_to_lock);
    if (count < 1 || !alone.owns_lock()) return task();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      try {
        for (; threads_ < count; threads_++) std::thread([this] { help(); }).detach();
      } catch (const std::system_error&) {
        // no more threads are to be had: those there are, and this one, do all of it
      }
      task_ = &task;
      wanted_ = count;
    }
    work_.notify_all();
    task();
    std::unique_lock<std::mutex> lock(mutex_);
    wanted_ = 0;
    done_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  [[noreturn]] void help() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      work_.wait(lock, [this] { return wanted_ > 0; });
      wanted_--;
      running_++;
      const std::function<void()>& task = *task_;
      lock.unlock();
      task();
      lock.lock();
      if (--running_ == 0) done_.notify_one();
    }
  }

  /** held by the call whose task it is */
  std::mutex calls_;
  std::mutex mutex_;
  std::condition_variable work_, done_;
  const std::function<void()>* task_ = nullptr;
  int64_t threads_ = 0, wanted_ = 0, running_ = 0;
};

Resting resting;
/** never freed, for its threads wait until the process ends */
Helpers& helpers = *new Helpers;

}  // namespace

void withRestingCores(int64_t parts, const std::function<void(int64_t)>& part) {
  if (parts < FEW) {
    for (int64_t at = 0; at < parts; at++) part(at);
    return;
  }
  std::atomic<int64_t> next{0};
  helpers.run(std::min(resting.cores(), parts - 1), [&] {
    for (int64_t at; (at = next++) < parts;) part(at);
  });
}
