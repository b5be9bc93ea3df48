#include "checker/claims/wake.h"

namespace sharelock::claims {

/// While somebody else holds the fetch lock nobody could acquire: whoever met it is judged when the lock is free.
void Wake::scan(Watch& watch) const {
  const Group& group = watch.world.group(watch.group);
  const ShareInstance* instance = watch.instance();
  if (group.waiting.empty() || instance == nullptr || instance->partition.fetch_lock() != FetchId{}) return;
  const std::optional<Found> found = acquirable(watch);
  if (!found) return;
  const bool needs_session = !watch.world.settings().profile.has(Switch::acquires_without_session);
  for (const Waiter& waiter : group.waiting) {
    const Member& member = watch.world.member(waiter.member);
    const Connection& connection = *member.find(waiter.connection);
    const bool goes_on = connection.check_scheduled || connection.attempt != Attempt::none;
    if (goes_on || connection.fetched_from != instance->number) continue;
    const WorldSettings& settings = watch.world.settings();
    if (found->offsets < std::min(settings.of(waiter.member).read_offsets_min, settings.read_offsets_max)) continue;
    if (needs_session && !member.session_at(connection.broker).open) continue;
    return watch.fail(info, settings.of(waiter.member).name + " waits and could acquire " +
                                std::to_string(found->first) + ", and nothing will check its fetch");
  }
}

std::optional<Wake::Found> Wake::acquirable(const Watch& watch) {
  const ShareInstance& instance = *watch.instance();
  const SharePartition& partition = instance.partition;
  if (partition.state() != PartitionState::active) return {};
  const PartitionLog& log = watch.world.log();
  const Isolation isolation = watch.settings().isolation;
  const Offset from = partition.peek_next_fetch_offset();
  const Offset end = std::min(log.readable_end(isolation), watch.world.broker(instance.broker).sees_until);
  if (from >= end) return {};
  const LogRead read = log.read(from, isolation, 1, end);
  if (read.batches.empty()) return {};
  const Found found{std::max(from, read.batches.front().base), end - read.batches.front().base};
  const LogLookups lookups;
  const Surroundings around{watch.at, watch.world.settings().profile, watch.configuration(), lookups};
  const InFlightWindow& window = partition.window();
  const bool inside = !window.empty() && found.first <= partition.end_offset();
  if (!inside) return partition.in_flight() < partition.max_record_locks(around) ? std::optional{found} : std::nullopt;
  const InFlightWindow::Handle at = window.floor(found.first);
  if (at == InFlightWindow::none || window[at].last < found.first) return found;
  const InFlightState& state = window.state(at, found.first);
  const bool exhausted =
      state.delivery_count() >= partition.delivery_rule(around).limit && !around.profile.has(Switch::acquires_at_limit);
  return state.state() == RecordState::available && !state.is_pending() && !exhausted ? std::optional{found}
                                                                                      : std::nullopt;
}

}  // namespace sharelock::claims
