// The `plot:` section: what happens when, whatever chance decides.
#include "model/world/broker.h"
#include "scenarios/draft.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

/// One entry of the plot while it is read.
struct Entry {
  ScenarioDraft* draft;
  TimeMs at = 0;
  TimeMs every = 0;
  std::uint64_t times = 1;
  std::vector<PlotStep> steps{};
  const Yaml* action = nullptr;
  const Yaml* group = nullptr;   ///< Whose configuration or offsets are changed,
  const Yaml* change = nullptr;  ///< and a configuration to what.
};

void add(Entry& entry, const Reading& reading, const Step& step) {
  if (entry.action != nullptr)
    throw reading.key.error("'" + entry.action->text + "' and '" + reading.key.text + "' are two actions",
                            "give each its own '- at:'");
  entry.action = &reading.key;
  entry.steps.push_back({.step = step});
}

template <StepKind What>
void of_member(Entry& entry, const Reading& reading) {
  add(entry, reading, {.kind = What, .member = entry.draft->member_named(reading.value)});
}

/// Something that the group coordinator does, or is asked to.
void add_administrative(Entry& entry, const Reading& reading, const Step& step) {
  need_administration(*entry.draft, reading.key);
  add(entry, reading, step);
}

template <StepKind What>
void of_administered_member(Entry& entry, const Reading& reading) {
  add_administrative(entry, reading, {.kind = What, .member = entry.draft->member_named(reading.value)});
}

template <StepKind What>
void of_coordinator(Entry& entry, const Reading& reading) {
  reading.choice();
  add_administrative(entry, reading, {.kind = What});
}

template <StepKind What>
void of_producer(Entry& entry, const Reading& reading) {
  add(entry, reading, {.kind = What, .member = entry.draft->producer_named(reading.text())});
}

struct Production {
  std::int64_t records = 1;
  std::int64_t batch = 0;  ///< 0: all in one.
  std::string transaction{};
};

constexpr std::array<Field<Production>, 3> production_fields{{
    {"records",
     {Kind::integer, 1, 100'000'000},
     "how many records",
     [](Production& production, const Reading& reading) { production.records = reading.integer(); }},
    {"batch",
     {Kind::integer, 1, 1'000'000},
     "how many of them in a batch; all, if left out",
     [](Production& production, const Reading& reading) { production.batch = reading.integer(); }},
    {"transaction",
     {Kind::text},
     "the transaction that they belong to, by the name of its producer",
     [](Production& production, const Reading& reading) { production.transaction = reading.text(); }},
}};

void read_produce(Entry& entry, const Reading& reading) {
  Production production;
  read_fields<Production>(reading.value, "produce", production_fields, production);
  constexpr std::int64_t batch_max = 1'000'000;
  const std::int64_t batch = production.batch > 0 ? production.batch : std::min(production.records, batch_max);
  Step step{.kind = StepKind::append, .first = 0, .last = batch - 1};
  if (!production.transaction.empty()) {
    step.kind = StepKind::append_transactional;
    step.member = entry.draft->producer_named(production.transaction);
  }
  add(entry, reading, step);
  entry.steps.back().times = static_cast<std::uint64_t>(production.records / batch);
  step.last = production.records % batch - 1;
  if (step.last >= 0) entry.steps.push_back({.step = step});
  if (entry.steps.front().times == 0) entry.steps.erase(entry.steps.begin());
}

struct Range {
  std::int64_t from = 0;
  std::int64_t to = 0;
};
constexpr std::array<Field<Range>, 2> range_fields{{
    {"from",
     {Kind::integer, 0},
     "the first offset",
     [](Range& range, const Reading& reading) { range.from = reading.integer(); }},
    {"to",
     {Kind::integer, 0},
     "the last offset",
     [](Range& range, const Reading& reading) { range.to = reading.integer(); }},
}};

void read_compact(Entry& entry, const Reading& reading) {
  Range range;
  read_fields<Range>(reading.value, "compact", range_fields, range);
  if (range.to < range.from) throw reading.value.error("'to' lies before 'from'");
  add(entry, reading, {.kind = StepKind::compact, .first = range.from, .last = range.to});
}

