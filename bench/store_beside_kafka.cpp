// Operations per second of the model of the share coordinator and of the real classes, on the same drawn lives, one
// after the other; both read and write the JSON lines of the oracle's protocol, which is most of the cost on both
// sides.
//
//   cmake --preset bench && cmake --build --preset bench && build/bench/bench/store_beside_kafka [4.2|4.3|4.4]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "interop/coordination/shard_script.h"
#include "interop/oracle/oracle_process.h"

namespace {

using namespace sharelock;
using namespace sharelock::interop;

constexpr std::uint64_t lives = 3000;
constexpr std::uint32_t requests_per_life = 60;
constexpr int rounds = 3;  // The first ones warm the virtual machine up; the last one counts.

double seconds_of(const auto& what) {
  const auto begun = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "4.4";
  const auto line = line_named(name);
  if (!line) return fmt::print(stderr, "usage: store_beside_kafka [4.2|4.3|4.4]\n"), 64;
  const Profile profile{*profile_named(name)};
  const Chance chance{1, "rates"};
  std::vector<Life> drawn;
  std::size_t operations = 0;
  for (std::uint64_t i = 0; i < lives; ++i) {
    drawn.push_back(draw_shard_life(chance.fork(i), profile, requests_per_life));
    operations += drawn.back().size();
  }

  OracleProcess kafka{*line, "coordination"};
  double of_kafka = 0;
  double of_model = 0;
  for (int round = 0; round < rounds; ++round) {
    of_kafka = seconds_of([&] {
      std::string lines;
      for (const Life& life : drawn)
        for (const std::string& request : life) lines += request + '\n';
      kafka.send(lines);
      for (std::size_t i = 0; i < operations; ++i) kafka.receive();
    });
    of_model = seconds_of([&] {
      for (const Life& life : drawn) model_answers(life, profile);
    });
  }
  const auto count = static_cast<double>(operations);
  fmt::print(
      "{} operations of {}\n  real classes {:>9.0f} per second\n  model        {:>9.0f} per second ({:.1f} times)\n",
      operations, name, count / of_kafka, count / of_model, of_kafka / of_model);
}
