#include "checker/explore/encoding_store.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace sharelock::explore {
namespace {

Bytes bytes_of(const std::string& text) {
  return std::as_bytes(std::span{text});
}
std::string text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

RC_GTEST_PROP(EncodingStore, GivesBackEncodingsOfAnySizeInOrder, (const std::vector<std::string>& texts)) {
  EncodingStore store{std::nullopt, 1 << 20};
  for (const std::string& text : texts) store.append(bytes_of(text));
  RC_ASSERT(store.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) RC_ASSERT(text_of(store[i]) == texts[i]);
}

TEST(EncodingStore, KeepsEncodingsOfOneSizeWithoutAnyOverhead) {
  EncodingStore store{3, 1 << 20};
  for (const char* text : {"abc", "def", "ghi"}) store.append(bytes_of(text));
  EXPECT_EQ(text_of(store[1]), "def");
  EXPECT_EQ(store.bytes_for(3, store.encoded_bytes()), 9U);
}

TEST(EncodingStore, TakesEncodingsOutOfOrder) {
  EncodingStore store{std::nullopt, 1 << 20};
  store.place(1, 2, bytes_of("world"));
  store.place(0, 0, bytes_of("hi"));
  store.grow(2, 7);
  EXPECT_EQ(text_of(store[0]), "hi");
  EXPECT_EQ(text_of(store[1]), "world");
}

TEST(EncodingStore, FindsEncodingsBeyondTheFirstBlock) {
  EncodingStore store{std::nullopt, 64 << 20};
  for (int i = 0; i < 20'000; ++i)
    store.append(bytes_of(std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i)));
  for (int i = 0; i < 20'000; ++i)
    ASSERT_EQ(text_of(store[static_cast<std::uint64_t>(i)]),
              std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i));
}

}  // namespace
}  // namespace sharelock::explore
