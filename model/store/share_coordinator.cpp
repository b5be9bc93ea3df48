#include "model/store/share_coordinator.h"

#include <algorithm>

namespace sharelock {

std::vector<AnsweredEntry> ShareCoordinator::handle(const StateRequest& request, TimeMs now, const Profile& profile,
                                                    StoreOutbox& out) {
  std::vector<AnsweredEntry> answers;
  const bool without_group = request.group == no_group;
  if ((without_group || request.topic_without_partitions) && profile.has(Switch::empty_request_unanswered))
    return answers;
  for (const RequestedEntry& entry : request.entries)
    answers.push_back(without_group ? AnsweredEntry{entry.key, entry.state_partition, {KafkaError::invalid_request, {}}}
                                    : handle(entry, now, profile, out));
  std::ranges::stable_sort(answers, {}, &AnsweredEntry::key);
  if (profile.has(Switch::duplicates_share_answer)) {
    const auto last_of_key = [&](const AnsweredEntry& answer) {
      return &answer == &answers.back() || (&answer)[1].key != answer.key;
    };
    std::vector<AnsweredEntry> last;
    for (AnsweredEntry& answer : answers)
      if (last_of_key(answer)) last.push_back(std::move(answer));
    return last;
  }
  return answers;
}

AnsweredEntry ShareCoordinator::handle(const RequestedEntry& entry, TimeMs now, const Profile& profile,
                                       StoreOutbox& out) {
  StatePartition& led = partition(entry.state_partition);
  if (!led.is_loaded()) return {entry.key, entry.state_partition, {KafkaError::not_coordinator, {}}};
  const Offset end = led.log_end();
  const ShardSurroundings around{now, profile, topics_ ? &*topics_ : nullptr};
  StatePartition::Answer answer = led.execute(entry.key, entry.entry, around);
  if (led.log_end() > end) out.push_back(store_effect::RecordAppended{entry.state_partition, end});
  return {entry.key, entry.state_partition, std::move(answer.result), answer.released_at};
}

void ShareCoordinator::append(std::int32_t state_partition, std::vector<StateRecord> records, StoreOutbox& out) {
  StatePartition& led = partition(state_partition);
  for (std::size_t i = 0; i < records.size(); ++i)
    out.push_back(store_effect::RecordAppended{state_partition, led.log_end() + static_cast<Offset>(i)});
  led.append(std::move(records));
}

void ShareCoordinator::load(std::int32_t state_partition, const Profile& profile, StoreOutbox& out) {
  partition(state_partition).load(configuration_);
  clean_up(state_partition, profile, out);
}

void ShareCoordinator::unload(std::int32_t state_partition) {
  partition(state_partition).unload();
  forget_pruned(state_partition);
}

void ShareCoordinator::forget_pruned(std::int32_t state_partition) {
  std::erase_if(pruned_, [&](const auto& last) { return last.first == state_partition; });
}

/// Profile `ideal`: whoever missed the deletion of a topic makes it good as soon as it can know.
void ShareCoordinator::clean_up(std::int32_t state_partition, const Profile& profile, StoreOutbox& out) {
  if (profile.has(Switch::missed_clean_up_stays) || !topics_) return;
  append(state_partition, partition(state_partition).shard().tombstones_of_missing(*topics_), out);
}

void ShareCoordinator::metadata_changed(const Topics& topics, std::span<const TopicId> deleted, const Profile& profile,
                                        StoreOutbox& out) {
  topics_ = topics;
  for (std::int32_t i = 0; i < partition_count(); ++i) {
    if (!partition(i).is_loaded()) continue;
    append(i, partition(i).shard().tombstones_of(deleted), out);
    clean_up(i, profile, out);
  }
}

void ShareCoordinator::share_feature(bool enabled, StoreOutbox& out) {
  if (enabled == enabled_) return;
  enabled_ = enabled;
  if (!enabled) return;
  ++generation_;
  round_finished({CoordinatorJob::Kind::prune, generation_}, out);
  round_finished({CoordinatorJob::Kind::cold_snapshot, generation_}, out);
}

bool ShareCoordinator::run(const CoordinatorJob& job, TimeMs now, const Profile& profile, StoreOutbox& out) {
  if (!enabled_ || (job.generation != generation_ && !profile.has(Switch::parallel_jobs))) return false;
  for (std::int32_t i = 0; i < partition_count(); ++i) {
    if (!partition(i).is_loaded()) continue;
    if (job.kind == CoordinatorJob::Kind::cold_snapshot) {
      snapshot_cold(i, now, out);
      continue;
    }
    const std::optional<Offset> redundant = partition(i).shard().redundant_offset();
    if (redundant && std::ranges::find(pruned_, std::pair{i, *redundant}) == pruned_.end())
      out.push_back(store_effect::PruneIssued{i, *redundant});
  }
  return true;
}

void ShareCoordinator::round_finished(const CoordinatorJob& job, StoreOutbox& out) {
  const bool prunes = job.kind == CoordinatorJob::Kind::prune;
  out.push_back(
      store_effect::JobArmed{job, prunes ? configuration_.prune_interval : configuration_.cold_snapshot_interval});
}

void ShareCoordinator::snapshot_cold(std::int32_t state_partition, TimeMs now, StoreOutbox& out) {
  append(state_partition, partition(state_partition).shard().snapshot_cold(now), out);
}

void ShareCoordinator::pruned(std::int32_t state_partition, Offset to) {
  partition(state_partition).prune(to);
  forget_pruned(state_partition);
  pruned_.push_back({state_partition, to});
}

}  // namespace sharelock
