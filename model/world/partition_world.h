// One partition and everything that share groups do with it: its log, its groups with a share partition each, their
// store, the two brokers that can lead it, and the members with their connections and sessions.
//
// Owns:             which steps are possible, what each does, and who is told of it.
// Knows nothing of: when a step happens and who picks it; chance, threads, files.
// Therefore:        a plan of steps, applied again, gives the same world and the same observations.
#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <memory>
#include <span>
#include <vector>

#include "model/coding/coder.h"
#include "model/log/partition_log.h"
#include "model/store/share_coordinator_shard.h"
#include "model/world/administration.h"
#include "model/world/group.h"
#include "model/world/member.h"
#include "model/world/settings.h"

namespace sharelock {

class PartitionWorld {
 public:
  using Step = sharelock::Step;

  /// A new world with an empty log: every group initialised in the store, every member started and without a session.
  /// With administration nothing is initialised, and nobody has joined.
  /// `settings` must outlive the world and its copies.
  explicit PartitionWorld(const WorldSettings& settings);

  /// Carries out `step` at that time and appends what happened to `out`. False, and nothing changed, if the step is not
  /// possible now. Times never go back from one call to the next.
  bool apply(const Step& step, TimeMs at, Observations& out);
  /// The same step without a hint: what it means is said by its name alone, as plans need it. For use before `apply`.
  Step named(const Step& step) const;

  // --- For a search (enabled.cpp, coding.cpp)

  /// Appends everything that can happen next within the bounds of the settings, in order. Each of these steps can be
  /// applied at `later()`.
  void enabled(std::vector<Step>& steps) const;
  /// Whether something is under way that goes on by itself: whether `enabled` offers a step that goes on (bounds.h) and
  /// is no fault. Quicker than asking for the steps.
  bool is_under_way() const;
  /// A time at which all deadlines have passed: as a search sees it, anything may take as long as it likes.
  TimeMs later() const;

  /// Appends the canonical bytes of this world with its members called by these names. Worlds with equal bytes have
  /// equal futures; what cannot matter any more is left out, and of offsets, epochs and deadlines only their order and,
  /// for offsets, their distances are kept.
  void encode(Encoding& out, const MemberNames& names = {}) const;
  /// Becomes a world with that encoding. Settings stay.
  void decode(std::span<const std::byte> bytes);
  /// The parts of `encode` and `decode`, for what is coded together with a world: first everything is surveyed, then
  /// everything is written from the base on.
  void survey(Survey& survey) const { code(*this, survey); }
  Offset base(const Survey& survey) const { return log_.base_for(survey.lowest()); }
  void write(Writer& writer) const { code(*this, writer); }
  /// What `write` writes of one member, but for how it hangs together with groups: alike for members that differ only
  /// by their names.
  void write_member(Writer& writer, MemberId id) const;
  void read(Reader& reader) { code(*this, reader); }
  /// As if nothing of the bounds had been used up: for comparing worlds that differ in nothing else.
  void renew_bounds() { spent_ = {}; }
  /// The members that have equal settings: sets of two and more, member numbers from 0.
  std::vector<std::vector<std::size_t>> interchangeable() const;

  // --- What can be seen

  const WorldSettings& settings() const { return *settings_; }
  const PartitionLog& log() const { return log_; }
  const ShareCoordinatorShard& store() const { return store_; }
  /// Which broker leads, and since which epoch; others may not know it yet.
  BrokerId leader() const { return leader_; }
  std::int32_t leader_epoch() const { return leader_epoch_; }
  const Broker& broker(BrokerId id) const { return brokers_[index_of(id)]; }
  BrokerRole role_of(BrokerId id) const { return id == leader_ ? BrokerRole::leader : BrokerRole::other; }
  BrokerId broker_of(BrokerRole role) const { return role == BrokerRole::leader ? leader_ : other_than(leader_); }
  /// Whether a broker knows who leads now.
  bool has_learned(BrokerId id) const { return broker(id).leader_epoch == leader_epoch_; }
  /// The share partition that the leader works with, if it knows that it leads; null if there is none.
  const ShareInstance* serving(GroupId id) const;
  /// The group's configuration in force.
  const GroupConfiguration& configuration(GroupId id) const { return configuration(id, group(id).configuration); }
  const Group& group(GroupId id) const { return groups_[id.value() - 1]; }
  const Member& member(MemberId id) const { return members_[id.value() - 1]; }
  std::size_t group_count() const { return groups_.size(); }
  std::size_t member_count() const { return members_.size(); }
  /// What the store holds for a group; state epoch and start offset are -1 if that is nothing.
  const ShareSnapshot& stored(GroupId id) const;
  /// Whether the store would refuse a write now and may answer it like another one that travels with it (SC-8, CV-6).
  bool may_be_answered_alike(GroupId group, const StoreRequest& request) const;
  /// Whether a load from the latest snapshot would let the store forget leader epochs of a group (SC-71, CV-3).
  bool forgets_leaders(GroupId group) const;
  /// Null in a world without administration.
  const Administration* administration() const { return administration_.get(); }
  /// Which partition of its topic the world is about.
  std::int32_t partition() const { return settings_->partition_added ? 1 : 0; }
  /// Whether the partition is there already.
  bool partition_exists() const { return !administration_ || administration_->partitions() > partition(); }
  /// Whether the partition is assigned to a member.
  bool may_fetch(MemberId id) const { return !administration_ || member(id).assigned; }
  /// Whether the group has members that live, and the partition is there and not initialised, or assigned to none of
  /// them.
  bool lacks_service(GroupId id) const;

