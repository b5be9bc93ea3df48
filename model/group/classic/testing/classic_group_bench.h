// What the tests of classic groups use: a coordinator, the members' answers, and what was written.
#pragma once

#include <functional>

#include "model/group/classic/classic_group.h"

namespace sharelock::classic_bench {

inline constexpr TopicName topic{1};
inline constexpr MemberId m1{1};
inline constexpr MemberId m2{2};
inline constexpr MemberId m3{3};

inline std::vector<ClassicProtocol> able(std::initializer_list<ClassicAssignor> assignors) {
  std::vector<ClassicProtocol> protocols;
  for (const ClassicAssignor assignor : assignors) protocols.push_back({assignor, {{topic}}});
  return protocols;
}

/// A coordinator, the members' answers, and what was written.
class Bench {
 public:
  /// Joins as a new member that knows its id already.
  void join(MemberId id, std::vector<ClassicProtocol> protocols = able({ClassicAssignor::range})) {
    ClassicJoin request{.request = next(),
                        .who = {group.members().contains(id) ? id : MemberId{}},
                        .proposed = id,
                        .needs_id_first = false,
                        .protocols = std::move(protocols)};
    settled([&](ClassicGroupOutbox& out) { group.join(request, configuration, out); });
  }
  /// Joins under its instance, as it does when it starts, and gets this id.
  void start(MemberId id, InstanceId instance,
             std::vector<ClassicProtocol> protocols = able({ClassicAssignor::range})) {
    ClassicJoin request{.request = next(), .who = {{}, instance}, .proposed = id, .protocols = std::move(protocols)};
    request.can_skip = can_skip;
    settled([&](ClassicGroupOutbox& out) { group.join(request, configuration, out); });
  }
  void sync(MemberId id, std::map<MemberId, NamedPartitions> assignments = {}) {
    const ClassicSync request{next(), {id}, group.generation(), ClassicAssignor::range, std::move(assignments)};
    settled([&](ClassicGroupOutbox& out) { group.sync(request, out); });
  }
  /// (No template: it calls itself with a lambda, each of which would be another type.)
  void settled(const std::function<void(ClassicGroupOutbox&)>& call) {
    ClassicGroupOutbox out;
    call(out);
    for (const ClassicEffect& effect : out) {
      if (const auto* joined = std::get_if<classic_effect::JoinAnswered>(&effect)) joins.push_back(joined->answer);
      if (const auto* synced = std::get_if<classic_effect::SyncAnswered>(&effect)) syncs.push_back(synced->answer);
      if (const auto* timer = std::get_if<classic_effect::JoinTimerArmed>(&effect)) join_timer = timer->timeout;
      if (const auto* written = std::get_if<classic_effect::GroupWritten>(&effect)) {
        record = written->record;
        settled([&](ClassicGroupOutbox& more) { group.group_written(write_error, configuration, more); });
      }
    }
  }
  void join_timer_fires() {
    settled([&](ClassicGroupOutbox& out) { group.join_expired(out); });
  }
  void sync_timer_fires() {
    settled([&](ClassicGroupOutbox& out) { group.sync_expired(configuration, out); });
  }
  void session_expires(MemberId id) {
    settled([&](ClassicGroupOutbox& out) { group.session_expired(id, configuration, out); });
  }
  KafkaError leave(MemberId id, InstanceId instance = {}) {
    KafkaError error{};
    settled([&](ClassicGroupOutbox& out) { error = group.leave({{id, instance}}, configuration, out).front(); });
    return error;
  }
  KafkaError heartbeat(MemberId id, std::int32_t generation, InstanceId instance = {}) {
    ClassicGroupOutbox out;
    return group.heartbeat({id, instance}, generation, out);
  }
  KafkaError commit(MemberId id, std::int32_t generation, Offset offset = 7) {
    ClassicGroupOutbox out;
    return group.commit({{id}, generation, {{{topic, 0}, offset}}}, out);
  }
  /// A stable group of these members, in generation 1.
  void stable(std::initializer_list<MemberId> members) {
    for (const MemberId id : members) join(id);
    join_timer_fires();
    if (members.size() > 1) join_timer_fires();
    for (const MemberId id : members) sync(id, {{id, {{topic, {0}}}}});
    joins.clear();
    syncs.clear();
  }

  ClassicGroupConfiguration configuration;
  ClassicGroup group;
  std::vector<ClassicJoinAnswer> joins;
  std::vector<ClassicSyncAnswer> syncs;
  std::optional<ClassicGroupRecord> record;
  TimeMs join_timer = 0;
  bool can_skip = true;
  KafkaError write_error = KafkaError::none;

 private:
  ClassicRequestId next() { return ClassicRequestId{++requests_}; }
  std::uint64_t requests_ = 0;
};

}  // namespace sharelock::classic_bench
