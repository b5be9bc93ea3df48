// The rounds of a search: how far each goes, and which comes next.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/world/settings.h"

namespace sharelock::cli {

/// One round: everything that can happen with so many faults, records and deviations at most.
struct RoundBounds {
  std::uint32_t faults = 0;
  std::optional<std::uint32_t> deviations{};  ///< Empty: any number.
  std::int64_t records = 0;
};

/// All rounds up to the bounds of a world. One is open when those with a fault, a deviation or a batch of records less
/// are complete; of the open ones the cheapest comes next. So whatever is found could not be found with less of
/// anything, and time goes where most is to be had for it.
class Rounds {
 public:
  explicit Rounds(const Bounds& bounds);

  /// The one that comes next; null if all are complete.
  const RoundBounds* next() const { return next_ ? &places_[*next_].bounds : nullptr; }
  /// How many transitions the next one is expected to have, judged by how the complete ones grew; 0 if there is none.
  double expected() const { return next_ ? expected(*next_) : 0; }
  /// The next one is complete, and had so many transitions.
  void complete(std::uint64_t transitions);

 private:
  static constexpr std::size_t axes = 3;
  struct Place {
    RoundBounds bounds;
    std::array<std::size_t, axes> at{};   ///< How often it grew from the least round: in deviations, faults, records.
    std::optional<double> transitions{};  ///< Once it is complete.
  };

  std::size_t index_of(const std::array<std::size_t, axes>& at) const;
  /// The transitions of the one that is smaller by `less`.
  std::optional<double> transitions(std::size_t index, const std::array<std::size_t, axes>& less) const;
  bool is_open(std::size_t index) const;
  double expected(std::size_t index) const;
  void choose();

  std::array<std::size_t, axes> sizes_{};
  std::vector<Place> places_;
  std::optional<std::size_t> next_;
};

}  // namespace sharelock::cli
