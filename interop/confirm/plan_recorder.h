// A plan as the share partitions of its world meet it, written down as operations of the oracle's protocol.
//
// Owns:             the operations of each share partition object, and whether they say all that happened.
// Knows nothing of: scenarios, claims, who plays the plan; the real class.
// Therefore:        what a plan shows in the model can be shown, or refuted, by the released class.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "interop/harness/scripted_partition.h"
#include "interop/protocol/name_table.h"
#include "model/partition/partition_call.h"
#include "model/world/partition_world.h"
#include "model/world/step.h"

namespace sharelock::interop {

/// Why the oracle cannot be asked to do what a plan does.
struct Obstacle {
  std::string why;
  std::string step;  ///< As plans write it, with its time; empty: it came up after the last step.
};

class PlanRecorder;

/// One share partition object, from its creation on: what it was asked, as operations.
class ObjectRecorder final : public PartitionListener {
 public:
  ObjectRecorder(PlanRecorder& plan, GroupId group, std::uint32_t number, std::int32_t leader_epoch,
                 const Surroundings& around);

  /// Every call finds the object as the operations left it, or is the end of what can be written down.
  void hear(const PartitionCall& call, const SharePartition& before, const Surroundings* around) override;

  /// Compares the object with what the operations written down so far lead to.
  /// @throws std::logic_error  if they differ and nothing explains it.
  void check(const SharePartition& now);

  GroupId group() const { return group_; }
  std::uint32_t number() const { return number_; }
  /// They begin with a reset.
  const std::vector<Request>& operations() const { return operations_; }

 private:
  friend class PlanRecorder;
  // One for each call that is an operation, or several.
  void write(const asked::Initialize&) { ask(op::Initialize{}); }
  void write(const asked::ReadAnswered& call);
  void write(const asked::NextFetchOffset&) { ask(op::NextFetchOffset{}); }
  void write(const asked::CanAcquire&) { ask(op::CanAcquire{}); }
  void write(const asked::TryFetchLock& call) { ask(op::Lock{fetch_named(call.fetch)}); }
  void write(const asked::FetchUnlock& call) { ask(op::Unlock{fetch_named(call.fetch)}); }
  void write(const asked::SetFetchMetadata& call) { ask(op::SetFetchMetadata{call.fetch_offset, call.position}); }
  void write(const asked::Acquire& call);
  void write(const asked::Acknowledge& call);
  void write(const asked::ReleaseAcquired& call) { ask(op::Release{call.by}); }
  void write(const asked::LockFired& call) { firing_ = call.lock.id; }
  void write(const asked::LockExpiryHandled& call);
  void write(const asked::LogStartMoved& call) { ask(op::MoveLogStart{call.log_start}); }
  void write(const asked::WriteAnswered& call);
  void write(const asked::DeadLetterAnswered& call);
  void write(const asked::Fence&) { ask(op::Fence{}); }

  void catch_up(const Surroundings& around, bool reads);
  op::Configure changes(const Surroundings& around, bool reads) const;
  FetchNumber fetch_named(FetchId fetch);
  std::optional<PendingId> pending(Pending::Kind kind, HandOverId id) const;
  void ask(Request::Operation operation);
  void end(std::string why);

  PlanRecorder& plan_;
  GroupId group_;
  std::uint32_t number_;
  ScriptedPartition scripted_;
  LogLookups lookups_;
  std::map<FetchId, FetchNumber> fetches_;
  std::vector<Request> operations_;
  bool loaded_ = false;       ///< Its read was answered.
  LockId firing_{};           ///< The lock that the last call fired.
  bool fired_apart_ = false;  ///< A lock fired, and its mark may stand without its handler having run.
  bool ended_ = false;        ///< An obstacle was met: what follows is not this object any more.
};

class PlanRecorder final : public InstanceListener {
 public:
  /// @param names  For members and fetches; must be new, and outlive this.
  PlanRecorder(KafkaLine line, const WorldSettings& settings, NameTable& names);

  PartitionListener* created(GroupId group, std::uint32_t number, std::int32_t leader_epoch,
                             const Surroundings& around) override;
  /// Everything that was heard since the last call of this was brought about by this step.
  void took(TimeMs at, const Step& step, const PartitionWorld& world);

  const std::deque<ObjectRecorder>& objects() const { return objects_; }
  /// The first there is.
  const std::optional<Obstacle>& obstacle() const { return obstacle_; }

 private:
  friend class ObjectRecorder;
  void meet(std::string why);
  bool has_successor(const ObjectRecorder& object) const;

  KafkaLine line_;
  const WorldSettings& settings_;
  NameTable& names_;
  std::deque<ObjectRecorder> objects_;
  std::optional<Obstacle> obstacle_;
};

}  // namespace sharelock::interop
