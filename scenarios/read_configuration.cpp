// The `broker:` and `group:` sections: Kafka's own names, units and bounds (section 9 of the specification).
#include "scenarios/draft.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

constexpr std::array resets{"latest"sv, "earliest"sv};
constexpr std::array isolations{"read_uncommitted"sv, "read_committed"sv};

Placed placed(const Reading& reading) {
  return {reading.integer(), &reading.value};
}

template <Placed BrokerDraft::*Where>
void to_broker(BrokerDraft& broker, const Reading& reading) {
  broker.*Where = placed(reading);
}

template <std::optional<Placed> GroupDraft::*Where>
void to_group(GroupDraft& group, const Reading& reading) {
  group.*Where = placed(reading);
}

constexpr std::array<Field<BrokerDraft>, 11> broker_fields{{
    {"group.share.delivery.count.limit",
     {Kind::integer, 2, 10},
     "how often a record is delivered at most",
     to_broker<&BrokerDraft::delivery_limit>},
    {"group.share.min.delivery.count.limit",
     {Kind::integer, 2, 5},
     "the least that a group may set (4.3 and later)",
     to_broker<&BrokerDraft::delivery_limit_min>},
    {"group.share.max.delivery.count.limit",
     {Kind::integer, 5, 25},
     "the most that a group may set (4.3 and later)",
     to_broker<&BrokerDraft::delivery_limit_max>},
    {"group.share.partition.max.record.locks",
     {Kind::integer, 100, 10'000},
     "how long the in-flight window may be",
     to_broker<&BrokerDraft::record_locks>},
    {"group.share.min.partition.max.record.locks",
     {Kind::integer, 100, 2'000},
     "the least that a group may set (4.3 and later)",
     to_broker<&BrokerDraft::record_locks_min>},
    {"group.share.max.partition.max.record.locks",
     {Kind::integer, 2'000, 10'000},
     "the most that a group may set (4.3 and later)",
     to_broker<&BrokerDraft::record_locks_max>},
    {"group.share.record.lock.duration.ms",
     {Kind::integer, 1'000, 3'600'000},
     "how long an acquired record stays locked",
     to_broker<&BrokerDraft::lock_duration>},
    {"group.share.min.record.lock.duration.ms",
     {Kind::integer, 1'000, 30'000},
     "the least that a group may set",
     to_broker<&BrokerDraft::lock_duration_min>},
    {"group.share.max.record.lock.duration.ms",
     {Kind::integer, 30'000, 3'600'000},
     "the most that a group may set",
     to_broker<&BrokerDraft::lock_duration_max>},
    {"fetch.max.bytes",
     {Kind::integer, 1'024, 2'147'483'647},
     "how much one fetch reads from the log at most",
     [](BrokerDraft& broker, const Reading& reading) { broker.fetch_max_bytes = reading.integer(); }},
    {"share.coordinator.snapshot.update.records.per.snapshot",
     {Kind::integer, 0, 500},
     "how many updates of a share partition's state the store writes between two snapshots",
     [](BrokerDraft& broker, const Reading& reading) {
       broker.snapshot_updates = static_cast<std::int32_t>(reading.integer());
     }},
}};

/// The first of them may be changed while the group runs.
constexpr std::size_t changeable_count = 5;
constexpr std::array<Field<GroupDraft>, 8> group_fields{{
    {"share.delivery.count.limit",
     {Kind::integer, 2, 25},
     "how often a record is delivered at most (4.3 and later)",
     to_group<&GroupDraft::delivery_limit>},
    {"share.partition.max.record.locks",
     {Kind::integer, 100, 10'000},
     "how long the in-flight window may be (4.3 and later)",
     to_group<&GroupDraft::record_locks>},
    {"share.record.lock.duration.ms",
     {Kind::integer, 1'000, 3'600'000},
     "how long an acquired record stays locked",
     to_group<&GroupDraft::lock_duration>},
    {"share.renew.acknowledge.enable",
     {Kind::boolean},
     "whether members may renew their locks (4.3 and later)",
     [](GroupDraft& group, const Reading& reading) { group.settings.configuration.renew_enabled = reading.boolean(); }},
    {"errors.deadletterqueue.topic.name",
     {Kind::text},
     "where rejected and exhausted records go (4.4); empty: nowhere",
     [](GroupDraft& group, const Reading& reading) {
       const std::string topic = reading.text();
       if (topic.starts_with("__")) throw reading.value.error("the name must not begin with '__'");
       group.settings.configuration.dead_letter_queue_enabled = !topic.empty();
     }},
    {"share.auto.offset.reset",
     {Kind::choice, 0, 0, resets},
     "where a new group starts",
     [](GroupDraft& group, const Reading& reading) {
       if (reading.value.text.starts_with("by_duration:"))
         throw reading.value.error("by_duration is not modelled: records have no timestamps here",
                                   "earliest, latest, or 'start offset' with an offset");
       group.settings.configuration.auto_offset_reset = static_cast<AutoOffsetReset>(reading.choice());
     }},
    {"share.isolation.level",
     {Kind::choice, 0, 0, isolations},
     "whether records of aborted transactions are delivered",
     [](GroupDraft& group, const Reading& reading) {
       group.settings.isolation = static_cast<Isolation>(reading.choice());
     }},
    {"start offset",
     {Kind::integer, 0},
     "where the group begins, whatever share.auto.offset.reset says",
     [](GroupDraft& group, const Reading& reading) { group.settings.initial_start_offset = reading.integer(); }},
}};

/// A group's value where the release has such a key, within what the broker allows; otherwise the broker's.
std::int32_t effective(const std::optional<Placed>& own, const Placed& brokers, const Placed& min, const Placed& max,
                       bool known, bool bounds) {
  if (!own || !known) return static_cast<std::int32_t>(brokers.value);
  if (bounds && (own->value < min.value || own->value > max.value))
    throw own->at->error(std::to_string(own->value) + " is outside of what the broker allows",
                         std::to_string(min.value) + " to " + std::to_string(max.value));
  return static_cast<std::int32_t>(own->value);
}

void settle_group(GroupDraft& group, const ScenarioDraft& draft) {
  const BrokerDraft& broker = draft.broker;
  GroupConfiguration& configuration = group.settings.configuration;
  configuration.delivery_count_limit =
      effective(group.delivery_limit, broker.delivery_limit, broker.delivery_limit_min, broker.delivery_limit_max,
                draft.profile->has(Switch::limit_dynamic), draft.bounds);
  configuration.max_record_locks =
      effective(group.record_locks, broker.record_locks, broker.record_locks_min, broker.record_locks_max,
                draft.profile->has(Switch::locks_dynamic), draft.bounds);
  configuration.lock_duration_ms = effective(group.lock_duration, broker.lock_duration, broker.lock_duration_min,
                                             broker.lock_duration_max, true, draft.bounds);
  configuration.dead_letter_queue_enabled &= draft.profile->has(Switch::dead_letter_queue);
}

void check_order(const Placed& min, const Placed& value, const Placed& max, std::string_view what) {
  if (min.value <= value.value && value.value <= max.value) return;
  const Placed* wrong = value.at != nullptr ? &value : min.at != nullptr ? &min : &max;
  throw wrong->at->error(
      "the broker's " + std::string{what} + " must lie between its own minimum and maximum",
      std::to_string(min.value) + " <= " + std::to_string(value.value) + " <= " + std::to_string(max.value));
}

}  // namespace

std::vector<KeyForm> broker_keys() {
  return keys_of(broker_fields);
}
std::vector<KeyForm> group_keys() {
  return keys_of(group_fields);
}

void read_broker(const Yaml& map, ScenarioDraft& draft) {
  read_fields<BrokerDraft>(map, "broker", broker_fields, draft.broker, draft.bounds);
}

void read_group(const Yaml& map, ScenarioDraft& draft, const std::string& name) {
  GroupDraft group;
  group.settings.name = name;
  read_fields<GroupDraft>(map, "group", group_fields, group, draft.bounds);
  draft.groups.push_back(std::move(group));
}

void read_change(const Yaml& map, GroupDraft& group, bool bounds) {
  GroupDraft changed = group.changes.empty() ? group : group.changes.back();
  changed.changes.clear();
  read_fields<GroupDraft>(map, "configure", std::span{group_fields}.first<changeable_count>(), changed, bounds);
  group.changes.push_back(std::move(changed));
}

void settle_configuration(ScenarioDraft& draft) {
  const BrokerDraft& broker = draft.broker;
  const bool limits = draft.profile->has(Switch::limit_dynamic);
  const bool locks = draft.profile->has(Switch::locks_dynamic);
  if (draft.bounds) {
    check_order(broker.lock_duration_min, broker.lock_duration, broker.lock_duration_max, "lock duration");
    if (limits)
      check_order(broker.delivery_limit_min, broker.delivery_limit, broker.delivery_limit_max, "delivery limit");
    if (locks) check_order(broker.record_locks_min, broker.record_locks, broker.record_locks_max, "record locks");
  }
  for (GroupDraft& group : draft.groups) {
    settle_group(group, draft);
    for (GroupDraft& change : group.changes) {
      settle_group(change, draft);
      group.settings.changes.push_back(change.settings.configuration);
    }
    draft.scenario.world.groups.push_back(group.settings);
  }
  draft.scenario.world.read_offsets_max = std::max<std::int64_t>(1, broker.fetch_max_bytes / draft.record_bytes);
  draft.scenario.world.snapshot_updates = broker.snapshot_updates;
}

}  // namespace sharelock
