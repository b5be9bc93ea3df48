// What `sharelock fuzz FILE` finds, keeps, tells and returns.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"

namespace sharelock::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* small = R"(scenario: small
why: a world that is fuzzed in a moment
bounds: off
group: { share.auto.offset.reset: earliest, share.delivery.count.limit: 2, share.partition.max.record.locks: 4 }
members: [m1, m2]
check: { records: 4, batch: [1, 2], faults: 2 }
)";

class Fuzz : public ::testing::Test {
 protected:
  ~Fuzz() override { std::filesystem::remove_all(folder_); }

  Ran fuzz(const std::string& arguments) const { return run_program("fuzz " + scenario_.path() + " " + arguments); }
  json fuzz_json(const std::string& arguments) const {
    return json::parse(fuzz(arguments + " --format json 2> /dev/null").out);
  }
  std::size_t files(const std::string& beginning) const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder_})
      count += entry.path().filename().string().starts_with(beginning);
    return count;
  }

  const TemporaryFile scenario_{"fuzz.yaml", small};
  const TemporaryFile plan_{"fuzz.plan", ""};
  const std::string to_plan_ = " --plan " + plan_.path();
  const std::string folder_ = plan_.path() + ".corpus";
  const std::string mutant_ = "--profile ideal --set release.count-down=on --cases 2000";
};

TEST_F(Fuzz, IdealHoldsAndWhatWasNeverSeenIsSaid) {
  const Ran ran = fuzz("--profile ideal --cases 300");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("small  HELD\n"));
  EXPECT_THAT(ran.out, HasSubstr("300 cases in "));
  EXPECT_THAT(ran.out, HasSubstr("never seen"));
  EXPECT_THAT(ran.out, HasSubstr("dead-letter"));
  EXPECT_THAT(ran.out, HasSubstr("again         sharelock fuzz " + scenario_.path() + " --seed 1 --cases 300"));
}

TEST_F(Fuzz, AMutantIsToldShortWithWhatRepairsItAndReplayedAtOnce) {
  const Ran ran = fuzz(mutant_ + to_plan_);
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("small  VIOLATED  CNT\n"));
  EXPECT_THAT(ran.out, HasSubstr("passes    with release.count-down\n"));
  EXPECT_THAT(ran.out, HasSubstr("shortened and told in"));
  EXPECT_THAT(ran.out, HasSubstr("again         sharelock replay " + plan_.path() + "\n"));
  const Ran again = run_program("replay " + plan_.path());
  EXPECT_EQ(again.code, 1) << again.out;
  EXPECT_THAT(again.out, HasSubstr("small  VIOLATED  CNT"));
}

TEST_F(Fuzz, WithAllItGoesOnWithWhatCausedAViolationRepaired) {
  const Ran ran = fuzz(mutant_ + " --set acquire.keep-compacted=on --all" + to_plan_);
  const std::string second = plan_.path().substr(0, plan_.path().size() - 5) + "-2.plan";
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("CNT, passes with release.count-down\n"));
  EXPECT_THAT(ran.out, HasSubstr("PROG, passes with acquire.keep-compacted\n"));
  EXPECT_THAT(ran.out, HasSubstr("small  HELD\n"));
  EXPECT_EQ(run_program("replay " + second).code, 1);
  std::filesystem::remove(second);
}

TEST_F(Fuzz, WhatPromisesEventuallyIsJudgedWhenEverythingHasSettled) {
  const json found = fuzz_json("--profile ideal --set acquire.keep-compacted=on --cases 5000" + to_plan_);
  EXPECT_EQ(found["story"]["violation"]["claim"], "PROG");
  EXPECT_EQ(run_program("replay " + plan_.path()).code, 1);
  // It is not waited for the end of the time to finish (five minutes) when nothing changes any more.
  EXPECT_LT(found["story"]["story"].back()["at_ms"], 120'000);
}

TEST_F(Fuzz, JobsChangeNothing) {
  EXPECT_EQ(fuzz_json("--profile ideal --cases 700 --jobs 2"), fuzz_json("--profile ideal --cases 700"));
  EXPECT_NE(fuzz_json("--profile ideal --cases 700 --seed 2")["digest"],
            fuzz_json("--profile ideal --cases 700")["digest"]);
  EXPECT_EQ(fuzz_json(mutant_ + " --jobs 2" + to_plan_), fuzz_json(mutant_ + to_plan_));
}

TEST_F(Fuzz, ACorpusIsGoneOnFromPastFailuresFirst) {
  const std::string corpus = " --corpus " + folder_;
  const json found = fuzz_json(mutant_ + corpus);
  EXPECT_EQ(found["verdict"], "violated");
  EXPECT_EQ(files("failure-CNT-"), 1U);
  EXPECT_GT(files("case-"), 0U);
  EXPECT_THAT(found["again"].get<std::string>(), HasSubstr("sharelock replay " + folder_ + "/failure-CNT-"));
  const json again = fuzz_json(mutant_ + " --seed 77" + corpus);
  EXPECT_EQ(again["case"], 1);
  const std::size_t cases = files("case-");
  const json repaired = fuzz_json("--profile ideal --cases 200" + corpus);
  EXPECT_EQ(repaired["verdict"], "held");
  EXPECT_EQ(repaired["past"], cases + 1);
  EXPECT_EQ(repaired["cases"], cases + 1 + 200);
  EXPECT_GT(files("case-"), cases);
}

TEST_F(Fuzz, TimeMayEndIt) {
  const json result = fuzz_json("--profile ideal --for 50ms");
  EXPECT_EQ(result["verdict"], "held");
  EXPECT_GT(result["cases"], 0);
}

TEST_F(Fuzz, BadInputAndFullDisksAreSaid) {
  const auto refused = [&](const std::string& arguments, const std::string& complaint, int code) {
    const Ran ran = fuzz(arguments);
    EXPECT_EQ(ran.code, code) << arguments << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(complaint));
  };
  refused("--cases -1", "no whole number", 64);
  refused("--jobs 0", "--jobs", 64);
  refused("--for 5", "--for", 64);
  refused("--profile 5.0", "unknown profile '5.0'", 64);
  refused(mutant_ + " --plan /dev/full", "cannot be", 74);
  refused(mutant_ + " --corpus /dev/null/no", "cannot be", 74);
  refused("--profile ideal --cases 1 > /dev/full", "cannot be", 74);
  std::filesystem::create_directories(folder_);
  std::ofstream{folder_ + "/x.plan"} << "no plan\n";
  refused("--corpus " + folder_, "this is no plan", 64);
}

}  // namespace
}  // namespace sharelock::cli
