// Work for cores that have nothing to do.
#pragma once

#include <cstdint>
#include <functional>

/**
 * Does parts 0 to `parts` - 1, each once, in any order: by this thread and, where there are many parts on Linux, by
 * one more for each core that other processes leave alone. `part` must not throw.
 */
void withRestingCores(int64_t parts, const std::function<void(int64_t)>& part);
