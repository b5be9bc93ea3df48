// The greatest of many small numbers, and the first that is not zero, of any range: an index for batches so long that
// looking at each of their records would cost too much.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sharelock {

/// A 16-ary tree of maxima over `size` numbers, all zero at first. Every operation is logarithmic in `size`.
class MaxTree {
 public:
  explicit MaxTree(std::size_t size) {
    std::size_t width = size;
    do {
      width = (width + arity - 1) / arity;
      levels_.emplace_back(width * arity, 0);
    } while (width > 1);
  }

  void set(std::size_t at, std::int32_t value) {
    levels_[0][at] = value;
    for (std::size_t level = 1; level < levels_.size(); ++level) {
      const std::size_t group = at / arity * arity;
      const auto begin = levels_[level - 1].begin() + static_cast<std::ptrdiff_t>(group);
      const std::int32_t top = *std::max_element(begin, begin + arity);
      at /= arity;
      if (levels_[level][at] == top) return;
      levels_[level][at] = top;
    }
  }

  /// The first index in [from, end) whose number is not zero; `end` if there is none.
  std::size_t first_nonzero(std::size_t from, std::size_t end) const {
    std::size_t level = 0;
    std::size_t at = from;
    while (at < width(level)) {
      if (levels_[level][at] == 0) {
        ++at;
        // Past the end of a group: its parents say at once whether the next groups hold anything.
        while (at % arity == 0 && level + 1 < levels_.size()) at /= arity, ++level;
        continue;
      }
      if (level == 0) return std::min(at, end);
      --level;
      at *= arity;
    }
    return end;
  }

  /// The greatest number in [from, end); 0 if the range is empty.
  std::int32_t max(std::size_t from, std::size_t end) const {
    std::int32_t found = 0;
    for (std::size_t level = 0; from < end; ++level) {
      const auto& row = levels_[level];
      while (from < end && from % arity != 0) found = std::max(found, row[from++]);
      while (from < end && end % arity != 0) found = std::max(found, row[--end]);
      if (level + 1 == levels_.size()) {
        while (from < end) found = std::max(found, row[from++]);
        break;
      }
      from /= arity;
      end /= arity;
    }
    return found;
  }

 private:
  static constexpr std::size_t arity = 16;
  std::size_t width(std::size_t level) const { return levels_[level].size(); }

  std::vector<std::vector<std::int32_t>> levels_;  ///< From the numbers up; each row padded to whole groups.
};

}  // namespace sharelock
