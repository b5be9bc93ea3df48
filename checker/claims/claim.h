// A claim: an id, a sentence, a promise, and a small memory that observations update.
//
// A claim is a type with `static constexpr ClaimInfo info` and any of
//   see(const seen::X&, Watch&)        an observation of its group (or of the log) arrived;
//   look(const OffsetSpan&, Watch&)    the states of these offsets, in the cached share partition, may have changed;
//   look_at_dropped(const ShareInstance&, const OffsetSpan&, Watch&)  the same in one that is no longer cached;
//   settle(Watch&)                     the step is over;
//   finish(Watch&)                     the world was healed and given time: what is left undone?
//   scan(Watch&)                       the twin of all of these for tests: what the memory says, or should say, is
//                                      found again by looking at the whole world;
//   code(self, coder, const Watch&)    what of the memory can still matter (model/coding/survey.h); a coder that reads
//                                      has read the world before.
// Memory is a value, one per group. Costs must not grow with the number of records: a step pays for what it touched.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/interval_set.h"
#include "model/partition/for_each_state.h"
#include "model/world/partition_world.h"

namespace sharelock {

enum class Promise : std::uint8_t { always, eventually };

struct ClaimInfo {
  std::string_view id;  ///< Never changes: reports and scenarios cite it.
  std::string_view sentence;
  Promise promise = Promise::always;
};

/// Why a world is wrong, in words that a Kafka engineer can act on.
struct Violation {
  std::string_view claim;
  GroupId group{};
  std::string what;

  friend bool operator==(const Violation&, const Violation&) = default;
};

/// What a claim sees of a step, and where it says that it is broken. The first violation of a step counts.
struct Watch {
  const PartitionWorld& world;
  GroupId group;
  TimeMs at;
  std::optional<Violation>& found;

  const GroupSettings& settings() const { return world.settings().of(group); }
  /// In force now.
  const GroupConfiguration& configuration() const { return world.configuration(group); }
  /// The cached share partition; null if there is none.
  const ShareInstance* instance() const { return world.group(group).cached(); }
  bool is_current(InstanceNumber number) const { return world.group(group).current == number; }
  /// Whether a share partition works with the state that is stored now, and not with an earlier initialisation.
  bool is_of_present_epoch(InstanceNumber number) const {
    if (world.administration() == nullptr) return true;
    const ShareInstance* instance = world.group(group).find(number);
    return instance != nullptr && instance->partition.state_epoch() == world.stored(group).state_epoch;
  }
  void fail(const ClaimInfo& claim, std::string what) {
    if (!found) found = Violation{claim.id, group, std::move(what)};
  }
};

/// All that a share partition tracks, also below its start offset.
inline OffsetSpan all_of(const InFlightWindow& window) {
  return window.empty() ? OffsetSpan{} : OffsetSpan{window[window.first()].first, window.last_offset()};
}

/// Codes whether a share partition was loaded, and is still there to be asked about. True if so.
template <class Coder, class Flag>
bool code_loaded(Flag& loaded, Coder& coder, const Watch& watch) {
  bool here = loaded && watch.instance() != nullptr;
  coder.flag(here);
  if constexpr (Coder::reads) loaded = here;
  return here;
}

}  // namespace sharelock
