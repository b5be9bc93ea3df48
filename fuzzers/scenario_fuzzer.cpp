// Scenario files: whatever the text, it is read, or refused with a position.
#include "cli/run_scenario.h"
#include "fuzzers/foreign_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sharelock;
  if (size == 0) return 0;
  // The first byte says for which profile; a text may be one for a release and none for another.
  constexpr std::array profiles{ProfileName::v4_2, ProfileName::v4_3, ProfileName::v4_4, ProfileName::ideal};
  const Profile profile{profiles[data[0] % profiles.size()]};
  const std::string text{reinterpret_cast<const char*>(data), size};
  return fuzzers::read_or_refuse([&] { parse_scenario(text, "input.yaml", profile, cli::scenario_words()); });
}
