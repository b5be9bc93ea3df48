// An ordered set whose elements live in one pool, so that a small one is flat, copies as bytes and allocates nothing,
// and a large one finds, inserts and removes in logarithmic time.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

#include "model/strong.h"

namespace sharelock {

/// Values ordered by `key_of(value)`, an Offset that is unique and never changes. Each value carries a few marks; the
/// first value at or after another one with one of given marks is found in logarithmic time.
///
/// A treap whose priorities are a mix of the keys: its shape depends on the keys alone and never reaches a result.
/// Handles stay valid until their value is erased.
template <class Value, std::size_t InlineCapacity>
class OrderedPool {
 public:
  using Handle = std::uint32_t;
  using Marks = std::uint8_t;
  static constexpr Handle none = 0xffffffff;

  bool empty() const { return root_ == none; }
  std::size_t size() const { return size_; }
  void clear() {
    nodes_.clear();
    root_ = free_ = none;
    size_ = 0;
  }

  Value& operator[](Handle at) { return nodes_[at].value; }
  const Value& operator[](Handle at) const { return nodes_[at].value; }

  Handle first() const { return empty() ? none : leftmost(root_); }
  Handle last() const {
    Handle at = root_;
    while (at != none && nodes_[at].right != none) at = nodes_[at].right;
    return at;
  }
  /// The value with the greatest key at or below `key`; none if there is none.
  Handle floor(Offset key) const {
    Handle found = none;
    for (Handle at = root_; at != none;) {
      if (key_of(nodes_[at].value) <= key) {
        found = at;
        at = nodes_[at].right;
      } else {
        at = nodes_[at].left;
      }
    }
    return found;
  }
  /// The value with the least key at or above `key`; none if there is none.
  Handle ceiling(Offset key) const {
    Handle found = none;
    for (Handle at = root_; at != none;) {
      if (key_of(nodes_[at].value) >= key) {
        found = at;
        at = nodes_[at].left;
      } else {
        at = nodes_[at].right;
      }
    }
    return found;
  }
  Handle next(Handle at) const {
    if (nodes_[at].right != none) return leftmost(nodes_[at].right);
    Handle up = nodes_[at].parent;
    while (up != none && nodes_[up].right == at) at = up, up = nodes_[up].parent;
    return up;
  }
  Handle previous(Handle at) const {
    if (nodes_[at].left != none) {
      at = nodes_[at].left;
      while (nodes_[at].right != none) at = nodes_[at].right;
      return at;
    }
    Handle up = nodes_[at].parent;
    while (up != none && nodes_[up].left == at) at = up, up = nodes_[up].parent;
    return up;
  }

  /// Inserts a value without marks. Precondition: its key is new.
  Handle insert(const Value& value) {
    const Handle added = allocate(value);
    const Offset key = key_of(value);
    Handle parent = none;
    for (Handle at = root_; at != none;) {
      parent = at;
      at = key < key_of(nodes_[at].value) ? nodes_[at].left : nodes_[at].right;
    }
    nodes_[added].parent = parent;
    if (parent == none)
      root_ = added;
    else
      (key < key_of(nodes_[parent].value) ? nodes_[parent].left : nodes_[parent].right) = added;
    while (nodes_[added].parent != none && priority(added) > priority(nodes_[added].parent)) rotate_up(added);
    ++size_;
    return added;
  }

  void erase(Handle at) {
    // Down to a leaf, then off.
    while (nodes_[at].left != none || nodes_[at].right != none) {
      const Handle left = nodes_[at].left;
      const Handle right = nodes_[at].right;
      rotate_up(right == none || (left != none && priority(left) > priority(right)) ? left : right);
    }
    const Handle parent = nodes_[at].parent;
    if (parent == none)
      root_ = none;
    else
      (nodes_[parent].left == at ? nodes_[parent].left : nodes_[parent].right) = none;
    summarise_upwards(parent);
    nodes_[at].left = free_;
    free_ = at;
    if (--size_ == 0) clear();
  }

  Marks marks(Handle at) const { return nodes_[at].marks; }
  void set_marks(Handle at, Marks marks) {
    if (nodes_[at].marks == marks) return;
    nodes_[at].marks = marks;
    summarise_upwards(at);
  }
  /// The first value at or after `at` (none: at all) that carries one of `wanted`; none if there is none.
  Handle first_marked(Handle at, Marks wanted) const {
    if (at == none) return root_ == none ? none : first_marked_below(root_, wanted);
    if (nodes_[at].marks & wanted) return at;
    for (;;) {
      if (const Handle right = nodes_[at].right; right != none && (nodes_[right].summary & wanted))
        return first_marked_below(right, wanted);
      Handle up = nodes_[at].parent;
      while (up != none && nodes_[up].right == at) at = up, up = nodes_[up].parent;
      if (up == none || (nodes_[up].marks & wanted)) return up;
      at = up;
    }
  }

 private:
  struct Node {
    Value value;
    Handle left = none;  ///< Of a free node: the next free one.
    Handle right = none;
    Handle parent = none;
    Marks marks = 0;
    Marks summary = 0;  ///< The marks of the node and of all below it.
  };

  std::uint64_t priority(Handle at) const {
    // The finalizer of SplitMix64, a bijection: equal priorities would mean equal keys.
    auto z = static_cast<std::uint64_t>(key_of(nodes_[at].value)) + 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  Handle leftmost(Handle at) const {
    while (nodes_[at].left != none) at = nodes_[at].left;
    return at;
  }
  Handle first_marked_below(Handle at, Marks wanted) const {
    if (!(nodes_[at].summary & wanted)) return none;
    for (;;) {
      const Handle left = nodes_[at].left;
      if (left != none && (nodes_[left].summary & wanted))
        at = left;
      else if (nodes_[at].marks & wanted)
        return at;
      else
        at = nodes_[at].right;
    }
  }
  Handle allocate(const Value& value) {
    if (free_ == none) {
      nodes_.push_back(Node{.value = value});
      return static_cast<Handle>(nodes_.size() - 1);
    }
    const Handle at = free_;
    free_ = nodes_[at].left;
    nodes_[at] = Node{.value = value};
    return at;
  }
  bool summarise(Handle at) {
    Node& node = nodes_[at];
    Marks summary = node.marks;
    if (node.left != none) summary |= nodes_[node.left].summary;
    if (node.right != none) summary |= nodes_[node.right].summary;
    if (node.summary == summary) return false;
    node.summary = summary;
    return true;
  }
  void summarise_upwards(Handle at) {
    while (at != none && summarise(at)) at = nodes_[at].parent;
  }
  void rotate_up(Handle at) {
    const Handle parent = nodes_[at].parent;
    const Handle grandparent = nodes_[parent].parent;
    const bool was_left = nodes_[parent].left == at;
    const Handle moved = was_left ? nodes_[at].right : nodes_[at].left;
    (was_left ? nodes_[parent].left : nodes_[parent].right) = moved;
    if (moved != none) nodes_[moved].parent = parent;
    (was_left ? nodes_[at].right : nodes_[at].left) = parent;
    nodes_[parent].parent = at;
    nodes_[at].parent = grandparent;
    if (grandparent == none)
      root_ = at;
    else
      (nodes_[grandparent].left == parent ? nodes_[grandparent].left : nodes_[grandparent].right) = at;
    summarise(parent);
    summarise(at);
  }

  boost::container::small_vector<Node, InlineCapacity> nodes_;
  Handle root_ = none;
  Handle free_ = none;
  std::size_t size_ = 0;
};

}  // namespace sharelock
