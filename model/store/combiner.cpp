#include "model/store/combiner.h"

#include <algorithm>
#include <tuple>

namespace sharelock {
namespace {

using Scratch = boost::container::small_vector<StateBatch, 16>;

/// BC-2: what decides which of two batches holds for an offset that both cover.
auto priority(const StateBatch& batch) {
  return std::tuple{batch.delivery_count, batch.state};
}

bool yields_to(const StateBatch& a, const StateBatch& b) {
  return priority(a) < priority(b);
}

/// BC-1.
void append_clipped(Scratch& to, std::span<const StateBatch> batches, Offset start) {
  for (StateBatch batch : batches) {
    if (batch.last < start) continue;
    batch.first = std::max(batch.first, start);
    to.push_back(batch);
  }
}

/// Appends a run, or lengthens the last one if it goes on (BC-3).
void append_run(StateBatches& to, Offset first, Offset last, const StateBatch& winner) {
  if (!to.empty() && to.back().last + 1 == first && priority(to.back()) == priority(winner))
    to.back().last = last;
  else
    to.push_back({first, last, winner.state, winner.delivery_count});
}

/// Walks over the offsets once; a heap holds the batches that began and may still matter, the winner on top.
StateBatches sweep(const Scratch& sorted) {
  StateBatches result;
  Scratch heap;
  std::size_t next = 0;
  Offset at = 0;
  while (next < sorted.size() || !heap.empty()) {
    if (heap.empty()) at = sorted[next].first;
    for (; next < sorted.size() && sorted[next].first <= at; ++next) {
      heap.push_back(sorted[next]);
      std::push_heap(heap.begin(), heap.end(), yields_to);
    }
    const StateBatch winner = heap.front();
    if (winner.last < at) {
      std::pop_heap(heap.begin(), heap.end(), yields_to);
      heap.pop_back();
      continue;
    }
    const Offset last = next < sorted.size() ? std::min(winner.last, sorted[next].first - 1) : winner.last;
    append_run(result, at, last, winner);
    at = last + 1;
  }
  return result;
}

}  // namespace

StateBatches combine(std::span<const StateBatch> existing, std::span<const StateBatch> incoming, Offset start_offset) {
  Scratch batches;
  append_clipped(batches, existing, start_offset);
  const auto middle = static_cast<std::ptrdiff_t>(batches.size());
  append_clipped(batches, incoming, start_offset);
  if (batches.size() <= 1) return {batches.begin(), batches.end()};  // BC-4

  const auto sort = [](auto begin, auto end) {
    if (!std::ranges::is_sorted(begin, end, {}, &StateBatch::first))
      std::ranges::sort(begin, end, {}, &StateBatch::first);
  };
  sort(batches.begin(), batches.begin() + middle);
  sort(batches.begin() + middle, batches.end());
  Scratch merged(batches.size(), StateBatch{});
  std::ranges::merge(batches.begin(), batches.begin() + middle, batches.begin() + middle, batches.end(), merged.begin(),
                     {}, &StateBatch::first, &StateBatch::first);
  return sweep(merged);
}

void combine_into(StateBatches& stored, std::span<const StateBatch> incoming, Offset start_offset) {
  const auto kept = std::ranges::lower_bound(stored, start_offset, {}, &StateBatch::last);
  stored.erase(stored.begin(), kept);
  if (!stored.empty()) stored.front().first = std::max(stored.front().first, start_offset);

  bool any = false;
  Offset first = 0;
  Offset last = 0;
  for (const StateBatch& batch : incoming) {
    if (batch.last < start_offset) continue;
    const Offset clipped = std::max(batch.first, start_offset);
    first = any ? std::min(first, clipped) : clipped;
    last = any ? std::max(last, batch.last) : batch.last;
    any = true;
  }
  if (!any) return;

  // What is covered or touched: a neighbour that ends just before or begins just after may be merged with.
  const auto begin = std::ranges::lower_bound(stored, first - 1, {}, &StateBatch::last);
  const auto end = std::ranges::upper_bound(begin, stored.end(), last + 1, {}, &StateBatch::first);
  const StateBatches changed = combine({begin, end}, incoming, start_offset);
  const auto common = std::min(end - begin, static_cast<std::ptrdiff_t>(changed.size()));
  const auto rest = std::copy_n(changed.begin(), common, begin);
  if (common < end - begin)
    stored.erase(rest, end);
  else
    stored.insert(rest, changed.begin() + common, changed.end());
}

}  // namespace sharelock
