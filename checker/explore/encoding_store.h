// Encodings of states, one after the other, in order of discovery: the states that are kept, and the frontier.
//
// Owns:      the bytes; where each encoding begins, if their sizes differ.
// Therefore: a level of a breadth-first search is a range of indices and needs no queue of its own.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "checker/explore/bytes.h"
#include "checker/explore/pages.h"
#include "checker/explore/state_table.h"

namespace sharelock::explore {

class EncodingStore {
 public:
  /// The largest encoding of variable size, in bytes.
  static constexpr std::size_t encoding_bytes_max = (std::size_t{1} << 20) - 1;

  /// @param fixed_size   The size of every encoding in bytes; none if they differ.
  /// @param bytes_max    The most that will ever be stored, in bytes; reserved as addresses, not as memory.
  EncodingStore(std::optional<std::size_t> fixed_size, std::uint64_t bytes_max);

  std::uint64_t size() const { return size_; }
  /// Memory that `states` encodings of `encoded` bytes together take.
  std::uint64_t bytes_for(std::uint64_t states, std::uint64_t encoded) const {
    return fixed_size_ ? encoded : encoded + states * sizeof(std::uint32_t);
  }
  std::uint64_t encoded_bytes() const { return encoded_bytes_; }

  Bytes operator[](std::uint64_t index) const {
    if (fixed_size_) return {bytes_ + index * *fixed_size_, *fixed_size_};
    const std::uint64_t begin = index == 0 ? 0 : end_of(index - 1);
    return {bytes_ + begin, static_cast<std::size_t>(end_of(index) - begin)};
  }
  /// What must be read first to see this encoding.
  const void* address(std::uint64_t index) const {
    return fixed_size_ ? static_cast<const void*>(bytes_ + index * *fixed_size_) : ends_ + index;
  }

  void append(Bytes encoding) {
    place(size_, encoded_bytes_, encoding);
    grow(1, encoding.size());
  }

  /// Writes encoding `index`, whose first byte is byte `begin` of all. Different threads may place different indices at
  /// once; what was placed counts after grow(). Precondition: encodings are placed without gaps.
  void place(std::uint64_t index, std::uint64_t begin, Bytes encoding) {
    assert(fixed_size_ ? encoding.size() == *fixed_size_ : encoding.size() <= encoding_bytes_max);
    if (!encoding.empty()) std::memcpy(bytes_ + begin, encoding.data(), encoding.size());
    if (!fixed_size_) set_end(index, begin, begin + encoding.size());
  }
  void grow(std::uint64_t states, std::uint64_t encoded) { size_ += states, encoded_bytes_ += encoded; }
  void clear() { size_ = encoded_bytes_ = 0; }

 private:
  // Only the lower 32 bits of where each encoding ends are kept, and all 64 of where each block of states begins.
  static constexpr std::uint64_t block = 4096;

  std::uint64_t end_of(std::uint64_t index) const {
    const std::uint64_t begin = block_begins_[index / block];
    return begin + static_cast<std::uint32_t>(ends_[index] - static_cast<std::uint32_t>(begin));
  }
  void set_end(std::uint64_t index, std::uint64_t begin, std::uint64_t end) {
    if (index % block == 0) block_begins_[index / block] = begin;
    ends_[index] = static_cast<std::uint32_t>(end);
  }

  std::optional<std::size_t> fixed_size_;
  std::uint64_t size_ = 0;
  std::uint64_t encoded_bytes_ = 0;
  Pages byte_pages_;
  Pages end_pages_;
  Pages begin_pages_;
  std::byte* bytes_ = nullptr;
  std::uint32_t* ends_ = nullptr;
  std::uint64_t* block_begins_ = nullptr;
};

}  // namespace sharelock::explore
