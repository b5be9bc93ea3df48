// States from which everything was done in the end. Most of what a search meets where nothing is under way differs from
// something it met before only in what is left of the bounds, which settling does not ask for.
#pragma once

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

namespace sharelock {

/// Remembers some of what it was told, and nothing else: a table of fixed size in which what comes later replaces what
/// was there. For any number of threads.
class SettledStates {
 public:
  /// 128 bits that stand for an encoding.
  struct Key {
    std::uint64_t low;
    std::uint64_t high;
  };
  static Key key_of(std::span<const std::byte> encoding) {
    const XXH128_hash_t hash = XXH3_128bits(encoding.data(), encoding.size());
    return {hash.low64, hash.high64};
  }

  bool contains(Key key) const {
    const Entry& entry = entries_[key.low % size];
    const std::uint64_t low = entry.low.load(std::memory_order_relaxed);
    return low == key.low && (low ^ entry.mixed.load(std::memory_order_relaxed)) == key.high;
  }
  void add(Key key) {
    Entry& entry = entries_[key.low % size];
    entry.low.store(key.low, std::memory_order_relaxed);
    entry.mixed.store(key.low ^ key.high, std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t size = std::size_t{1} << 16;

  /// An entry that two threads wrote at once is none: its halves do not belong together.
  struct Entry {
    std::atomic<std::uint64_t> low = 0;
    std::atomic<std::uint64_t> mixed = 0;
  };
  std::unique_ptr<Entry[]> entries_ = std::make_unique<Entry[]>(size);
};

}  // namespace sharelock