constexpr std::array leader_actions{"moves"sv};
constexpr std::array partition_actions{"created"sv};
constexpr std::array replication_actions{"stops"sv, "resumes"sv};

constexpr std::array<Field<Entry>, 21> fields{{
    {"at", {Kind::duration}, "when", [](Entry& entry, const Reading& reading) { entry.at = reading.duration(); }},
    {"every",
     {Kind::duration},
     "again and again, so far apart",
     [](Entry& entry, const Reading& reading) {
       entry.every = reading.duration();
       if (entry.every == 0) throw reading.value.error("'every' must be more than nothing");
     }},
    {"times",
     {Kind::integer, 1, 100'000'000},
     "how often, with 'every'",
     [](Entry& entry, const Reading& reading) { entry.times = static_cast<std::uint64_t>(reading.integer()); }},
    {"produce", {Kind::other}, "records are appended: { records, batch, transaction }", read_produce},
    {"commit transaction",
     {Kind::text},
     "the transaction of that producer is committed",
     of_producer<StepKind::commit_transaction>},
    {"abort transaction",
     {Kind::text},
     "the transaction of that producer is aborted",
     of_producer<StepKind::abort_transaction>},
    {"compact", {Kind::other}, "compaction removes the records of { from, to }", read_compact},
    {"log start",
     {Kind::integer, 1},
     "records below that offset are deleted",
     [](Entry& entry, const Reading& reading) {
       const std::int64_t start = reading.integer();
       add(entry, reading, {.kind = StepKind::log_start_moves, .first = start, .last = start});
     }},
    {"crash", {Kind::text}, "that member dies silently", of_member<StepKind::crash>},
    {"disconnect", {Kind::text}, "that member's connection breaks", of_member<StepKind::disconnect>},
    {"restart", {Kind::text}, "a member that died starts again", of_member<StepKind::restart>},
    {"close", {Kind::text}, "that member ends its session", of_member<StepKind::close>},
    {"leader",
     {Kind::choice, 0, 0, leader_actions},
     "another broker becomes leader",
     [](Entry& entry, const Reading& reading) {
       reading.choice();
       add(entry, reading, {.kind = StepKind::leader_moves});
     }},
    {"configure",
     {Kind::other},
     "the group's configuration is changed: limits, lock duration, renewal, dead-letter queue",
     [](Entry& entry, const Reading& reading) {
       entry.change = &reading.value;
       add(entry, reading, {.kind = StepKind::configure});
     }},
    {"join", {Kind::text}, "a member that left joins its group again", of_administered_member<StepKind::heartbeat>},
    {"leave", {Kind::text}, "that member leaves its group", of_administered_member<StepKind::leave>},
    {"group coordinator",
     {Kind::choice, 0, 0, leader_actions},
     "another broker becomes group coordinator",
     of_coordinator<StepKind::group_coordinator_moves>},
    {"partition",
     {Kind::choice, 0, 0, partition_actions},
     "the partition is added to its topic",
     of_coordinator<StepKind::partition_created>},
    {"alter offsets",
     {Kind::integer, 0},
     "the group, which is empty, begins again at that offset",
     [](Entry& entry, const Reading& reading) {
       const std::int64_t start = reading.integer();
       add_administrative(entry, reading, {.kind = StepKind::alter_offsets, .first = start, .last = start});
     }},
    {"group",
     {Kind::text},
     "whose configuration or offsets are changed, where there are several groups",
     [](Entry& entry, const Reading& reading) {
       reading.text();
       entry.group = &reading.value;
     }},
    {"replication",
     {Kind::choice, 0, 0, replication_actions},
     "followers stop to copy the log, or go on",
     [](Entry& entry, const Reading& reading) {
       add(entry, reading,
           {.kind = reading.choice() == 0 ? StepKind::replication_stops : StepKind::replication_resumes});
     }},
}};

