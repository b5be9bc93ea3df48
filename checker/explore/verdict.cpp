#include "checker/explore/verdict.h"

#include <sys/resource.h>

namespace sharelock::explore {

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

double expected_omissions(std::uint64_t states) {
  constexpr double hashes = 18446744073709551616.0;  // 2^64
  const auto n = static_cast<double>(states);
  return states < 2 ? 0 : n * (n - 1) / 2 / hashes;
}

}  // namespace sharelock::explore
