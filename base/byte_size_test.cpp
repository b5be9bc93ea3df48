#include "base/byte_size.h"

#include <gtest/gtest.h>

#include "base/input_error.h"

namespace sharelock {
namespace {

TEST(ByteSize, IsReadWithAndWithoutAUnit) {
  EXPECT_EQ(read_byte_size("4096"), 4096U);
  EXPECT_EQ(read_byte_size("8GiB"), std::uint64_t{8} << 30);
  EXPECT_EQ(read_byte_size("512 MiB"), std::uint64_t{512} << 20);
}

TEST(ByteSize, RefusesWhatIsNoSizeOrTooLarge) {
  for (const char* text : {"", "GiB", "8GB", "-1", "1.5GiB", "8GiB ", "18446744073709551616", "99999999TiB"})
    EXPECT_THROW(read_byte_size(text), InputError) << text;
}

TEST(ByteSize, IsShownInTheLargestUnitOfWhichThereIsOne) {
  EXPECT_EQ(show_byte_size(1023), "1023 B");
  EXPECT_EQ(show_byte_size(3 << 19), "1.5 MiB");
}

}  // namespace
}  // namespace sharelock
