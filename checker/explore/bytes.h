// Bytes of encoded states: a buffer to write them into, and the three things a search does with them all day: compare,
// order, hash.
#pragma once

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace sharelock::explore {

/// The encoding of a state, or a part of one. Lent: it lives as long as the buffer or store that it points into.
using Bytes = std::span<const std::byte>;

/// A growing run of bytes that is lent to a model to encode into. Unlike a vector it does not clear what it grows by.
class ByteBuffer {
 public:
  std::size_t size() const { return size_; }
  const std::byte* data() const { return data_.get(); }
  Bytes from(std::size_t first) const { return {data_.get() + first, size_ - first}; }
  Bytes part(std::size_t first, std::size_t size) const { return {data_.get() + first, size}; }

  void clear() { size_ = 0; }
  /// Forgets everything from `size` on. Precondition: `size <= this->size()`.
  void shrink(std::size_t size) { size_ = size; }

  /// Makes room for `count` more bytes and returns where they begin; their values are not set.
  std::byte* extend(std::size_t count) {
    if (size_ + count > capacity_) grow(size_ + count);
    std::byte* end = data_.get() + size_;
    size_ += count;
    return end;
  }
  void append(Bytes bytes) {
    if (!bytes.empty()) std::memcpy(extend(bytes.size()), bytes.data(), bytes.size());
  }
  void append_byte(std::uint8_t value) { *extend(1) = std::byte{value}; }
  /// The lowest `count` bytes of `value`, least significant first, on every machine. Precondition: `count <= 8`.
  void append_little_endian(std::uint64_t value, std::size_t count = 8) {
    std::byte* out = extend(count);
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::byte>(value >> (8 * i));
  }

 private:
  void grow(std::size_t needed) {
    const std::size_t capacity = std::max(needed, capacity_ * 2 + 64);
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// The number in the first `count` bytes at `from`, least significant first. Precondition: `count <= 8`.
inline std::uint64_t read_little_endian(const std::byte* from, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  return value;
}

/// Reads what append_little_endian and append wrote, in the same order. What is beyond the end reads as 0, and as
/// empty.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_{bytes} {}
  bool at_end() const { return rest_.empty(); }
  std::uint64_t number(std::size_t count = 8) {
    const Bytes bytes = take(count);
    return read_little_endian(bytes.data(), bytes.size());
  }
  Bytes take(std::size_t count) {
    const Bytes taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

 private:
  Bytes rest_;
};

/// Writes eight bytes at `to`, least significant first.
inline void store_little_endian(std::uint64_t value, std::byte* to) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, &value, sizeof value);
  } else {
    for (std::size_t i = 0; i < 8; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
  }
}

/// Whether two encodings are the same. Written out for short ones, where a call of memcmp would cost more than the
/// work.
inline bool same_bytes(Bytes a, Bytes b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto differ = [&]<class Word>(Word, std::size_t at) {
    Word left, right;
    std::memcpy(&left, a.data() + at, sizeof(Word));
    std::memcpy(&right, b.data() + at, sizeof(Word));
    return left ^ right;
  };
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  if (size >= 8) return (differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, size - 8)) == 0;
  if (size >= 4) return (differ(std::uint32_t{}, 0) | differ(std::uint32_t{}, size - 4)) == 0;
  for (std::size_t i = 0; i < size; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

/// Lexicographic order; the least encoding over all renamings of the members is the canonical one.
inline bool less_bytes(Bytes a, Bytes b) {
  const int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return order != 0 ? order < 0 : a.size() < b.size();
}

/// 64 bits (XXH3) of an encoding: its place in the table, and all that hash compaction keeps of it.
inline std::uint64_t hash_of(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

/// Asks the processor to bring the line of `address` near, because it will be read soon.
inline void prefetch(const void* address) {
  __builtin_prefetch(address);
}

}  // namespace sharelock::explore