/// The group that an entry changes.
GroupId changed_group(const Entry& entry) {
  auto& groups = entry.draft->groups;
  if (groups.empty()) groups.emplace_back().settings.name = "group";
  if (entry.group == nullptr) {
    if (groups.size() > 1) throw entry.action->error("of which group?", "group: " + groups[0].settings.name);
    return GroupId{1};
  }
  std::vector<std::string_view> names;
  for (const GroupDraft& group : groups) names.push_back(group.settings.name);
  const auto found = std::ranges::find(names, entry.group->text);
  if (found == names.end())
    throw entry.group->error("no group is called '" + entry.group->text + "'", suggest(entry.group->text, names));
  return GroupId{static_cast<std::uint32_t>(found - names.begin()) + 1};
}

void complete_change(Entry& entry) {
  Step& step = entry.steps.front().step;
  if (!form_of(step.kind).group) {
    if (entry.group != nullptr) throw entry.group->error("'group' goes with 'configure' and 'alter offsets'");
    return;
  }
  step.group = changed_group(entry);
  if (entry.change == nullptr) return;
  GroupDraft& group = entry.draft->groups[step.group.value() - 1];
  read_change(*entry.change, group, entry.draft->bounds);
  step.nth = static_cast<std::uint32_t>(group.changes.size());
}

/// A restart after a silent death: the brokers learn first that the old connections are gone.
void complete(Entry& entry) {
  if (entry.steps.size() == 1 && entry.steps[0].step.kind == StepKind::restart)
    entry.steps.insert(entry.steps.begin(), broker_count,
                       {.step = {.kind = StepKind::disconnect_noticed, .member = entry.steps[0].step.member}});
}

}  // namespace

std::vector<KeyForm> plot_keys() {
  return keys_of(fields);
}
std::vector<KeyForm> production_keys() {
  return keys_of(production_fields);
}
std::vector<KeyForm> range_keys() {
  return keys_of(range_fields);
}

MemberId ScenarioDraft::producer_named(const std::string& name) {
  const auto found = std::ranges::find(producers, name);
  const auto index = static_cast<std::uint32_t>(found - producers.begin());
  if (found == producers.end()) producers.push_back(name);
  return MemberId{index + 1};
}

void read_plot(const Yaml& list, ScenarioDraft& draft) {
  if (list.kind != Yaml::Kind::sequence)
    throw list.error("plot: expected a list, found " + std::string{list.kind_in_words()}, "- at: 0 s");
  for (const Yaml& item : list.items) {
    Entry entry{.draft = &draft};
    read_fields<Entry>(item, "plot", fields, entry);
    if (entry.action == nullptr) throw item.error("nothing happens here", "produce, crash, leader, log start, ...");
    if (entry.times > 1 && entry.every == 0) throw item.error("'times' needs 'every'");
    constexpr TimeMs end_of_time = TimeMs{100} * 365 * 24 * 3'600'000;
    if (entry.at + entry.every * static_cast<TimeMs>(entry.times - 1) > end_of_time)
      throw item.error("this is repeated beyond the end of time", "at most 100 years");
    complete(entry);
    complete_change(entry);
    for (PlotStep step : entry.steps) {
      step.at = entry.at;
      // Batches of one entry follow each other at once; a repeated entry repeats each of them.
      if (entry.every == 0) {
        for (std::uint64_t batch = 0; batch < step.times && step.times <= 100'000; ++batch)
          draft.scenario.plot.push_back({entry.at, 0, 1, step.step});
        if (step.times > 100'000) throw item.error("more than 100,000 batches at once", "spread them with 'every'");
        continue;
      }
      if (step.times > 1 && entry.times > 100'000'000 / step.times) throw item.error("more than 100,000,000 batches");
      for (std::uint64_t batch = 0; batch < std::min<std::uint64_t>(step.times, 1'000); ++batch)
        draft.scenario.plot.push_back({entry.at, entry.every, entry.times, step.step});
    }
  }
}

}  // namespace sharelock