 private:
  /// One call of `apply`: what every part of it needs.
  struct Call {
    const Step& step;
    TimeMs now;
    Observations& out;
  };

  Group& group_of(GroupId id) { return groups_[id.value() - 1]; }
  Member& member_of(MemberId id) { return members_[id.value() - 1]; }
  const MemberSettings& settings_of(MemberId id) const { return settings_->of(id); }
  const GroupConfiguration& configuration(GroupId id, std::uint32_t number) const {
    const GroupSettings& settings = settings_->of(id);
    return number == 0 ? settings.configuration : settings.changes[number - 1];
  }
  Broker& broker_at(BrokerId id) { return brokers_[index_of(id)]; }
  SharePartitionKey key_of(GroupId id) const { return {id, Administration::topic, partition()}; }

  // enabled.cpp, coding.cpp
  class Offer;
  Offset first_start(GroupId id) const;
  Offset lowest_start() const;
  bool is_awaited(RequestId request) const;
  bool would_store(GroupId group, const StateEntry& entry) const;
  bool can_matter(GroupId group, const ShareInstance& instance) const;
  bool can_matter(GroupId group, const StoreRequest& request) const;
  /// Of all that the network holds of a group, for `visit(copy)`: copies that the store would still take over.
  template <class Visit>
  void for_each_copy(GroupId group, Visit&& visit) const {
    this->group(group).copies.for_each([&](const StoreRequest& copy) {
      if (would_store(group, copy.entry)) visit(copy);
    });
  }
  bool has_effect(GroupId group, const ShareInstance& instance, const StoreRequest& request) const;
  bool changes_store(GroupId group, const StoreRequest& request) const;
  template <class Coder, class Self>
  static void code(Self& self, Coder& coder);
  struct Coding;

  // partition_world.cpp: the log, and what all parts share
  bool carry_out(Call& call);
  bool configure(Call& call);
  bool apply_to_log(Call& call);
  template <class Change>
  Outcome on_partition(Call& call, GroupId group, InstanceNumber instance, Change&& change);
  LogLookups look_ups() const;
  void store_start(Call& call, GroupId group, StoreRequest request);
  void tell_effects(Call& call, GroupId id, InstanceNumber number, const Outbox& outbox);
  void log_grew(Call& call, Offset from);
  void wake(Call& call, GroupId group, BrokerId broker);
  static void schedule_check(Call& call, GroupId group, const Waiter& waiter, Connection& connection);
  void drop(Call& call, GroupId group, InstanceNumber instance);
  void forget_if_idle(GroupId group, InstanceNumber instance);

  // world_client.cpp
  bool send(Call& call, MemberRequest::Kind kind);
  bool acknowledge(Call& call);
  bool response_arrives(Call& call);
  std::int64_t read_records(Call& call, Member& member, const MemberResponse& response);
  void outcome_known(Call& call, MemberId id, Connection& connection, KafkaError error);
  Connection& connect(Member& member);
  static void break_connection(Connection& connection);
  bool crash(Call& call);
  bool disconnect(Call& call);
  bool restart(Call& call);
  bool member_learns(Call& call);

