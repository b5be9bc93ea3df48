#include "interop/broker/fetch_path_claims.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/line_source.h"
#include "interop/broker/broker_script.h"
#include "interop/trace/trace_file.h"

namespace sharelock::interop {
namespace {

/// Of the lives that bench/fetch_path_lives draws, the one of that number.
Life drawn(std::uint64_t number, const Profile& profile) {
  return draw_broker_life(Chance{1, "fetch path"}.fork(number), profile, 60);
}

/// The requests of a worked example.
Life example(const std::string& name) {
  LineSource lines{
      (std::filesystem::path{SHARELOCK_SOURCE_DIR} / "interop/golden/broker/examples" / (name + ".jsonl")).string()};
  Life life;
  TraceFile file{lines};
  for (TraceEntry entry; file.next(entry);) life.emplace_back(entry.request);
  return life;
}

TEST(FetchPathClaims, LocksThatTheReleasesLoseAreMissedThereAndNotOnIdeal) {
  for (const std::string name : {"LOCK-cleared-set", "LOCK-cleared-late", "LOCK-reentrant", "LOCK-remote-refused"}) {
    const Life life = example(name);
    const auto released = judge_broker_life(life, Profile{ProfileName::v4_4});
    EXPECT_TRUE(released && released->claim == "LOCK") << name;
    EXPECT_FALSE(judge_broker_life(life, Profile{ProfileName::ideal})) << name;
  }
}

TEST(FetchPathClaims, ACheckThatComesDuringTheFetchsOwnReadIsForgottenByTheReleaseAndNotByIdeal) {
  const Life life = example("WAKE-check-during-read");
  const auto released = judge_broker_life(life, Profile{ProfileName::v4_4});
  EXPECT_TRUE(released && released->claim == "WAKE");
  EXPECT_FALSE(judge_broker_life(life, Profile{ProfileName::ideal}));
}

TEST(FetchPathClaims, IdealKeepsThem) {
  const Profile ideal{ProfileName::ideal};
  for (std::uint64_t number = 0; number < 500; ++number) {
    const auto broken = judge_broker_life(drawn(number, ideal), ideal);
    EXPECT_FALSE(broken) << "life " << number << ", " << broken->claim << ": " << broken->what;
  }
}

/// A switch, the first drawn life in which it shows, and how.
struct Defect {
  const char* name;
  std::uint64_t life;
  const char* claim;
};

class FetchPathDefect : public testing::TestWithParam<Defect> {};

TEST_P(FetchPathDefect, IsFoundAndToldInFewRequests) {
  Profile profile{ProfileName::ideal};
  ASSERT_EQ(set_switch(profile, std::string{GetParam().name} + "=on"), "");
  const Life life = drawn(GetParam().life, profile);
  const auto broken = judge_broker_life(life, profile);
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->claim, GetParam().claim);
  const Life shorter = shortened(life, *broken, profile);
  EXPECT_LE(shorter.size(), 20U);
  EXPECT_EQ(judge_broker_life(shorter, profile)->claim, GetParam().claim);
  EXPECT_FALSE(judge_broker_life(shorter, Profile{ProfileName::ideal}));
}

INSTANTIATE_TEST_SUITE_P(All, FetchPathDefect,
                         testing::Values(Defect{"attempt-inside-attempt", 10364, "LOCK"},  // D-20
                                         Defect{"remote-refusal-escapes", 2533, "LOCK"},   // D-21
                                         Defect{"remote-without-position", 6986, "PROG"},  // D-22
                                         Defect{"error-keeps-acquired", 4557, "TOLD"},     // D-23
                                         Defect{"silent-unlock", 220, "WAKE"},             // D-24
                                         Defect{"wake.not-on-advance", 1553, "WAKE"},      // KD-14
                                         Defect{"fetchlock.stale-held-set", 4, "LOCK"}),   // KD-15
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace sharelock::interop
