// What the shell gets to see of input that is wrong, and of disks that are full: an exit code, an error, no crash.
#include <gtest/gtest.h>

#include "cli/run_program.h"
#include "scenarios/bad_scenarios.h"

namespace sharelock::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string scenarios = SHARELOCK_SOURCE_DIR "/scenarios/";

void expect_refused(const std::string& arguments, const std::string& complaint) {
  const Ran ran = run_program(arguments);
  EXPECT_EQ(ran.code, 64) << arguments << "\n" << ran.out;
  EXPECT_THAT(ran.out, HasSubstr(complaint)) << arguments;
}

TEST(BadInput, CommandLinesThatMakeNoSense) {
  const std::string storm = scenarios + "storm.yaml";
  expect_refused("", "A subcommand is required");
  expect_refused("rum", "A subcommand is required");
  expect_refused("run", "FILE is required");
  expect_refused("run " + storm + " --sead 3", "--sead");
  expect_refused("run " + storm + " --seed -1", "'-1' is no whole number");
  expect_refused("run " + storm + " --seed 18446744073709551616", "is no whole number");
  expect_refused("run " + storm + " --seeds 0", "--seeds takes 1 to 100000000");
  expect_refused("run " + storm + " --seeds 100000001", "--seeds takes 1 to 100000000");
  expect_refused("run " + storm + " --seeds 1e3", "is no whole number");
  expect_refused("run " + storm + " --jobs 0", "--jobs takes 1 to 1024");
  expect_refused("run " + storm + " --jobs 4294967297", "--jobs");
  expect_refused("run " + storm + " --for 5", "a duration needs a unit");
  expect_refused("run " + storm + " --for -5s", "cannot be negative");
  expect_refused("run " + storm + " --profile 4.5", "unknown profile '4.5'");
  expect_refused("run " + storm + " --set renew-switch", "renew-switch");
  expect_refused("run " + storm + " --set renew-swich=on", "renew-swich");
  expect_refused("run " + storm + " --format xml", "--format");
  expect_refused("run " + storm + " --campaign x.db", "--campaign needs --seeds or --for");
  expect_refused("run " + scenarios + " --seeds 2 --campaign x.db", "are for one scenario");
  expect_refused("list everything", "everything");
}

TEST(BadInput, FilesThatAreNoScenario) {
  const auto refused = [](const std::string& content, const std::string& complaint) {
    const TemporaryFile file{"bad.yaml", content};
    expect_refused("run " + file.path(), complaint);
  };
  refused("", "this file is empty");
  refused(std::string("\0\1\2\xff", 4), "binary");
  refused(std::string(10 << 20, 'x'), "larger than 1 MiB");
  refused(std::string(500'000, '['), "nested more than 32 levels deep");
  refused("x: " + std::string(40, '{') + std::string(40, '}'), "32 levels");
  refused("a: &a [1]\nb: [*a, *a]\n", "anchors are not supported");
  refused(std::string("\xef\xbb\xbf") + "scenario x", "error:");
  expect_refused("run /no/such/file.yaml", "cannot be opened");
  expect_refused("run /etc/passwd/file.yaml", "cannot be opened");
  expect_refused("run /proc/self/mem", "cannot be read");
  expect_refused("run /usr/include/valijson", "there is no *.yaml in this folder");
  expect_refused("replay /usr/include/valijson", "error:");
  expect_refused("replay " + scenarios + "storm.yaml", "this is no plan");
}

TEST(BadInput, ScenariosThatAreWrongHaveAPlaceAndACaret) {
  for (const BadScenario& bad : {bad_scenarios[0], bad_scenarios[20], bad_scenarios[40]}) {
    const TemporaryFile file{"wrong.yaml", std::string{bad.text}};
    const Ran ran = run_program("run " + file.path());
    EXPECT_EQ(ran.code, 64) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(file.path() + ":"));
    EXPECT_THAT(ran.out, HasSubstr("^"));
  }
}

TEST(BadInput, PlansThatAreWrong) {
  const auto refused = [](const std::string& content, const std::string& complaint) {
    const TemporaryFile file{"bad.plan", content};
    expect_refused("replay " + file.path(), complaint);
  };
  const std::string least = "scenario x.yaml\nscenario: x\nmembers: [m1]\n";
  refused("", "this is no plan");
  refused("sharelock plan 1\nprofile 4.5\n" + least, "unknown profile '4.5'");
  refused("sharelock plan 1\nprofile 4.4\nbreaks NOTHING\n" + least, "no claim is called 'NOTHING'");
  refused("sharelock plan 1\nprofile 4.4\nat 0 fetch member=7\n" + least, "there is no member 7");
  refused("sharelock plan 1\nprofile 4.4\nat 0 crash member=0\n" + least, "there is no member 0");
  refused("sharelock plan 1\nprofile 4.4\nat 0 lock-fires group=9 member=1 range=0-1\n" + least, "there is no group 9");
  refused("sharelock plan 1\nprofile 4.4\nat 0 append range=0-9000000000000000000\n" + least, "no range of offsets");
  refused("sharelock plan 1\nprofile 4.4\nat 0 append range=0-900000000000\n" + least, "too many records");
  // The difference of these two is no number of 64 bits.
  refused("sharelock plan 1\nprofile 4.4\nat 0 append range=-9223372036854775808-9223372036854775807\n" + least,
          "no range of offsets");
  refused("sharelock plan 1\nprofile 4.4\nat 0 append range=5-1\n" + least, "range");
  refused("sharelock plan 1\nprofile 4.4\nat 9223372036854775807 fetch member=1\n" + least, "end of time");
}

TEST(FullDisk, NothingThatCannotBeWrittenIsSilent) {
  const std::string storm = scenarios + "storm.yaml";
  const std::string first = scenarios + "first.yaml";
  for (const std::string& arguments :
       {"run " + first + " > /dev/full", "run " + storm + " --seeds 3 > /dev/full",
        std::string{"list claims > /dev/full"}, "run " + first + " --format json > /dev/full",
        "run " + first + " --plan /dev/full", "run " + first + " --plan /no/such/folder/plan",
        "run " + storm + " --seeds 3 --campaign /no/such/folder/file",
        std::string{"check --benchmark 1,1,1,1,1 --checkpoint /no/such/folder/file"},
        std::string{"check --benchmark 1,1,1,1,1 > /dev/full"}}) {
    const Ran ran = run_program(arguments);
    EXPECT_EQ(ran.code, 74) << arguments << "\n" << ran.out;
    EXPECT_THAT(ran.out, HasSubstr("error: cannot be")) << arguments;
  }
}

TEST(FullDisk, APlanThatCannotBeReplacedIsKept) {
  const TemporaryFile plan{"kept.plan", "precious"};
  // A limit on the size of files stands for the disk.
  const Ran ran = run_program("--version; ulimit -f 0; trap '' XFSZ; exec " SHARELOCK_PROGRAM " run " + scenarios +
                              "first.yaml --plan " + plan.path() + " > /dev/null");
  EXPECT_EQ(ran.code, 74) << ran.out;
  EXPECT_EQ(plan.content(), "precious");
}

}  // namespace
}  // namespace sharelock::cli
