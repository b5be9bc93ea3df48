// Which state each state was found from, in one byte each.
//
// States are expanded in chunks, in order, and numbered in the order of their discovery. So the states found from one
// chunk are a range, and of the parent only its place in the chunk need be kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/explore/bytes.h"
#include "checker/explore/pages.h"
#include "checker/explore/state_table.h"

namespace sharelock::explore {

class Parents {
 public:
  /// States in a chunk at most.
  static constexpr StateIndex chunk_max = 256;
  /// A chunk's first state, and the first state found from it.
  struct Chunk {
    StateIndex first;
    StateIndex first_found;
  };

  explicit Parents(std::uint64_t states_max) : pages_{states_max}, places_{pages_.data()} {}

  /// A byte for each state, and at most another for the list of chunks while it grows.
  static std::uint64_t bytes_for(std::uint64_t states) { return 2 * states; }

  /// Says that `child` was found from the state at `place` of its chunk. Any thread, any order.
  void set(StateIndex child, std::uint8_t place) { places_[child] = std::byte{place}; }
  /// Closes a chunk. Chunks come in order; one from which nothing was found may be left out.
  void add_chunk(Chunk chunk) { chunks_.push_back(chunk); }

  /// Precondition: `child` is no initial state.
  StateIndex parent_of(StateIndex child) const {
    const auto after = std::ranges::upper_bound(chunks_, child, {}, &Chunk::first_found);
    return std::prev(after)->first + std::to_integer<StateIndex>(places_[child]);
  }

  std::span<const Chunk> chunks() const { return chunks_; }

  /// Appends what is known of the states from `first` to `end`, and of the chunks from `first_chunk` on, for read().
  void write(ByteBuffer& out, std::uint64_t first, std::uint64_t end, std::size_t first_chunk) const {
    out.append({places_ + first, static_cast<std::size_t>(end - first)});
    for (const Chunk& chunk : std::span{chunks_}.subspan(first_chunk)) {
      out.append_little_endian(chunk.first, 4);
      out.append_little_endian(chunk.first_found, 4);
    }
    out.append_little_endian(no_state, 4);
  }
  void read(ByteReader& in, std::uint64_t first, std::uint64_t end) {
    const Bytes places = in.take(static_cast<std::size_t>(end - first));
    std::ranges::copy(places, places_ + first);
    for (auto state = static_cast<StateIndex>(in.number(4)); state != no_state;
         state = static_cast<StateIndex>(in.number(4)))
      chunks_.push_back({state, static_cast<StateIndex>(in.number(4))});
  }

 private:
  Pages pages_;
  std::byte* places_;
  std::vector<Chunk> chunks_;
};

}  // namespace sharelock::explore
