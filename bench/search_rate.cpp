// What searching the world of a scenario costs: transitions per second, allocations per transition, bytes per state,
// with symmetry and without.
//
//   cmake --preset bench && cmake --build --preset bench --target search_rate
//   build/bench/bench/search_rate scenarios/mutants/failures.yaml [ideal] [TRANSITIONS in millions, 4] [THREADS, 1]
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "base/input_error.h"
#include "bench/allocations.h"
#include "checker/explore/search.h"
#include "checker/world_model.h"
#include "cli/run_scenario.h"
#include "scenarios/scenario_reader.h"
#include "scenarios/yaml.h"

namespace sharelock::cli {
namespace {

/// Counts how often encodings are made and how long they are; all else is the world's.
struct Measured : WorldModel {
  using WorldModel::WorldModel;
  void encode(const State& state, const explore::Renaming& renaming, explore::ByteBuffer& out) const {
    const std::size_t before = out.size();
    WorldModel::encode(state, renaming, out);
    count(out.size() - before);
  }
  void encode_canonical(const State& state, std::span<const explore::Renaming> renamings,
                        explore::ByteBuffer& out) const {
    const std::size_t before = out.size();
    WorldModel::encode_canonical(state, renamings, out);
    count(out.size() - before);
  }
  void count(std::size_t size) const {
    encoded_bytes += size;
    ++encoded;
  }
  mutable std::uint64_t encoded_bytes = 0;  // With several threads only roughly right.
  mutable std::uint64_t encoded = 0;
};

/// Where the search was when it was warm: its tables and buffers had grown to their sizes.
struct Warm {
  std::uint64_t transitions = 0;
  std::uint64_t allocations = 0;
};

void measure(const Scenario& scenario, const Stage& stage, bool symmetry, std::uint64_t transitions_max,
             unsigned jobs) {
  const Measured model{scenario.world, stage.settle};
  explore::SearchOptions options;
  options.symmetry = symmetry;
  options.jobs = jobs;
  std::optional<Warm> warm;
  Warm end;
  std::uint64_t transitions = 0;
  options.progress = [&](const explore::Progress& now) {
    transitions = now.transitions;
    end = {now.transitions, allocations()};
    if (!warm && now.transitions > transitions_max / 2) warm = end;
  };
  options.interrupted = [&] { return transitions >= transitions_max; };
  const explore::Verdict verdict = explore::search(model, options);
  const double seconds = verdict.seconds;
  fmt::print("{:<18} {:>9} transitions {:>9} states {:>6.0f} k transitions/s", symmetry ? "with symmetry" : "without",
             transitions, verdict.states, static_cast<double>(transitions) / seconds / 1'000);
  if (warm && end.transitions > warm->transitions)
    fmt::print(" {:>6.2f} allocations each", static_cast<double>(end.allocations - warm->allocations) /
                                                 static_cast<double>(end.transitions - warm->transitions));
  fmt::print("; bytes per state: {} in memory, {} encoded, {} stored\n", sizeof(WorldModel::State),
             model.encoded_bytes / std::max<std::uint64_t>(model.encoded, 1),
             verdict.memory_bytes / std::max<std::uint64_t>(verdict.states, 1));
}

int run(int argc, char** argv) {
  if (argc < 2) throw InputError{{}, "which scenario?", "search_rate scenarios/mutants/failures.yaml"};
  const std::string file = argv[1];
  const Profile profile = profile_of(argc > 2 ? argv[2] : "ideal", {});
  const Scenario scenario = parse_scenario(read_text(file), file, profile, scenario_words());
  const double millions = argc > 3 ? std::atof(argv[3]) : 4;
  const unsigned jobs = argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 1;
  const Stage stage = settling_stage(scenario);
  for (const bool symmetry : {true, false})
    measure(scenario, stage, symmetry, static_cast<std::uint64_t>(millions * 1e6), jobs);
  return 0;
}

}  // namespace
}  // namespace sharelock::cli

int main(int argc, char** argv) {
  try {
    return sharelock::cli::run(argc, argv);
  } catch (const sharelock::InputError& error) {
    std::fputs(sharelock::describe(error).c_str(), stderr);
    return 64;
  }
}
