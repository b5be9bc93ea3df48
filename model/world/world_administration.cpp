// The group coordinator in the world: members join and leave, delivery state is initialised, offsets are altered.
//
// Time is told to the coordinator only as far as it asks for it: a record of what is being initialised is as old as its
// retry interval once a step says so, and until then it is new.
#include "model/world/partition_world.h"

namespace sharelock {
namespace {

/// Kafka's defaults, but that no assignment is put off.
constexpr ShareGroupConfiguration configuration_of_coordinator{.assignment_interval = 0};
constexpr TimeMs retry_interval =
    std::max(configuration_of_coordinator.initialise_retry_interval, configuration_of_coordinator.write_timeout);

constexpr std::int32_t leave_epoch = -1;

HeartbeatRequest request_of(GroupId group, MemberId id, std::int32_t epoch) {
  HeartbeatRequest request{group, id, epoch, {}, {}, {}};
  if (epoch == 0) request.topics = TopicNames{Administration::topic_name};
  return request;
}

}  // namespace

bool Administration::is_initialised(GroupId id, std::int32_t partition) const {
  const ShareGroup* group = coordinator.find(id);
  if (group == nullptr || !group->delivery()) return false;
  const auto& initialised = group->delivery()->topics.initialised;
  const auto found = initialised.find(topic);
  return found != initialised.end() && found->second.partitions.contains(partition);
}

bool Administration::is_initialising(GroupId id) const {
  const ShareGroup* group = coordinator.find(id);
  if (group == nullptr || !group->delivery()) return false;
  return std::ranges::any_of(group->delivery()->topics.initialising,
                             [](const auto& each) { return !each.second.empty(); });
}

GroupSurroundings PartitionWorld::around_coordinator(GroupId id, const Administration& administration) const {
  const ShareGroup* group = administration.coordinator.find(id);
  const TimeMs recorded_at = group != nullptr && group->delivery() ? group->delivery()->recorded_at : 0;
  const TimeMs now = recorded_at + (administration.of(id).overdue ? retry_interval : 0);
  return {now, configuration_of_coordinator, administration.image, settings_->profile};
}

/// Calls `change(administration, surroundings, outbox)`. What it records restarts the clock of what is being
/// initialised (GC-5).
template <class Change>
void PartitionWorld::on_coordinator(Call& call, GroupId group, Change&& change) {
  auto changed = std::make_shared<Administration>(*administration_);
  GroupOutbox out;
  change(*changed, around_coordinator(group, *changed), out);
  const bool recorded = std::ranges::any_of(out, [](const GroupEffect& effect) {
    const auto* written = std::get_if<group_effect::RecordWritten>(&effect);
    return written != nullptr && written->record.kind == GroupRecordKind::state_partition_metadata;
  });
  if (recorded) restart_clock(call, *changed, group);
  administration_ = std::move(changed);
}

void PartitionWorld::restart_clock(Call& call, Administration& administration, GroupId group) {
  administration.of(group).overdue = false;
  administration.of(group).overdue_at = call.now + retry_interval;
  if (administration.is_initialising(group))
    call.out.emplace_back(seen::InitialisationRecorded{group, call.now + retry_interval});
}

bool PartitionWorld::heartbeat(Call& call) {
  const MemberId id = call.step.member;
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  if (!administration_ || !member.alive) return false;
  HeartbeatAnswer answer;
  on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
    answer = administration.coordinator.heartbeat(request_of(group, id, member.member_epoch), around, out);
  });
  const bool joins = member.member_epoch == 0;
  const bool had = member.assigned;
  const bool fails = answer.error != KafkaError::none;
  member.member_epoch = fails ? 0 : answer.epoch;
  if (fails) member.assigned = false;
  if (answer.assignment) {
    const auto given = answer.assignment->find(Administration::topic);
    member.assigned = given != answer.assignment->end() && given->second.contains(partition());
  }
  call.out.emplace_back(seen::HeartbeatAnswered{group, id, answer.error, answer.epoch, joins, member.assigned && !had});
  if (answer.initialise) initialise(call, group, *answer.initialise, false);
  return true;
}

/// Whether a heartbeat of the member would do anything now.
bool PartitionWorld::heartbeat_matters(MemberId id) const {
  const Member& member = this->member(id);
  if (!administration_ || !member.alive) return false;
  if (member.member_epoch == 0) return true;
  const GroupId group = settings_of(id).group;
  ShareGroupCoordinator coordinator = administration_->coordinator;
  GroupOutbox out;
  coordinator.heartbeat(request_of(group, id, member.member_epoch), around_coordinator(group, *administration_), out);
  return coordinator != administration_->coordinator;
}

bool PartitionWorld::leave(Call& call) {
  const MemberId id = call.step.member;
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  if (!administration_ || !member.alive || member.member_epoch == 0) return false;
  on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
    administration.coordinator.heartbeat(request_of(group, id, leave_epoch), around, out);
  });
  member.member_epoch = 0;
  member.assigned = false;
  call.out.emplace_back(seen::MemberLeft{group, id, false});
  return true;
}

bool PartitionWorld::member_expires(Call& call) {
  const MemberId id = call.step.member;
  const GroupId group = settings_of(id).group;
  if (!administration_ || member(id).alive || !administration_->has_joined(group, id)) return false;
  on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
    administration.coordinator.session_expired(group, id, around, out);
  });
  call.out.emplace_back(seen::MemberLeft{group, id, true});
  return true;
}

