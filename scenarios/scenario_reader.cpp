#include "scenarios/scenario_reader.h"

#include "scenarios/draft.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

constexpr std::array on_off{"off"sv, "on"sv};
constexpr std::array persisters{"direct"sv, "kafka"sv};

void read_groups(ScenarioDraft& draft, const Reading& reading) {
  expect_map(reading.value, "groups");
  refuse_duplicates(reading.value);
  if (!draft.groups.empty()) throw reading.key.error("either 'group' or 'groups'");
  if (reading.value.entries.empty() || reading.value.entries.size() > 100)
    throw reading.value.error("1 to 100 groups are possible");
  for (const auto& [name, map] : reading.value.entries) read_group(map, draft, name.text);
}

constexpr std::array partitions{"there"sv, "added"sv};

constexpr std::array<Field<ScenarioDraft>, 19> fields{{
    {"scenario",
     {Kind::text},
     "its name",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.name = reading.text(); }},
    {"why",
     {Kind::text},
     "what it is for",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.why = reading.text(); }},
    {"bounds",
     {Kind::choice, 0, 0, on_off},
     "off: values below Kafka's own bounds are allowed, for small worlds",
     [](ScenarioDraft& draft, const Reading& reading) { draft.bounds = reading.choice() == 1; }},
    {"administration",
     {Kind::choice, 0, 0, on_off},
     "on: members join through the group coordinator, which initialises delivery state and assigns the partition",
     [](ScenarioDraft& draft, const Reading& reading) {
       draft.scenario.world.administration = reading.choice() == 1;
       draft.scenario.world.bounds.allow_faults(1, draft.scenario.world.administration);
     }},
    {"partition",
     {Kind::choice, 0, 0, partitions},
     "there from the beginning, or added to a topic of one partition while the groups run (with administration)",
     [](ScenarioDraft& draft, const Reading& reading) {
       draft.scenario.world.partition_added = reading.choice() == 1;
       if (draft.scenario.world.partition_added) need_administration(draft, reading.value);
     }},
    {"broker",
     {Kind::other},
     "the broker's configuration, in Kafka's words",
     [](ScenarioDraft& draft, const Reading& reading) { read_broker(reading.value, draft); }},
    {"group",
     {Kind::other},
     "the group's configuration, in Kafka's words",
     [](ScenarioDraft& draft, const Reading& reading) {
       if (!draft.groups.empty()) throw reading.key.error("either 'group' or 'groups'");
       read_group(reading.value, draft, "group");
     }},
    {"groups", {Kind::other}, "several groups by name, each with its configuration", read_groups},
    {"members",
     {Kind::other},
     "who works for the group: a list of names, or names with what they do",
     [](ScenarioDraft& draft, const Reading& reading) { read_members(reading.value, draft); }},
    {"record bytes",
     {Kind::integer, 1, 1'048'576},
     "how large a record is, for fetch.max.bytes and fetch.min.bytes",
     [](ScenarioDraft& draft, const Reading& reading) { draft.record_bytes = reading.integer(); }},
    {"network",
     {Kind::durations},
     "one way between member and leader",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.network = reading.durations(); }},
    {"store",
     {Kind::durations},
     "one way between leader and share coordinator",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.store = reading.durations(); }},
    {"persister",
     {Kind::choice, 0, 0, persisters},
     "how requests reach the share coordinator: each for itself, or as Kafka's persister sends them",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.persisters = reading.choice() == 1; }},
    {"log read",
     {Kind::durations},
     "how long a fetch attempt reads the log, its fetch lock held; left out: an attempt is one step",
     [](ScenarioDraft& draft, const Reading& reading) {
       draft.scenario.log_read = reading.durations();
       draft.scenario.world.log_reads = LogReading::end_later;
     }},
    {"lock handler",
     {Kind::durations},
     "from the firing of a lock to its handling",
     [](ScenarioDraft& draft, const Reading& reading) { draft.scenario.handler = reading.durations(); }},
    {"plot",
     {Kind::other},
     "what happens when",
     [](ScenarioDraft& draft, const Reading& reading) { read_plot(reading.value, draft); }},
    {"weather",
     {Kind::other},
     "calm, drawn, or faults with odds",
     [](ScenarioDraft& draft, const Reading& reading) { read_weather(reading.value, draft); }},
    {"expect",
     {Kind::other},
     "what must come true",
     [](ScenarioDraft& draft, const Reading& reading) { read_expectations(reading.value, draft); }},
    {"check",
     {Kind::other},
     "how much may happen when everything that can happen is searched",
     [](ScenarioDraft& draft, const Reading& reading) { read_check(reading.value, draft); }},
}};

/// Some sections need others: `bounds` comes before what it loosens, `administration` before what belongs to it,
/// members before the plot that names them.
Yaml in_reading_order(const Yaml& root) {
  Yaml sorted = root;
  const auto rank = [](const YamlEntry& entry) {
    constexpr std::array<std::string_view, 6> first{"bounds", "administration", "partition",
                                                    "group",  "groups",         "members"};
    return std::ranges::find(first, entry.key.text) - first.begin();
  };
  std::ranges::stable_sort(sorted.entries, {}, rank);
  return sorted;
}

void settle_members(ScenarioDraft& draft) {
  std::vector<std::string_view> names;
  for (const GroupDraft& group : draft.groups) names.push_back(group.settings.name);
  for (MemberDraft& member : draft.members) {
    if (member.group != nullptr) {
      const auto found = std::ranges::find(names, member.group->text);
      if (found == names.end())
        throw member.group->error("no group is called '" + member.group->text + "'",
                                  suggest(member.group->text, names));
      member.settings.group = GroupId{static_cast<std::uint32_t>(found - names.begin()) + 1};
    }
    member.settings.read_offsets_min = (member.fetch_min_bytes + draft.record_bytes - 1) / draft.record_bytes;
    draft.scenario.world.members.push_back(member.settings);
    draft.scenario.behaviours.push_back(member.behaviour);
  }
}

Scenario read(const Yaml& file, const Profile& profile, const ScenarioWords& words) {
  expect_map(file, "a scenario");
  const Yaml root = in_reading_order(file);
  ScenarioDraft draft{.profile = &profile, .words = &words};
  draft.scenario.world.profile = profile;
  draft.scenario.world.bounds.allow_faults(1);
  read_fields<ScenarioDraft>(root, "a scenario", fields, draft);
  if (draft.scenario.name.empty()) throw file.error("this scenario has no name", "scenario: my-first");
  if (draft.members.empty()) throw file.error("this scenario has no members", "members: [m1, m2]");
  if (draft.groups.empty()) draft.groups.emplace_back().settings.name = "group";
  settle_configuration(draft);
  settle_members(draft);
  return std::move(draft.scenario);
}

}  // namespace

void need_administration(const ScenarioDraft& draft, const Yaml& at) {
  if (!draft.scenario.world.administration)
    throw at.error("'" + at.text + "' belongs to the group coordinator, which is not part of this world",
                   "administration: on");
}

std::vector<KeyForm> scenario_keys() {
  return keys_of(fields);
}

Scenario read_scenario(const std::string& path, const Profile& profile, const ScenarioWords& words) {
  return parse_scenario(read_text(path), path, profile, words);
}

Scenario parse_scenario(const std::string& text, const std::string& name, const Profile& profile,
                        const ScenarioWords& words) {
  return read(parse_yaml(text, name), profile, words);
}

}  // namespace sharelock
