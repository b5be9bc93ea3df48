#include "model/world/tell.h"

#include "model/world/step.h"

namespace sharelock {
namespace {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string error_text(KafkaError error) {
  const std::string_view name = name_of(error);
  return name.empty() ? joined({"error ", std::to_string(static_cast<int>(error))}) : std::string{name};
}

std::string_view words_of(StoreCause cause) {
  switch (cause) {
    case StoreCause::load:
      return "reading the state";
    case StoreCause::acknowledgement:
      return "writing an acknowledgement";
    case StoreCause::session_end:
      return "writing a session's end";
    case StoreCause::lock_expiry:
      return "writing an expired lock";
    case StoreCause::dead_letter:
      return "writing a dead letter";
    case StoreCause::archive:
      return "writing archived records";
    case StoreCause::start:
      return "writing where the group begins";
    case StoreCause::initialise:
      return "initialising the state";
  }
  return {};
}

/// Who is who: names of members, and of groups where there are several.
class Teller {
 public:
  explicit Teller(const WorldSettings& settings) : settings_{settings} {}

  std::string name(MemberId id) const { return id == nobody ? "nobody" : settings_.of(id).name; }
  Told by_leader(GroupId id, std::initializer_list<std::string_view> parts) const {
    return {settings_.groups.size() > 1 ? joined({"leader/", settings_.of(id).name}) : "leader", joined(parts)};
  }
  Told by_member(MemberId id, std::initializer_list<std::string_view> parts) const { return {name(id), joined(parts)}; }

