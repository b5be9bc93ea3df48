// Chance that can be repeated anywhere: everything drawn follows from one seed, whatever the compiler.
//
// The generator is counter-based (Philox4x32-10): the n-th value of a stream is a function of seed, stream and n. Each
// purpose has its own stream, so that a new choice in one place does not change the luck of all others. Ranges, weights
// and ratios are our own integer arithmetic: the distributions of the standard library differ between libraries.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

namespace sharelock {

/// An exact probability: `Ratio{3, 100}` prints as 3/100 and means the same everywhere.
struct Ratio {
  std::uint32_t part;
  std::uint32_t whole;
};

/// A stream of choices. A regular value: a copy draws what the original would have drawn.
class Chance {
 public:
  Chance(std::uint64_t seed, std::string_view purpose);

  /// The stream of another purpose below this one. Drawing from either does not affect the other.
  Chance fork(std::string_view purpose) const;
  /// The stream of the n-th run, trace or world of this purpose.
  Chance fork(std::uint64_t index) const;

  /// Uniform over all 64-bit values.
  std::uint64_t next();
  /// Uniform in [0, bound), unbiased. `bound` > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [first, last], both included. `first` <= `last`.
  std::int64_t between(std::int64_t first, std::int64_t last);
  /// True with exactly that probability.
  bool happens(Ratio odds) { return below(odds.whole) < odds.part; }
  /// An index, drawn in proportion to its weight. At least one weight is not 0.
  std::size_t weighted(std::span<const std::uint32_t> weights);

  template <class T, std::size_t N>
  const T& pick(const std::array<T, N>& choices) {
    return choices[below(N)];
  }
  template <class T>
  const T& pick(std::span<const T> choices) {
    assert(!choices.empty());
    return choices[below(choices.size())];
  }

  friend bool operator==(const Chance&, const Chance&) = default;

 private:
  Chance() = default;

  std::uint64_t seed_ = 0;
  std::uint64_t stream_ = 0;
  std::uint64_t block_ = 0;                ///< Number of the next block of two values.
  std::array<std::uint64_t, 2> values_{};  ///< The current block.
  std::uint8_t used_ = 2;                  ///< How many of `values_` were handed out.
};

/// One block of Philox4x32-10, the function behind every Chance: 128 bits of output from counter and key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

}  // namespace sharelock
