#include "interop/generate/acknowledge_draw.h"

#include <algorithm>
#include <array>

namespace sharelock::interop {
namespace {

struct Span {
  Offset first;
  Offset last;
};

class Draw {
 public:
  Draw(const SharePartition& partition, const Theme& theme, Chance& chance)
      : partition_{partition}, theme_{theme}, chance_{chance} {
    const auto& window = partition.window();
    for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at)) units_.push_back(at);
  }

  op::Acknowledge acknowledge(MemberId otherwise) {
    std::vector<Span> spans;
    for (std::uint64_t left = 1 + chance_.below(3) / 2 * chance_.below(4); left > 0; --left) spans.push_back(span());
    // Clients sort their batches; a few do not.
    if (!chance_.happens({theme_.anywhere, 200})) std::ranges::sort(spans, {}, &Span::first);
    op::Acknowledge acknowledge{
        .member = owner_of(spans.front().first).value_or(otherwise), .batches = {}, .types = {}};
    if (chance_.happens({5 + theme_.anywhere / 3, 100})) acknowledge.member = otherwise;
    for (const Span& span : spans) add(acknowledge, span);
    return acknowledge;
  }

 private:
  Span span() {
    if (units_.empty() || chance_.happens({theme_.anywhere, 150})) return anywhere();
    const std::size_t which = chance_.below(units_.size());
    // What is acquired is what clients acknowledge; the others are tried less often.
    const auto at = acquired_near(which);
    const InFlightBatch& unit = partition_.window()[at];
    if (unit.by_offset && chance_.happens({3, 4}))
      if (const auto acquired = acquired_run(at, unit)) return *acquired;
    Span span{unit.first, unit.last};
    if (unit.last <= unit.first || chance_.happens({1, 2})) return span;
    span.first = chance_.between(unit.first, unit.last);
    span.last = chance_.between(span.first, unit.last);
    if (chance_.happens({1, 8})) {
      const InFlightBatch& other = partition_.window()[units_[chance_.below(units_.size())]];
      span.last = std::max(span.last, other.last);
    }
    return span;
  }

  Span anywhere() {
    const Offset low = partition_.start_offset() - 4;
    const Offset first = chance_.between(low, std::max(low, partition_.end_offset() + 4));
    return {first, first + chance_.between(0, 12)};
  }

  /// The next unit from `which` on, around, that holds something acquired.
  InFlightWindow::Handle acquired_near(std::size_t which) const {
    for (std::size_t step = 0; step < units_.size(); ++step) {
      const auto at = units_[(which + step) % units_.size()];
      const InFlightBatch& unit = partition_.window()[at];
      if (unit.by_offset || unit.whole.state() == RecordState::acquired) return at;
    }
    return units_[which];
  }

  /// Acquired offsets of one owner, from a random place on; none if the unit holds none.
  std::optional<Span> acquired_run(InFlightWindow::Handle at, const InFlightBatch& unit) {
    if (unit.last < unit.first) return std::nullopt;
    const auto& window = partition_.window();
    const auto is_acquired = [&](Offset offset) { return window.state(at, offset).state() == RecordState::acquired; };
    Offset first = chance_.between(unit.first, unit.last);
    for (Offset step = 0; step <= unit.last - unit.first && !is_acquired(first); ++step)
      first = first < unit.last ? first + 1 : unit.first;
    if (!is_acquired(first)) return std::nullopt;
    Span run{first, first};
    const MemberId owner = window.state(at, first).owner();
    while (run.last < unit.last && is_acquired(run.last + 1) && window.state(at, run.last + 1).owner() == owner &&
           !chance_.happens({1, 6}))
      ++run.last;
    return run;
  }

  std::optional<MemberId> owner_of(Offset offset) const {
    const auto& window = partition_.window();
    const auto at = window.floor(offset);
    if (at == InFlightWindow::none || !window[at].covers(offset)) return std::nullopt;
    const MemberId owner = window.state(at, offset).owner();
    return owner == nobody ? std::nullopt : std::optional{owner};
  }

  AcknowledgeType type() {
    if (chance_.happens({theme_.unknown_types, 100})) {
      constexpr std::array<std::int8_t, 3> unknown{5, -1, 100};
      return static_cast<AcknowledgeType>(chance_.pick(unknown));
    }
    using enum AcknowledgeType;
    constexpr std::array all{accept, release, reject, gap, renew};
    constexpr std::array<std::uint32_t, all.size()> weights{35, 28, 14, 9, 14};
    return all[chance_.weighted(weights)];
  }

  void add(op::Acknowledge& acknowledge, const Span& span) {
    constexpr Offset listed_max = 64;  // Longer ranges get one type for all.
    const Offset size = span.last - span.first + 1;
    const bool listed = size >= 1 && size <= listed_max && chance_.happens({2, 5});
    const auto count = static_cast<std::uint32_t>(listed ? size : 1);
    acknowledge.batches.push_back({span.first, span.last, static_cast<std::uint32_t>(acknowledge.types.size()), count});
    for (std::uint32_t i = 0; i < count; ++i) acknowledge.types.push_back(type());
  }

  const SharePartition& partition_;
  const Theme& theme_;
  Chance& chance_;
  std::vector<InFlightWindow::Handle> units_;
};

}  // namespace

op::Acknowledge draw_acknowledge(const SharePartition& partition, const Theme& theme, MemberId otherwise,
                                 Chance& chance) {
  return Draw{partition, theme, chance}.acknowledge(otherwise);
}

}  // namespace sharelock::interop
