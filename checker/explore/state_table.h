// Which states were seen: from the hash of an encoding to the index of its state.
//
// Owns:             buckets of one cache line, each with twelve tags of eight bits and twelve indices.
// Knows nothing of: encodings. Whoever asks compares them, for the few indices whose tag fits.
// Therefore:        a state costs 64/12 bytes divided by the load, whatever its size; a miss costs one cache line.
//
// The buckets are divided into shards by the highest bits of the hash. No entry leaves its shard, so threads that own
// different shards insert without locks.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "checker/explore/bytes.h"
#include "checker/explore/pages.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sharelock::explore {

/// The number of a state in order of discovery.
using StateIndex = std::uint32_t;
inline constexpr StateIndex no_state = ~StateIndex{0};

class StateTable {
 public:
  static constexpr std::size_t shards = 64;
  static constexpr std::size_t slots_per_bucket = 12;
  /// Where an entry lies; stays true until restart().
  using Slot = std::uint64_t;
  static constexpr Slot no_slot = ~Slot{0};

  /// An empty table that will never take more than `bytes_max`, nor less than bytes_for(0).
  explicit StateTable(std::uint64_t bytes_max);

  /// Forgets everything and takes the least size that holds `states` at the load it is made for. Precondition:
  /// `bytes_for(states)` is at most what the table may take.
  void restart(std::uint64_t states);

  /// Bytes of the table that is made for `states`; never falls when `states` grows.
  static std::uint64_t bytes_for(std::uint64_t states);
  /// The number of states up to which the table is fast; beyond it it should become larger.
  std::uint64_t comfortable() const { return comfortable_; }
  std::uint64_t bytes() const { return buckets_per_shard_ * shards * sizeof(Bucket); }
  std::uint64_t capacity() const { return buckets_per_shard_ * shards * slots_per_bucket; }

  static std::size_t shard_of(std::uint64_t hash) { return static_cast<std::size_t>(hash >> 58); }
  /// Where the entry of this hash is looked for first.
  const void* home_address(std::uint64_t hash) const { return &buckets_[home(hash)]; }

  /// The first index in the home bucket whose tag fits: very likely the state that is looked for, if it is known. If
  /// none fits, some index that was used. Has no branch that could be mispredicted, because nobody can predict it.
  StateIndex likely(std::uint64_t hash) const {
    const Bucket& bucket = buckets_[home(hash)];
    constexpr std::uint32_t last = 1U << (slots_per_bucket - 1);
    return bucket.indices[static_cast<std::size_t>(std::countr_zero(matches(bucket, tag_of(hash)) | last))];
  }

  /// The index for which `same` says true among those whose tag fits, or `no_state`.
  template <class Same>
  StateIndex find(std::uint64_t hash, Same&& same) const {
    for (std::uint64_t at = home(hash), left = buckets_per_shard_; left > 0; at = after(at), --left) {
      const Bucket& bucket = buckets_[at];
      for (std::uint32_t fits = matches(bucket, tag_of(hash)); fits != 0; fits &= fits - 1) {
        const StateIndex index = bucket.indices[static_cast<std::size_t>(std::countr_zero(fits))];
        if (same(index)) return index;
      }
      if (bucket.overflowed == 0) break;
    }
    return no_state;
  }

  /// Adds an index that `find` did not find. `no_slot` when its shard is full, which cannot happen below comfortable().
  Slot insert(std::uint64_t hash, StateIndex index) {
    for (std::uint64_t at = home(hash), left = buckets_per_shard_; left > 0; at = after(at), --left) {
      Bucket& bucket = buckets_[at];
      if (bucket.used < slots_per_bucket) {
        bucket.tags[bucket.used] = tag_of(hash);
        bucket.indices[bucket.used] = index;
        return at * slots_per_bucket + bucket.used++;
      }
      bucket.overflowed = 1;
    }
    return no_slot;
  }

  /// Gives an entry another index. Different slots may be written by different threads at once.
  void put(Slot slot, StateIndex index) { buckets_[slot / slots_per_bucket].indices[slot % slots_per_bucket] = index; }

 private:
  struct alignas(64) Bucket {
    std::array<std::uint8_t, slots_per_bucket> tags;
    std::uint8_t used;
    std::uint8_t overflowed;  ///< Something that belongs here lies in a later bucket.
    std::array<std::uint8_t, 2> unused;
    std::array<StateIndex, slots_per_bucket> indices;
  };
  static_assert(sizeof(Bucket) == 64);

  static std::uint8_t tag_of(std::uint64_t hash) { return static_cast<std::uint8_t>(hash); }
  /// The 32 bits below those of the shard choose the bucket, by multiplication: the number of buckets is no power of
  /// two.
  std::uint64_t home(std::uint64_t hash) const {
    return shard_of(hash) * buckets_per_shard_ + (((hash >> 26) & 0xffff'ffff) * buckets_per_shard_ >> 32);
  }
  std::uint64_t after(std::uint64_t at) const {
    return (at + 1) % buckets_per_shard_ == 0 ? at + 1 - buckets_per_shard_ : at + 1;
  }
  static std::uint32_t matches(const Bucket& bucket, std::uint8_t tag) {
    const std::uint32_t used = (1U << bucket.used) - 1;
#if defined(__SSE2__)
    const __m128i tags = _mm_load_si128(reinterpret_cast<const __m128i*>(&bucket));
    const __m128i equal = _mm_cmpeq_epi8(tags, _mm_set1_epi8(static_cast<char>(tag)));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(equal)) & used;
#else
    std::uint32_t equal = 0;
    for (std::size_t i = 0; i < slots_per_bucket; ++i) equal |= static_cast<std::uint32_t>(bucket.tags[i] == tag) << i;
    return equal & used;
#endif
  }

  std::uint64_t buckets_per_shard_ = 0;
  std::uint64_t comfortable_ = 0;
  Pages pages_;
  Bucket* buckets_ = nullptr;
};

}  // namespace sharelock::explore
