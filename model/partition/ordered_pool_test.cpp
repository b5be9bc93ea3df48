#include "model/partition/ordered_pool.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace sharelock {
namespace {

struct Item {
  Offset key;
};
Offset key_of(const Item& item) {
  return item.key;
}

using Pool = OrderedPool<Item, 6>;

/// The key that a handle stands for; -1 for none.
Offset key(const Pool& pool, Pool::Handle at) {
  return at == Pool::none ? -1 : pool[at].key;
}

RC_GTEST_PROP(OrderedPool, AnswersAsAnOrderedMapDoes, ()) {
  Pool pool;
  std::map<Offset, std::uint8_t> plain;
  const auto steps = *rc::gen::container<std::vector<std::pair<Offset, std::uint8_t>>>(
      rc::gen::pair(rc::gen::inRange<Offset>(0, 60), rc::gen::inRange<std::uint8_t>(0, 5)));
  for (const auto& [at, what] : steps) {
    const Pool::Handle found = pool.floor(at);
    const bool exists = key(pool, found) == at;
    RC_ASSERT(exists == plain.contains(at));
    if (!exists) {
      pool.insert({at});
      plain[at] = 0;
    } else if (what == 4) {
      pool.erase(found);
      plain.erase(at);
    } else {
      pool.set_marks(found, what);
      plain[at] = what;
    }
  }
  RC_ASSERT(pool.size() == plain.size());
  Pool::Handle at = pool.first();
  for (const auto& [expected, marks] : plain) {
    RC_ASSERT(key(pool, at) == expected);
    RC_ASSERT(pool.marks(at) == marks);
    for (const std::uint8_t wanted : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
      const auto first =
          std::find_if(plain.find(expected), plain.end(), [&](const auto& e) { return e.second & wanted; });
      RC_ASSERT(key(pool, pool.first_marked(at, wanted)) == (first == plain.end() ? -1 : first->first));
    }
    if (const Pool::Handle next = pool.next(at); next != Pool::none) RC_ASSERT(pool.previous(next) == at);
    at = pool.next(at);
  }
  RC_ASSERT(at == Pool::none);
  const auto probe = *rc::gen::inRange<Offset>(0, 60);
  const auto above = plain.lower_bound(probe);
  RC_ASSERT(key(pool, pool.ceiling(probe)) == (above == plain.end() ? -1 : above->first));
}

}  // namespace
}  // namespace sharelock
