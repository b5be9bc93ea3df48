// Operations per second of the model of a part beside the share partition and of the real classes, on the same drawn
// lives, one after the other; both read and write the JSON lines of the oracle's protocol, which is most of the cost on
// both sides. The share fetch path does not show its state, which would be most of the rest.
//
//   cmake --preset bench && cmake --build --preset bench
//   build/bench/bench/part_beside_kafka [4.2|4.3|4.4] [PART]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "interop/coordination/model_answers.h"
#include "interop/coordination/part.h"
#include "interop/oracle/oracle_process.h"

namespace {

using namespace sharelock;
using namespace sharelock::interop;

constexpr std::size_t operations_wanted = 150'000;
constexpr int rounds = 3;  // The first ones warm the virtual machine up; the last one counts.

double seconds_of(const auto& what) {
  const auto begun = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// The broker's lives ask for a digest of the whole state after each request.
Life without_state(Life life) {
  constexpr std::string_view shown = R"("dump":"hash")";
  if (const auto at = life.front().find(shown); at != std::string::npos)
    life.front().replace(at, shown.size(), R"("dump":"none")");
  return life;
}

void compare(const Part& part, KafkaLine line) {
  const Profile profile{*profile_named(name_of(line))};
  const Chance chance{1, part.name};
  std::vector<Life> drawn;
  std::string lines;
  std::size_t operations = 0;
  for (std::uint64_t i = 0; operations < operations_wanted; ++i) {
    drawn.push_back(without_state(part.draw(chance, i, profile)));
    operations += drawn.back().size();
    for (const std::string& request : drawn.back()) lines += request + '\n';
  }

  OracleProcess kafka{line, part.oracle};
  double of_kafka = 0;
  double of_model = 0;
  for (int round = 0; round < rounds; ++round) {
    of_kafka = seconds_of([&] {
      kafka.send(lines);
      for (std::size_t i = 0; i < operations; ++i) kafka.receive();
    });
    of_model = seconds_of([&] {
      for (const Life& life : drawn) model_answers(life, profile);
    });
  }
  const auto count = static_cast<double>(operations);
  fmt::print("{:>9}  {:>9.0f} per second by the real classes, {:>9.0f} by the model ({:.1f} times)\n", part.name,
             count / of_kafka, count / of_model, of_kafka / of_model);
}

}  // namespace

int main(int argc, char** argv) {
  const auto line = line_named(argc > 1 ? argv[1] : "4.4");
  const Part* only = argc > 2 ? part_named(argv[2]) : nullptr;
  if (!line || (argc > 2 && !only)) return fmt::print(stderr, "usage: part_beside_kafka [4.2|4.3|4.4] [PART]\n"), 64;
  for (const Part& part : all_parts())
    if (!only || only == &part) compare(part, *line);
}
