// The states that were found: whole (exact), or 64 bits of each (hash compaction) and whole only while they wait to be
// expanded.
#pragma once

#include <cstdint>
#include <optional>

#include "checker/explore/encoding_store.h"

namespace sharelock::explore {

enum class Storage : std::uint8_t {
  exact,    ///< Every state is kept; nothing is ever taken for something else.
  compact,  ///< 64 bits of each state are kept; two states may be taken for one, and the verdict says how likely that
            ///< is.
};

class StateStore {
 public:
  /// @param encoded_size  Bytes of every encoding, if they are all of one size.
  /// @param bytes_max     The most memory that the states may ever take.
  StateStore(Storage storage, std::optional<std::size_t> encoded_size, std::uint64_t bytes_max);

  std::uint64_t size() const { return kept_.size(); }
  /// Memory in use when there are `states`, of which those in kept form take `encoded` bytes. With hash compaction
  /// `encoded` counts the states of the last two levels.
  std::uint64_t bytes_for(std::uint64_t states, std::uint64_t encoded) const;
  /// Bytes of the encodings that are held whole.
  std::uint64_t encoded_bytes() const;

  /// Whether state `index` is the one with this encoding and hash, as far as the storage can tell.
  bool same(StateIndex index, std::uint64_t hash, Bytes encoding) const {
    return compact_ ? hash_at(index) == hash : same_bytes(kept_[index], encoding);
  }
  std::uint64_t hash_at(StateIndex index) const {
    return compact_ ? read_little_endian(kept_[index].data(), 8) : hash_of(kept_[index]);
  }
  /// The encoding of a state. With hash compaction: of the level that is being expanded or found.
  Bytes encoding(StateIndex index) const {
    if (!compact_) return kept_[index];
    return index < found_begin_ ? expanding_[index - expanding_begin_] : found_[index - found_begin_];
  }
  const void* address(StateIndex index) const { return kept_.address(index); }

  /// Writes state `index`; `begin` is what encoded_bytes_found() was, plus the encodings placed before it. Different
  /// threads may place different states; they count after grow().
  void place(StateIndex index, std::uint64_t begin, std::uint64_t hash, Bytes encoding);
  void grow(std::uint64_t states, std::uint64_t encoded);
  /// Where the next encoding will begin: the bytes found so far, with hash compaction those of this level.
  std::uint64_t encoded_bytes_found() const { return compact_ ? found_.encoded_bytes() : kept_.encoded_bytes(); }
  void append(std::uint64_t hash, Bytes encoding);

  /// Appends the states from `first` on, for read(): whole, or as they are kept.
  void write(ByteBuffer& out, std::uint64_t first, bool as_kept) const;
  void read(ByteReader& in, bool as_kept);
  /// Bytes of an encoding, on average over those that are held whole.
  std::uint64_t average_encoding() const;

  /// The states found so far become those that are expanded. Hash compaction forgets the encodings of those before.
  void begin_level();

 private:
  bool compact_;
  EncodingStore kept_;
  // Only with hash compaction.
  EncodingStore expanding_;
  EncodingStore found_;
  std::uint64_t expanding_begin_ = 0;
  std::uint64_t found_begin_ = 0;
};

}  // namespace sharelock::explore
