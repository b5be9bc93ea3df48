#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

#include "checker/explore/verdict.h"

namespace sharelock::explore {

std::uint64_t usable_memory() {
  const auto pages = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  std::uint64_t bytes = pages * static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
  // In a container the machine's memory is not ours; "max" is no number and sets no limit.
  for (const char* limit : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::uint64_t allowed = 0;
    if (std::ifstream file{limit}; file >> allowed) bytes = std::min(bytes, allowed);
  }
  return std::max(bytes / 4 * 3, SearchOptions::memory_min);
}

}  // namespace sharelock::explore