  using Line = std::optional<Told>;
  Line operator()(const seen::InstanceLoaded& loaded) const {
    if (loaded.error != KafkaError::none)
      return by_leader(loaded.group, {"cannot load the share partition: ", error_text(loaded.error)});
    return by_leader(loaded.group, {"loads the share partition"});
  }
  Line operator()(const seen::InstanceDropped& dropped) const {
    return by_leader(dropped.group, {"gives the share partition up"});
  }
  Line operator()(const seen::SessionOpened& opened) const { return by_member(opened.member, {"begins a session"}); }
  Line operator()(const seen::SessionClosed& closed) const {
    return by_member(closed.member, {closed.released ? "session ends: its records are released" : "loses its session"});
  }
  Line operator()(const seen::Acquired& acquired) const {
    return by_member(acquired.member, {"acquires ", range_text(acquired.first, acquired.last), ", delivery ",
                                       std::to_string(acquired.delivery_count)});
  }
  Line operator()(const seen::LogReadAsked& asked) const {
    return by_member(asked.member, {"takes the fetch lock and reads from ", std::to_string(asked.from)});
  }
  Line operator()(const seen::FetchUnlocked& unlocked) const {
    return by_member(unlocked.member, {unlocked.held ? "gives the fetch lock back" : "gives back a lock it has not"});
  }
  Line operator()(const seen::AcknowledgementTaken& taken) const {
    const bool refused = taken.error != KafkaError::none;
    return by_member(taken.member, {name_of(taken.type), "s ", range_text(taken.first, taken.last), refused ? ": " : "",
                                    refused ? error_text(taken.error) : ""});
  }
  Line operator()(const seen::AcknowledgementFailed& failed) const {
    return by_member(failed.member, {"is told that its ", name_of(failed.type), " of ",
                                     range_text(failed.first, failed.last), " failed: ", error_text(failed.error)});
  }
  Line operator()(const seen::LockHandled& handled) const {
    return by_leader(handled.group, {"lock of ", name(handled.lock.owner), " on ",
                                     range_text(handled.lock.first, handled.lock.last), " has expired"});
  }
  Line operator()(const seen::StartOffsetMoved& moved) const {
    return by_leader(moved.group, {"start offset ", std::to_string(moved.from), " -> ", std::to_string(moved.to)});
  }
  Line operator()(const seen::CallAborted& aborted) const {
    return by_leader(aborted.group, {"internal error in ", form_of(aborted.during).name});
  }
  Line operator()(const seen::StoreApplied& applied) const {
    if (applied.repeated) return Told{"store", joined({"is asked again: ", words_of(applied.cause)})};
    if (applied.newer) return Told{"store", "begins anew, state epoch " + std::to_string(applied.state_epoch)};
    if (applied.error == KafkaError::none) return {};
    return Told{"store", joined({"refuses ", words_of(applied.cause), ": ", error_text(applied.error)})};
  }
  Line operator()(const seen::StoreReloaded& reloaded) const {
    return Told{"store",
                "is loaded from its log, and knows of no leader epoch above " + std::to_string(reloaded.leader_epoch)};
  }
  Line operator()(const seen::StoreAnswered& answered) const {
    if (answered.error == KafkaError::none) return {};
    if (answered.cause == StoreCause::initialise)
      return Told{"coordinator", joined({words_of(answered.cause), " failed: ", error_text(answered.error),
                                         answered.applied ? " (but it is stored)" : ""})};
    const bool ranged = answered.first <= answered.last;
    return by_leader(answered.group, {words_of(answered.cause), ranged ? " " : "",
                                      ranged ? range_text(answered.first, answered.last) : "", " failed: ",
                                      error_text(answered.error), answered.applied ? " (but it is stored)" : ""});
  }
  Line operator()(const seen::DeadLetterAsked& asked) const {
    const bool rejected = asked.cause == DeadLetterCause::rejected;
    return by_leader(asked.group, {range_text(asked.first, asked.last),
                                   " to the dead-letter queue: ", rejected ? "rejected" : "delivered too often"});
  }
  Line operator()(const seen::MemberCrashed& crashed) const { return by_member(crashed.member, {"dies silently"}); }
  Line operator()(const seen::MemberDisconnected& broken) const {
    return by_member(broken.member, {"loses its connection"});
  }
  Line operator()(const seen::MemberStarted& started) const { return by_member(started.member, {"connects again"}); }
  Line operator()(const seen::Appended& appended) const {
    return Told{"log", joined({"gets ", range_text(appended.first, appended.last)})};
  }
  Line operator()(const seen::TransactionEnded& ended) const {
    return Told{"log", ended.marker == ControlType::abort ? "a transaction is aborted" : "a transaction is committed"};
  }
  Line operator()(const seen::Compacted& compacted) const {
    return Told{"log", joined({"loses ", range_text(compacted.first, compacted.last), " to compaction"})};
  }
  Line operator()(const seen::LogStartMoved& moved) const {
    return Told{"log", joined({"start moves to ", std::to_string(moved.to)})};
  }
  Line operator()(const seen::LeaderMoved& moved) const {
    return Told{"leader", joined({"moves to the other broker, leader epoch ", std::to_string(moved.leader_epoch)})};
  }
  Line operator()(const seen::BrokerLearned& learned) const {
    if (learned.broker == BrokerRole::leader) return Told{"leader", "learns that it leads"};
    return Told{"former", learned.leads ? "learns that it leads" : "learns that it does not lead"};
  }
  Line operator()(const seen::MemberLearned& learned) const {
    return by_member(learned.member, {"turns to the new leader"});
  }
  Line operator()(const seen::ConfigurationChanged& changed) const {
    return by_leader(changed.group, {"goes by another configuration of the group"});
  }
  Line operator()(const seen::HeartbeatAnswered& answered) const {
    if (answered.error != KafkaError::none)
      return by_member(answered.member, {"is told by the group coordinator: ", error_text(answered.error)});
    if (answered.newly_assigned) return by_member(answered.member, {"is assigned the partition"});
    if (answered.joins)
      return by_member(answered.member, {"joins the group, member epoch ", std::to_string(answered.epoch)});
    return {};
  }
  Line operator()(const seen::MemberLeft& left) const {
    return by_member(left.member, {left.expired ? "is taken out of the group" : "leaves the group"});
  }
  Line operator()(const seen::GroupCoordinatorMoved&) const {
    return Told{"coordinator", "is loaded by another broker from its log"};
  }
  Line operator()(const seen::AlterationBegun& begun) const {
    return Told{"coordinator", joined({"alters the start offset to ", std::to_string(begun.start), ", state epoch ",
                                       std::to_string(begun.state_epoch)})};
  }
  Line operator()(const seen::AlterationAnswered& answered) const {
    const bool done = answered.error == KafkaError::none;
    return Told{"coordinator", joined({"start offset ", std::to_string(answered.start),
                                       done ? " is set" : " is not set: ", done ? "" : error_text(answered.error)})};
  }
  Line operator()(const seen::PartitionCreated&) const { return Told{"log", "is created: the topic grows"}; }
  template <class Other>
  Line operator()(const Other&) const {
    return {};
  }

 private:
  const WorldSettings& settings_;
};

}  // namespace

std::string range_text(Offset first, Offset last) {
  return first == last ? std::to_string(first) : joined({std::to_string(first), "-", std::to_string(last)});
}

std::optional<Told> tell(const Observation& seen, const WorldSettings& settings) {
  return std::visit(Teller{settings}, seen);
}

}  // namespace sharelock
