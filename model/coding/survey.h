// What has to be known of a world before it can be written without what cannot matter in it.
//
// A component says once, in `code(self, coder)`, what it consists of. Three coders listen: the Survey looks for what is
// written relative to something (the least offset, the epochs and deadlines that occur), the Writer writes bytes, the
// Reader makes the value from them again. So nothing can be read that is not written, and nothing that is written is
// overlooked.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "model/interval_set.h"
#include "model/strong.h"

namespace sharelock {

/// A sorted set of few numbers; the rank of one is its position.
template <class Number>
class Ranks {
 public:
  void add(const Number& number) {
    const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), number);
    if (at == numbers_.end() || *at != number) numbers_.insert(at, number);
  }
  std::size_t of(const Number& number) const {
    return static_cast<std::size_t>(std::lower_bound(numbers_.begin(), numbers_.end(), number) - numbers_.begin());
  }
  bool contains(const Number& number) const { return std::binary_search(numbers_.begin(), numbers_.end(), number); }
  void clear() { numbers_.clear(); }

 private:
  boost::container::small_vector<Number, 8> numbers_;
};

/// A deadline among those of one class: timers of equal duration, which fire in the order in which they were set.
struct Deadline {
  std::int32_t duration_ms;
  TimeMs at;

  friend auto operator<=>(const Deadline&, const Deadline&) = default;
};

/// The coder that looks at everything first.
class Survey {
 public:
  static constexpr bool reads = false;
  static constexpr bool writes = false;

  void flag(bool) {}
  template <class T>
  void number(T) {}
  template <class T>
  void small(T) {}
  std::size_t count(std::size_t size) { return size; }
  void offset(Offset offset) { lowest_ = std::min(lowest_, offset); }
  void offset_from_here(Offset) {}
  void start_or_none(Offset start) {
    if (start != -1) offset(start);
  }
  void leader_epoch(std::int32_t epoch) { leader_epochs_.add(epoch); }
  void group(std::uint32_t number) { group_ = number; }
  void state_epoch(std::int32_t epoch) {
    if (epoch > 0) state_epochs_.add({group_, epoch});
  }
  void deadline(std::int32_t duration_ms, TimeMs at) { deadlines_.add({duration_ms, at}); }
  void member(MemberId) {}
  void spans(const IntervalSet& set) {
    if (!set.empty()) offset(set.begin()->first);
  }
  void spans_from_here(const IntervalSet&) {}

  void begin() {
    lowest_ = std::numeric_limits<Offset>::max();
    leader_epochs_.clear();
    state_epochs_.clear();
    deadlines_.clear();
  }
  Offset lowest() const { return lowest_; }
  std::size_t rank_of_epoch(std::int32_t epoch) const { return leader_epochs_.of(epoch); }
  /// Among those of the same group, from 1. Epochs that are not positive mean something of their own and have no rank.
  std::size_t rank_of_state_epoch(std::uint32_t group, std::int32_t epoch) const {
    return state_epochs_.of({group, epoch}) - state_epochs_.of({group, 0}) + 1;
  }
  /// Among the deadlines of the same class.
  std::size_t rank_of_deadline(std::int32_t duration_ms, TimeMs at) const {
    return deadlines_.of({duration_ms, at}) - deadlines_.of({duration_ms, std::numeric_limits<TimeMs>::min()});
  }

 private:
  Offset lowest_ = std::numeric_limits<Offset>::max();
  Ranks<std::int32_t> leader_epochs_;
  std::uint32_t group_ = 0;
  Ranks<std::pair<std::uint32_t, std::int32_t>> state_epochs_;
  Ranks<Deadline> deadlines_;
};

}  // namespace sharelock
