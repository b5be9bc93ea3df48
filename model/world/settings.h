// What a world is made of and what never changes in it: its groups, its members, the profile in force.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/partition/partition_call.h"
#include "model/partition/requests.h"
#include "model/partition/surroundings.h"
#include "model/store/share_partition_key.h"
#include "model/world/bounds.h"

namespace sharelock {

/// One share group on the partition.
struct GroupSettings {
  std::string name;
  GroupConfiguration configuration{};
  /// What it may be changed to while it runs, in the order of `configure` steps: the first is number 1.
  std::vector<GroupConfiguration> changes{};
  Isolation isolation = Isolation::read_uncommitted;  ///< share.isolation.level
  /// What the group coordinator initialised the state with: -1 lets share.auto.offset.reset decide at the first read.
  Offset initial_start_offset = -1;
};

/// One member: its client's settings, in the words of the consumer's configuration.
struct MemberSettings {
  std::string name;
  GroupId group{1};
  AcquireMode mode = AcquireMode::batch_optimized;  ///< share.acquire.mode
  std::int32_t max_poll_records = 500;              ///< max.poll.records: of a fetch, and the batch size.
  std::int32_t fetch_max_wait_ms = 500;             ///< fetch.max.wait.ms
  /// A fetch waits until so many offsets can be read, or its time is over: fetch.min.bytes over the size of a record.
  std::int64_t read_offsets_min = 1;

  friend bool operator==(const MemberSettings&, const MemberSettings&) = default;
};

/// Says who listens to the share partitions of a world. Whoever plays a plan once sets it; a search never does.
class InstanceListener {
 public:
  virtual ~InstanceListener() = default;
  /// A share partition was created: the `number`th of its group, for a leader of that epoch.
  virtual PartitionListener* created(GroupId group, std::uint32_t number, std::int32_t leader_epoch,
                                     const Surroundings& around) = 0;
};

/// Whether a fetch attempt is one step, or waits for its log read with the fetch lock held (V-7).
enum class LogReading : std::uint8_t { end_at_once, end_later };

/// Groups are numbered from 1, and so are members, in the order of these lists.
struct WorldSettings {
  Profile profile{ProfileName::v4_4};
  std::vector<GroupSettings> groups;
  std::vector<MemberSettings> members;
  /// A log read returns at most so many offsets, but at least one batch: fetch.max.bytes over the size of a record.
  std::int64_t read_offsets_max = 57'671'680 / 1024;
  LogReading log_reads = LogReading::end_at_once;
  std::int32_t snapshot_updates = 500;  ///< share.coordinator.snapshot.update.records.per.snapshot
  /// Members join through the group coordinator, which initialises delivery state and assigns the partition to them.
  /// Off: they have joined, and all of that is done.
  bool administration = false;
  /// With administration: the partition is added to a topic of one partition while the groups run.
  bool partition_added = false;
  Bounds bounds{};                       ///< Of a search; they bind no other driver.
  InstanceListener* listener = nullptr;  ///< Null: nobody listens.

  const GroupSettings& of(GroupId group) const { return groups[group.value() - 1]; }
  const MemberSettings& of(MemberId member) const { return members[member.value() - 1]; }
};

}  // namespace sharelock
