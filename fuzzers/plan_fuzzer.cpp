// Plan files: whatever the bytes, they are read or refused, and what was read can be played.
#include "cli/planned.h"
#include "fuzzers/foreign_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sharelock;
  static fuzzers::InputFile file;
  const std::string& path = file.holding({reinterpret_cast<const char*>(data), size});
  return fuzzers::read_or_refuse([&] {
    const cli::Planned planned = cli::read_planned(path);
    constexpr std::size_t steps_played_max = 200;  // Longer ones only cost time.
    if (planned.plan.size() <= steps_played_max) replay({planned.scenario.world}, planned.plan);
  });
}
