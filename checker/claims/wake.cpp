#include "checker/claims/wake.h"

namespace sharelock::claims {

/// While somebody else holds the fetch lock nobody could acquire: whoever met it is judged when the lock is free.
void Wake::scan(Watch& watch) const {
  const Group& group = watch.world.group(watch.group);
  const ShareInstance* instance = watch.instance();
  if (group.waiting.empty() || instance == nullptr || instance->partition.fetch_lock() != FetchId{}) return;
  const std::optional<Offset> first = first_acquirable(watch);
  if (!first) return;
  const bool needs_session = !watch.world.settings().profile.has(Switch::acquires_without_session);
  for (const Waiter& waiter : group.waiting) {
    const Member& member = watch.world.member(waiter.member);
    const Connection& connection = *member.find(waiter.connection);
    if (connection.check_scheduled || connection.fetched_from != instance->number) continue;
    if (needs_session && !member.session_at(connection.broker).open) continue;
    return watch.fail(info, watch.world.settings().of(waiter.member).name + " waits and could acquire " +
                                std::to_string(*first) + ", and nothing will check its fetch");
  }
}

std::optional<Offset> Wake::first_acquirable(const Watch& watch) {
  const ShareInstance& instance = *watch.instance();
  const SharePartition& partition = instance.partition;
  if (partition.state() != PartitionState::active) return {};
  const PartitionLog& log = watch.world.log();
  const Isolation isolation = watch.settings().isolation;
  const Offset from = partition.peek_next_fetch_offset();
  if (from >= log.readable_end(isolation)) return {};
  const LogRead read = log.read(from, isolation, 1, watch.world.broker(instance.broker).sees_until);
  if (read.batches.empty()) return {};
  const Offset first = std::max(from, read.batches.front().base);
  const LogLookups lookups;
  const Surroundings around{watch.at, watch.world.settings().profile, watch.configuration(), lookups};
  const InFlightWindow& window = partition.window();
  const bool inside = !window.empty() && first <= partition.end_offset();
  if (!inside) return partition.in_flight() < partition.max_record_locks(around) ? std::optional{first} : std::nullopt;
  const InFlightWindow::Handle at = window.floor(first);
  if (at == InFlightWindow::none || window[at].last < first) return first;
  const InFlightState& state = window.state(at, first);
  const bool exhausted =
      state.delivery_count() >= partition.delivery_rule(around).limit && !around.profile.has(Switch::acquires_at_limit);
  return state.state() == RecordState::available && !state.is_pending() && !exhausted ? std::optional{first}
                                                                                      : std::nullopt;
}

}  // namespace sharelock::claims
