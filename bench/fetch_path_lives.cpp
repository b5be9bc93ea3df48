// Random lives of a broker's fetch path, judged by the claims about it: what a world with one partition cannot show.
//
//   cmake --preset bench && cmake --build --preset bench --target fetch_path_lives
//   build/bench/bench/fetch_path_lives [ideal|4.2|4.3|4.4] [LIVES, 100000] [SWITCH=VALUE...]
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "interop/broker/broker_script.h"
#include "interop/broker/fetch_path_claims.h"

int main(int argc, char** argv) {
  using namespace sharelock;
  using namespace sharelock::interop;
  const std::optional<ProfileName> name = profile_named(argc > 1 ? argv[1] : "ideal");
  if (!name) return fmt::print(stderr, "ideal, 4.2, 4.3 or 4.4?\n"), 64;
  Profile profile{*name};
  for (int i = 3; i < argc; ++i)
    if (const std::string wrong = set_switch(profile, argv[i]); !wrong.empty())
      return fmt::print(stderr, "{}\n", wrong), 64;
  const std::uint64_t lives = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  constexpr std::uint32_t requests = 60;
  const Chance chance{1, "fetch path"};
  for (std::uint64_t i = 0; i < lives; ++i) {
    const Life life = draw_broker_life(chance.fork(i), profile, requests);
    const std::optional<BrokenLife> broken = judge_broker_life(life, profile);
    if (!broken) continue;
    fmt::print("life {}: {}: {}\n", i, broken->claim, broken->what);
    for (const std::string& request : shortened(life, *broken, profile)) fmt::print("{}\n", request);
    return 1;
  }
  fmt::print("{} lives of {} requests: nothing broken\n", lives, requests);
}
