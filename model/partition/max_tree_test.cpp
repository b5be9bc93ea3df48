#include "model/partition/max_tree.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sharelock {
namespace {

RC_GTEST_PROP(MaxTree, AnswersAsAPlainArrayDoes, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, 700);
  std::vector<std::int32_t> plain(size, 0);
  MaxTree tree{size};
  const auto changes = *rc::gen::container<std::vector<std::pair<std::size_t, std::int32_t>>>(
      rc::gen::pair(rc::gen::inRange<std::size_t>(0, size), rc::gen::inRange(0, 4)));
  for (const auto& [at, value] : changes) {
    plain[at] = value;
    tree.set(at, value);
  }
  const auto from = *rc::gen::inRange<std::size_t>(0, size + 1);
  const auto end = *rc::gen::inRange<std::size_t>(from, size + 1);
  std::int32_t greatest = 0;
  std::size_t first = end;
  for (std::size_t i = from; i < end; ++i) greatest = std::max(greatest, plain[i]);
  for (std::size_t i = end; i-- > from;)
    if (plain[i] != 0) first = i;
  RC_ASSERT(tree.max(from, end) == greatest);
  RC_ASSERT(tree.first_nonzero(from, end) == first);
}

}  // namespace
}  // namespace sharelock