/// GC-39. What the store was asked for still arrives there.
bool PartitionWorld::group_coordinator_moves(Call& call) {
  if (!administration_) return false;
  auto changed = std::make_shared<Administration>(*administration_);
  GroupRecords log;
  for (const auto& [id, group] : changed->coordinator.groups()) {
    const GroupRecords records = records_of(id, group);
    log.insert(log.end(), records.begin(), records.end());
  }
  GroupOutbox out;
  changed->coordinator =
      ShareGroupCoordinator::loaded(log, {0, configuration_of_coordinator, changed->image, settings_->profile}, out);
  changed->awaited.clear();
  call.out.emplace_back(seen::GroupCoordinatorMoved{});
  for (std::uint32_t id = 1; id <= groups_.size(); ++id) restart_clock(call, *changed, GroupId{id});
  administration_ = std::move(changed);
  return true;
}

bool PartitionWorld::initialise_overdue(Call& call) {
  const GroupId group = call.step.group;
  if (!administration_ || !administration_->is_initialising(group)) return false;
  const AdministeredGroup& state = administration_->of(group);
  if (state.overdue || call.now < state.overdue_at) return false;
  auto changed = std::make_shared<Administration>(*administration_);
  changed->of(group).overdue = true;
  administration_ = std::move(changed);
  return true;
}

/// In a search: while an outcome is awaited, time does not run out.
bool PartitionWorld::can_be_overdue(GroupId id) const {
  return administration_ && administration_->is_initialising(id) && !administration_->of(id).overdue &&
         std::ranges::find(administration_->awaited, id, &AwaitedInitialise::group) == administration_->awaited.end();
}

/// GC-60: the group is empty, or there is none yet.
bool PartitionWorld::can_alter(GroupId id) const {
  if (!administration_ || !partition_exists()) return false;
  const ShareGroup* group = administration_->coordinator.find(id);
  return group == nullptr || group->is_empty();
}

bool PartitionWorld::alter_offsets(Call& call) {
  const GroupId group = call.step.group;
  const Offset start = call.step.first;
  if (!can_alter(group) || start < 0 || start != call.step.last) return false;
  AlterOffsetsAnswer answer;
  on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
    administration.of(group).knew_topic = false;
    answer = administration.coordinator.alter_offsets(group, {{Administration::topic_name, {{partition(), start}}}},
                                                      around, out);
  });
  call.out.emplace_back(seen::AlterationBegun{group, answer.initialise.state_epoch, start});
  initialise(call, group, answer.initialise, true);
  return true;
}

bool PartitionWorld::partition_created(Call& call) {
  if (!administration_ || partition_exists()) return false;
  auto changed = std::make_shared<Administration>(*administration_);
  changed->set_partitions(partition() + 1);
  changed->coordinator.topics_changed({Administration::topic_name});
  for (std::uint32_t id = 1; id <= groups_.size(); ++id)
    changed->of(GroupId{id}).knew_topic = changed->is_initialised(GroupId{id}, 0);
  administration_ = std::move(changed);
  call.out.emplace_back(seen::PartitionCreated{});
  return true;
}

void PartitionWorld::initialise(Call& call, GroupId group, const InitialiseRequest& request, bool alters) {
  const auto& partitions = request.topics.begin()->second;
  const auto own = partitions.find(partition());
  if (own == partitions.end()) {
    on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
      administration.coordinator.initialised(group, {{Administration::topic, {partitions.begin()->first}}}, around,
                                             out);
    });
    return;
  }
  ask_store(call, group,
            {0, {}, {}, StoreCause::initialise, nobody, 0, -1, InitializeEntry{request.state_epoch, own->second}, {}});
  auto changed = std::make_shared<Administration>(*administration_);
  changed->awaited.push_back({group, this->group(group).requests_issued, partitions.size() > 1, alters});
  administration_ = std::move(changed);
}

/// GC-48; GC-62 of an alteration.
void PartitionWorld::initialise_answered(Call& call, const StoreRequest& request, KafkaError error) {
  const GroupId group = call.step.group;
  const AwaitedInitialise* found = administration_->find(group, request.id);
  if (found == nullptr) return;
  const AwaitedInitialise awaited = *found;
  const std::ptrdiff_t place = found - administration_->awaited.data();
  TopicPartitions topics{{Administration::topic, {partition()}}};
  if (awaited.with_other) topics.begin()->second.insert(0);
  on_coordinator(call, group, [&](Administration& administration, const GroupSurroundings& around, GroupOutbox& out) {
    administration.awaited.erase(administration.awaited.begin() + place);
    if (error == KafkaError::none)
      administration.coordinator.initialised(group, topics, around, out);
    else if (!awaited.alters)
      administration.coordinator.not_initialised(group, topics, around, out);
  });
  if (!awaited.alters) return;
  const auto& entry = std::get<InitializeEntry>(request.entry);
  call.out.emplace_back(seen::AlterationAnswered{group, error, entry.state_epoch, entry.start_offset});
}

bool PartitionWorld::lacks_service(GroupId id) const {
  if (!administration_ || !partition_exists()) return false;
  bool anybody = false;
  bool assigned = false;
  for (std::uint32_t number = 1; number <= members_.size(); ++number) {
    const Member& each = member(MemberId{number});
    if (settings_of(MemberId{number}).group != id || !each.alive) continue;
    anybody = true;
    assigned = assigned || each.assigned;
  }
  return anybody && !(assigned && administration_->is_initialised(id, partition()));
}

}  // namespace sharelock
