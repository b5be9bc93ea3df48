// Recorded traces, of the share partition and of the coordination side: whatever the bytes, they are replayed, or
// refused with file and line. The file says itself what it holds.
#include "fuzzers/foreign_input.h"
#include "interop/coordination/coordination_traces.h"
#include "interop/trace/replay.h"

namespace {

using namespace sharelock;

void replay(LineSource& lines) {
  std::string_view first;
  const bool is_empty = !lines.next(first);
  const bool of_coordination = !is_empty && interop::coordination_kind_of(first);
  if (!is_empty) lines.again();
  if (of_coordination)
    interop::replay_coordination_traces(lines, Profile{ProfileName::v4_4}, nullptr, [](const auto&) {});
  else
    interop::Replay{[](interop::KafkaLine line) { return Profile{*profile_named(interop::name_of(line))}; },
                    [](const auto&) {}}
        .file(lines);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzzers::InputFile file;
  const std::string& path = file.holding({reinterpret_cast<const char*>(data), size});
  return fuzzers::read_or_refuse([&] {
    LineSource lines{path};
    replay(lines);
  });
}
