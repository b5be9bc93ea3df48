#include "checker/claims/lock.h"

namespace sharelock::claims {
namespace {

std::string name_of(const Watch& watch, MemberId member) {
  return watch.world.settings().of(member).name;
}

}  // namespace

void Lock::see(const seen::FetchUnlocked& unlocked, Watch& watch) {
  if (unlocked.held || !watch.is_current(unlocked.instance)) return;
  watch.fail(info,
             "the fetch of " + name_of(watch, unlocked.member) + " gives back a fetch lock that it does not hold");
}

void Lock::scan(Watch& watch) const {
  const ShareInstance* instance = watch.instance();
  if (instance == nullptr) return;
  const FetchId holder = instance->partition.fetch_lock();
  // Where an attempt is one step, nobody believes anything after it.
  if (holder == FetchId{} && watch.world.settings().log_reads == LogReading::end_at_once) return;
  bool is_known = holder == FetchId{};
  for (const Waiter& waiter : watch.world.group(watch.group).waiting) {
    const Connection& connection = *watch.world.member(waiter.member).find(waiter.connection);
    if (connection.fetched_from != instance->number) continue;
    const bool holds = fetch_id(waiter.member, connection) == holder;
    if (connection.holds_lock && !holds && instance->partition.state() == PartitionState::active)
      return watch.fail(info, "the fetch of " + name_of(watch, waiter.member) +
                                  " believes that it holds the fetch lock, and it does not");
    is_known |= holds && connection.holds_lock && connection.attempt != Attempt::none;
  }
  if (!is_known) watch.fail(info, "the fetch lock is held by no fetch that is under way: nobody gives it back");
}

}  // namespace sharelock::claims
