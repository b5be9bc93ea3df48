// A set of offsets as disjoint ranges: flat while it is small, and small as long as what it holds is contiguous.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "model/strong.h"

namespace sharelock {

/// Offsets first to last, both included, as everywhere inside model/.
struct OffsetSpan {
  Offset first = 0;
  Offset last = -1;

  bool empty() const { return last < first; }
  Offset size() const { return empty() ? 0 : last - first + 1; }
  bool contains(Offset offset) const { return first <= offset && offset <= last; }
  friend bool operator==(const OffsetSpan&, const OffsetSpan&) = default;
};

/// Cost: logarithmic in the number of ranges, plus a move of the ranges behind a change.
class IntervalSet {
 public:
  bool empty() const { return spans_.empty(); }
  auto begin() const { return spans_.begin(); }
  auto end() const { return spans_.end(); }

  void add(Offset first, Offset last) {
    if (last < first) return;
    auto from = std::lower_bound(spans_.begin(), spans_.end(), first - 1, ends_before);
    auto to = from;
    for (; to != spans_.end() && to->first <= last + 1; ++to) {
      first = std::min(first, to->first);
      last = std::max(last, to->last);
    }
    if (from == to) {
      spans_.insert(from, OffsetSpan{first, last});
    } else {
      *from = {first, last};
      spans_.erase(from + 1, to);
    }
  }

  void remove(Offset first, Offset last) {
    if (last < first) return;
    auto at = std::lower_bound(spans_.begin(), spans_.end(), first, ends_before);
    if (at != spans_.end() && at->first < first && last < at->last) {
      const OffsetSpan tail{last + 1, at->last};
      at->last = first - 1;
      spans_.insert(at + 1, tail);
      return;
    }
    if (at != spans_.end() && at->first < first) (at++)->last = first - 1;
    auto to = at;
    while (to != spans_.end() && to->last <= last) ++to;
    if (to != spans_.end() && to->first <= last) to->first = last + 1;
    spans_.erase(at, to);
  }

  /// Forgets everything below `offset`.
  void trim_below(Offset offset) {
    if (!spans_.empty()) remove(spans_.front().first, offset - 1);
  }

  bool contains(Offset offset) const { return first_absent(offset) != offset; }
  bool covers(Offset first, Offset last) const { return last < first || first_absent(first) > last; }
  bool meets(Offset first, Offset last) const { return first_present(first, last) <= last; }

  /// The first offset at or after `from` that is not in the set.
  Offset first_absent(Offset from) const {
    const auto at = std::lower_bound(spans_.begin(), spans_.end(), from, ends_before);
    return at != spans_.end() && at->first <= from ? at->last + 1 : from;
  }

  /// The first offset of [from, last] that is in the set; one past `last` if there is none.
  Offset first_present(Offset from, Offset last) const {
    const auto at = std::lower_bound(spans_.begin(), spans_.end(), from, ends_before);
    if (at == spans_.end() || at->first > last) return last + 1;
    return std::max(at->first, from);
  }

  friend bool operator==(const IntervalSet& a, const IntervalSet& b) { return a.spans_ == b.spans_; }

 private:
  static bool ends_before(const OffsetSpan& span, Offset offset) { return span.last < offset; }

  boost::container::small_vector<OffsetSpan, 4> spans_;  ///< In order, disjoint, never touching.
};

}  // namespace sharelock
