// Things that were issued with rising ids and leave in any order: locks in the timer, requests at the store.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

namespace sharelock {

/// T has a member `id` that rises from one added to the next. Found in logarithmic, taken out in amortised constant
/// time; the few of a small world are flat.
template <class T, std::size_t Inline = 2>
class Issued {
 public:
  void add(T value) { entries_.push_back({std::move(value), false}); }

  template <class Id>
  T* find(Id id) {
    const auto at = locate(id);
    return at == entries_.end() ? nullptr : &at->value;
  }
  template <class Id>
  const T* find(Id id) const {
    return const_cast<Issued*>(this)->find(id);
  }

  /// The oldest that satisfies `wanted`, but for `skipped` of them, which is counted down; null if there is none.
  /// Linear in the number that is passed over.
  template <class Wanted>
  T* oldest(Wanted&& wanted, std::uint32_t& skipped) {
    for (Entry& entry : entries_)
      if (!entry.gone && wanted(entry.value) && skipped-- == 0) return &entry.value;
    return nullptr;
  }

  template <class Id>
  void erase(Id id) {
    const auto at = locate(id);
    if (at == entries_.end()) return;
    at->gone = true;
    ++gone_;
    if (gone_ * 2 <= entries_.size()) return;
    entries_.erase(std::remove_if(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.gone; }),
                   entries_.end());
    gone_ = 0;
  }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Entry& entry : entries_)
      if (!entry.gone) visit(entry.value);
  }
  std::size_t size() const { return entries_.size() - gone_; }
  bool empty() const { return size() == 0; }

 private:
  struct Entry {
    T value;
    bool gone = false;
  };
  using Entries = boost::container::small_vector<Entry, Inline>;

  template <class Id>
  typename Entries::iterator locate(Id id) {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), id,
                                     [](const Entry& entry, Id wanted) { return entry.value.id < wanted; });
    return at != entries_.end() && at->value.id == id && !at->gone ? at : entries_.end();
  }

  Entries entries_;
  std::size_t gone_ = 0;
};

}  // namespace sharelock
