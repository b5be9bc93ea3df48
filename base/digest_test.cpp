#include "base/digest.h"

#include <gtest/gtest.h>

namespace sharelock {
namespace {

TEST(Digest, IsPinnedSoThatItIsTheSameUnderEveryCompiler) {
  Digest digest;
  EXPECT_EQ(digest.text(), "0000000000000000");
  digest.add({1, 2, 3});
  EXPECT_EQ(digest.text(), "7c68b4906e7ea780");
}

TEST(Digest, SeesTheOrderOfWhatIsAdded) {
  Digest a;
  Digest b;
  a.add({1});
  a.add({2});
  b.add({2});
  b.add({1});
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace sharelock
