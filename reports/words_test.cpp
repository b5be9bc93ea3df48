#include "reports/words.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

TEST(Words, OneOfSomethingIsSingular) {
  EXPECT_EQ(counted(1, "seed"), "1 seed");
  EXPECT_EQ(counted(0, "seed"), "0 seeds");
  EXPECT_EQ(counted_words(1, "locks expired"), "1 lock expired");
  EXPECT_EQ(counted_words(1, "store requests failed"), "1 store request failed");
  EXPECT_EQ(counted_words(1, "inversions"), "1 inversion");
  EXPECT_EQ(counted_words(1, "of them again"), "1 of them again");
  EXPECT_EQ(counted_words(2, "locks expired"), "2 locks expired");
}

TEST(Words, LinesFitAndOnlyAWordThatIsLongerDoesNot) {
  const std::string text = wrapped(std::string(300, 'x') + " y z", 4);
  EXPECT_EQ(text, "    " + std::string(300, 'x') + "\n    y z\n");
  EXPECT_EQ(listed("name", 8, "what it is"), "name    what it is\n");
  EXPECT_EQ(listed("a-long-name", 8, "what it is"), "a-long-name\n        what it is\n");
}

}  // namespace
}  // namespace sharelock