  // world_leader.cpp
  /// What a step of a member is about at the broker.
  struct At {
    MemberId id;
    GroupId group;
    Member& member;
    Connection& connection;
  };
  At at(MemberId id, Connection& connection) { return {id, settings_of(id).group, member_of(id), connection}; }
  bool request_arrives(Call& call);
  KafkaError check_session(Call& call, const At& at);
  void take_acknowledgements(Call& call, const At& at);
  InstanceNumber cached_instance(Call& call, GroupId group, BrokerId broker);
  void answer_if_done(Call& call, const At& at);
  void close_session(Call& call, const At& at);
  void release_acquired(Call& call, const At& at);
  bool disconnect_noticed(Call& call);
  ShareInstance* find_lock(const Step& step, LockId& lock);
  bool lock_fires(Call& call);
  bool lock_handled(Call& call);
  bool leader_moves(Call& call);
  bool broker_learns(Call& call);
  void initialised(Call& call, GroupId group, InstanceNumber instance, KafkaError error);
  void request_done(Call& call, GroupId group, InstanceNumber instance, RequestId request, KafkaError error);

  // world_fetch.cpp
  bool reads_end_later() const { return settings_->log_reads == LogReading::end_later; }
  void begin_fetch(Call& call, const At& at);
  void fetch_ended(const At& at);
  bool try_fetch(Call& call, const At& at, Attempt attempt);
  bool attempt_ends(Call& call, const At& at);
  bool is_enough(const At& at, const LogRead& read) const;
  Outcome complete(Call& call, const At& at, SharePartition& partition, const LogRead& read, const Surroundings& around,
                   Outbox& out);
  Outcome acquire(Call& call, const At& at, SharePartition& partition, const LogRead& read, const Surroundings& around,
                  Outbox& out);
  void unlock(Call& call, const At& at, SharePartition& partition, const Surroundings& around, Outbox& out);
  void give_lock_back(Call& call, const At& at);
  void wake_who_met(Call& call, const At& at);
  void abandon_read(Call& call, const At& at);
  bool check_fetch(Call& call);
  bool fetch_expires(Call& call);
  void complete_in_any_case(Call& call, const At& at);
  bool log_read_ends(Call& call);

  // world_store.cpp
  void ask_store(Call& call, GroupId group, StoreRequest request);
  enum class Wanted : std::uint8_t { any, not_applied, applied };
  template <class Requests>
  static StoreRequest* find_request(Requests& requests, const Step& step, Wanted wanted);
  static bool is_named(const StoreRequest& request, const Step& step, Wanted wanted);
  static bool is_named(const TimedLock& timed, const Step& step);
  void deliver_read(Call& call, const StoreRequest& request, const StateResult& result);
  bool store_applies(Call& call);
  bool store_answers(Call& call);
  bool store_copied(Call& call);
  bool store_applies_alike(Call& call);
  bool store_repeats(Call& call);
  bool store_reloads(Call& call);
  bool dead_letter_answers(Call& call);
  StateResult apply_told(Call& call, GroupId group, const StoreRequest& request, bool repeated);
  StateResult apply_to_store(GroupId group, const StateEntry& entry, TimeMs now);

  // world_administration.cpp
  template <class Change>
  void on_coordinator(Call& call, GroupId group, Change&& change);
  static void restart_clock(Call& call, Administration& administration, GroupId group);
  GroupSurroundings around_coordinator(GroupId group, const Administration& administration) const;
  bool heartbeat(Call& call);
  bool heartbeat_matters(MemberId id) const;
  bool leave(Call& call);
  bool member_expires(Call& call);
  bool group_coordinator_moves(Call& call);
  bool initialise_overdue(Call& call);
  bool alter_offsets(Call& call);
  bool partition_created(Call& call);
  void initialise(Call& call, GroupId group, const InitialiseRequest& request, bool alters);
  void initialise_answered(Call& call, const StoreRequest& request, KafkaError error);
  bool can_be_overdue(GroupId group) const;
  bool can_alter(GroupId group) const;

  const WorldSettings* settings_;
  PartitionLog log_;
  Topics topics_;
  ShareCoordinatorShard store_;
  Offset store_records_ = 0;
  BrokerId leader_ = BrokerId::one;
  std::int32_t leader_epoch_ = 0;
  std::array<Broker, broker_count> brokers_{{{.leads = true}, {}}};
  TimeMs now_ = 0;  ///< Of the last step.
  Spent spent_;
  boost::container::small_vector<Group, 1> groups_;
  boost::container::small_vector<Member, 2> members_;
  Outbox outbox_;  ///< Empty between calls; kept so that a call need not allocate.
  /// Shared between copies of the world, and copied before it changes.
  std::shared_ptr<const Administration> administration_;
};

}  // namespace sharelock
