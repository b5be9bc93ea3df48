// What a claim remembers of each offset in flight: a few bytes per offset from the start offset on.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>

#include "model/coding/coder.h"
#include "model/strong.h"

namespace sharelock {

/// T() is what is remembered of an offset that nothing was said about. A small memory is flat.
template <class T>
class OffsetMemory {
 public:
  Offset first() const { return first_; }
  Offset end() const { return first_ + static_cast<Offset>(size()); }

  const T& operator[](Offset offset) const {
    static const T nothing{};
    return offset < first_ || offset >= end() ? nothing : values_[place_of(offset)];
  }

  T& at(Offset offset) {
    if (size() == 0) clear(), first_ = offset;
    if (offset < first_) {
      const auto missing = static_cast<std::size_t>(first_ - offset);
      if (missing > forgotten_) values_.insert(values_.begin(), missing - forgotten_, T{}), forgotten_ = missing;
      std::fill_n(values_.begin() + static_cast<std::ptrdiff_t>(forgotten_ - missing), missing, T{});
      forgotten_ -= missing;
      first_ = offset;
    }
    if (offset >= end()) values_.resize(place_of(offset) + 1);
    return values_[place_of(offset)];
  }

  /// In amortised constant time for each offset that was remembered.
  void forget_below(Offset offset) {
    if (offset <= first_) return;
    const auto gone = std::min(static_cast<std::size_t>(offset - first_), size());
    forgotten_ += gone;
    first_ += static_cast<Offset>(gone);
    if (forgotten_ * 2 <= values_.size()) return;
    values_.erase(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(forgotten_));
    forgotten_ = 0;
  }
  void clear() {
    values_.clear();
    forgotten_ = 0;
  }

  /// From the base of the coder on; `code_value(value)` codes one.
  template <class Coder, class Self, class CodeValue>
  static void code(Self& self, Coder& coder, CodeValue&& code_value) {
    if constexpr (Coder::reads) {
      self.clear();
      std::size_t left = coder.count();
      if (left == 0) return;
      coder.offset(self.first_);
      for (Offset offset = self.first_; left > 0; --left, ++offset) code_value(self.at(offset));
    } else if constexpr (Coder::writes) {
      const Offset from = std::max(self.first_, coder.base());
      coder.count(static_cast<std::size_t>(std::max<Offset>(self.end() - from, 0)));
      if (from >= self.end()) return;
      coder.offset(from);
      for (Offset offset = from; offset < self.end(); ++offset) code_value(self[offset]);
    }
  }

 private:
  std::size_t size() const { return values_.size() - forgotten_; }
  std::size_t place_of(Offset offset) const { return forgotten_ + static_cast<std::size_t>(offset - first_); }

  Offset first_ = 0;
  std::size_t forgotten_ = 0;  ///< So many values, from the front, are forgotten; erased in bulk.
  boost::container::small_vector<T, 8> values_;
};

}  // namespace sharelock
