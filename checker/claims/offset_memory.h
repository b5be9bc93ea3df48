// What a claim remembers of each offset in flight: a few bytes per offset from the start offset on, in a ring.
#pragma once

#include <boost/container/deque.hpp>
#include <cstddef>

#include "model/strong.h"

namespace sharelock {

/// T() is what is remembered of an offset that nothing was said about.
template <class T>
class OffsetMemory {
 public:
  Offset first() const { return first_; }
  Offset end() const { return first_ + static_cast<Offset>(values_.size()); }

  const T& operator[](Offset offset) const {
    static const T nothing{};
    return offset < first_ || offset >= end() ? nothing : values_[static_cast<std::size_t>(offset - first_)];
  }

  T& at(Offset offset) {
    if (values_.empty()) first_ = offset;
    while (offset < first_) {
      values_.push_front(T{});
      --first_;
    }
    if (offset >= end()) values_.resize(static_cast<std::size_t>(offset - first_) + 1);
    return values_[static_cast<std::size_t>(offset - first_)];
  }

  void forget_below(Offset offset) {
    while (!values_.empty() && first_ < offset) {
      values_.pop_front();
      ++first_;
    }
  }
  void clear() { values_.clear(); }

 private:
  Offset first_ = 0;
  boost::container::deque<T> values_;
};

}  // namespace sharelock
