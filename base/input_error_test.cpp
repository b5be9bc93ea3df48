#include "base/input_error.h"

#include <gtest/gtest.h>

#include <array>

namespace sharelock {
namespace {

TEST(InputError, IsPrintedLikeACompilersWithACaretUnderTheColumn) {
  const InputError error{{"first.yaml", 7, 3}, "unknown key 'membrs'", "did you mean 'members'?", "  membrs: [m1]"};
  EXPECT_EQ(describe(error),
            "first.yaml:7:3: error: unknown key 'membrs'\n"
            "      membrs: [m1]\n"
            "      ^\n"
            "    hint: did you mean 'members'?\n");
}

TEST(InputError, WithoutAFileSaysWhoComplains) {
  EXPECT_EQ(describe(InputError{{}, "no such profile"}), "sharelock: error: no such profile\n");
}

TEST(InputError, ShowsControlCharactersAsBlanksSoThatTheTerminalIsSafe) {
  const InputError error{{"x", 1, 1}, "bad", "", "a\x1b[2J\tb"};
  EXPECT_EQ(describe(error).find('\x1b'), std::string::npos);
}

TEST(Suggest, NamesTheNearestChoiceOrAllOfThem) {
  constexpr std::array<std::string_view, 3> choices{"members", "group", "broker"};
  EXPECT_EQ(suggest("membrs", choices), "did you mean 'members'?");
  EXPECT_EQ(suggest("zzzzzzzz", choices), "one of: members, group, broker");
}

}  // namespace
}  // namespace sharelock
