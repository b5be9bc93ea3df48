#include "interop/generate/persisted_draw.h"

#include <algorithm>
#include <array>

namespace sharelock::interop {
namespace {

constexpr auto available = static_cast<std::int8_t>(RecordState::available);
constexpr auto acquired = static_cast<std::int8_t>(RecordState::acquired);
constexpr auto archiving = static_cast<std::int8_t>(RecordState::archiving);
constexpr auto archived = static_cast<std::int8_t>(RecordState::archived);

/// What no healthy store returns: overlaps, disorder, duplicates, states that are never written.
void damage(HandOverOutcome& read, const Theme& theme, Chance& chance) {
  for (std::size_t i = 0; i < read.batches.size(); ++i) {
    if (!chance.happens({theme.damage, 100})) continue;
    PersistedBatch& batch = read.batches[i];
    switch (chance.below(8)) {
      case 0:
        batch.last += chance.between(1, 4);
        break;
      case 1:
        std::swap(batch, read.batches[chance.below(read.batches.size())]);
        break;
      case 2:
        read.batches.insert(read.batches.begin() + static_cast<std::ptrdiff_t>(i), PersistedBatch{batch});
        break;
      case 3:
        batch.state = acquired;
        break;
      case 4:
        batch.state = archiving;
        break;
      case 5:
        batch.delivery_count = static_cast<std::int16_t>(chance.between(0, 70));
        break;
      case 6:
        batch.first = std::max<Offset>(read.start_offset, batch.first - chance.between(0, 3));
        break;
      default:
        if (!chance.happens({1, 4})) break;
        // These make the initialisation fail.
        if (chance.happens({1, 3}))
          batch.state = 7;
        else if (chance.happens({1, 2}))
          batch.first = read.start_offset - 1;
        else
          batch.last = batch.first - 1;
    }
  }
}

/// Adds one range, unless it falls into a gap; neighbours of equal state are one batch, as the store keeps them.
void add(HandOverOutcome& read, PersistedBatch batch) {
  if (!read.batches.empty()) {
    PersistedBatch& before = read.batches.back();
    if (before.last + 1 == batch.first && before.state == batch.state &&
        before.delivery_count == batch.delivery_count) {
      before.last = batch.last;
      return;
    }
  }
  read.batches.push_back(batch);
}

}  // namespace

HandOverOutcome persisted_of(const SharePartition& partition, const Theme& theme, Chance& chance) {
  HandOverOutcome read;
  read.state_epoch = partition.state_epoch() + static_cast<std::int32_t>(chance.below(2));
  // The start offset lags behind until the next write.
  read.start_offset = std::max<Offset>(0, partition.start_offset() - static_cast<Offset>(chance.below(3) / 2 * 4));
  const auto& window = partition.window();
  const auto keep = [&](Offset first, Offset last, const InFlightState& state) {
    if (first < read.start_offset || last < first || chance.happens({theme.gaps, 200})) return;
    const bool was_acquired = state.state() == RecordState::acquired || state.is_pending();
    if (was_acquired && chance.happens({theme.gaps, 100})) return;
    add(read, {first, last, was_acquired ? available : static_cast<std::int8_t>(state.state()),
               static_cast<std::int16_t>(std::max(0, state.delivery_count() - (was_acquired ? 1 : 0)))});
  };
  for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at)) {
    const InFlightBatch& unit = window[at];
    if (!unit.by_offset) {
      keep(unit.first, unit.last, unit.whole);
      continue;
    }
    for (Offset offset = unit.first; offset <= unit.last; ++offset) keep(offset, offset, window.state(at, offset));
  }
  damage(read, theme, chance);
  return read;
}

HandOverOutcome persisted_at(Offset start, std::int32_t limit, const Theme& theme, Chance& chance) {
  HandOverOutcome read;
  read.state_epoch = static_cast<std::int32_t>(chance.below(4));
  read.start_offset = start;
  Offset next = start + (chance.happens({theme.gaps, 100}) ? chance.between(0, 5) : 0);
  for (std::uint64_t left = chance.below(6); left > 0; --left) {
    const Offset last = next + chance.between(theme.batch.least, theme.batch.most) - 1;
    constexpr std::array<std::int8_t, 5> states{available, available, 2, archived, archiving};
    std::int8_t state = states[chance.below(chance.happens({1, 5}) ? 5 : 4)];
    add(read, {next, last, state, static_cast<std::int16_t>(chance.between(0, limit + 1))});
    next = last + 1 + (chance.happens({theme.gaps, 100}) ? chance.between(1, 6) : 0);
  }
  damage(read, theme, chance);
  return read;
}

}  // namespace sharelock::interop
