// The `check:` section: how much may happen in the world when everything that can happen is searched.
#include "model/world/bounds.h"
#include "scenarios/draft.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

constexpr std::int64_t records_max = 20;
constexpr std::int64_t faults_max = 10;
constexpr std::int64_t deviations_max = 20;

constexpr std::array grains{"record"sv, "contiguous"sv, "range"sv};
constexpr std::array timer_orders{"by-deadline"sv, "any-order"sv};
constexpr std::array acknowledge_types{"accept"sv, "release"sv, "reject"sv, "renew"sv};

struct CheckDraft {
  const ScenarioDraft& draft;
  Bounds& bounds;
  const Yaml* batches = nullptr;
  const Yaml* kinds = nullptr;
};

/// Adds what a list names to `all`; nothing may be there twice.
template <class T>
void add_once(std::vector<T>& all, const T& item, const Yaml& at) {
  if (std::ranges::find(all, item) != all.end()) throw at.error("'" + at.text + "' is given twice");
  all.push_back(item);
}

void refuse_none(const Yaml& value, bool none, std::string_view hint) {
  if (none) throw value.error("this list is empty", std::string{hint});
}

void read_batches(CheckDraft& check, const Reading& reading) {
  static constexpr Form form{Kind::integer, 1, records_max};
  std::vector<std::int32_t>& sizes = check.bounds.batch_sizes;
  sizes.clear();
  for_each_name(reading.value, [&](const Yaml& size) {
    add_once(sizes, static_cast<std::int32_t>(Reading{reading.key, size, form}.integer()), size);
  });
  refuse_none(reading.value, sizes.empty(), "batch: 1");
  std::ranges::sort(sizes);
  check.batches = &reading.value;
}

void read_acknowledge_types(CheckDraft& check, const Reading& reading) {
  std::vector<AcknowledgeType>& types = check.bounds.acknowledge;
  types.clear();
  for_each_name(reading.value, [&](const Yaml& name) {
    add_once(types, *acknowledge_type_named(name_among(name, acknowledge_types, "acknowledgement")), name);
  });
  refuse_none(reading.value, types.empty(), "acknowledge: accept");
}

void read_store_errors(CheckDraft& check, const Reading& reading) {
  std::vector<KafkaError>& errors = check.bounds.store_errors;
  errors.clear();
  for_each_name(reading.value, [&](const Yaml& name) {
    const std::optional<KafkaError> error = kafka_error_of(name.text);
    if (!error || *error == KafkaError::none)
      throw name.error("'" + name.text.substr(0, 60) + "' is no error of Kafka's", "such as COORDINATOR_NOT_AVAILABLE");
    add_once(errors, *error, name);
  });
  refuse_none(reading.value, errors.empty(), "store errors: COORDINATOR_NOT_AVAILABLE");
}

void read_fault_kinds(CheckDraft& check, const Reading& reading) {
  static constexpr Form form{Kind::integer, 0, faults_max};
  const std::span<const std::string_view> names = all_fault_kind_names();
  expect_map(reading.value, "fault kinds");
  refuse_duplicates(reading.value);
  check.bounds.faults.fill(0);
  for (const auto& [key, most] : reading.value.entries) {
    const auto kind = std::ranges::find(names, key.text);
    if (kind == names.end()) refuse_key(key, names);
    if (kind - names.begin() >= static_cast<std::ptrdiff_t>(first_fault_of_administration))
      need_administration(check.draft, key);
    check.bounds.faults[static_cast<std::size_t>(kind - names.begin())] =
        static_cast<std::uint32_t>(Reading{key, most, form}.integer());
  }
  check.kinds = &reading.value;
}

constexpr std::array<Field<CheckDraft>, 13> fields{{
    {"records",
     {Kind::integer, 1, records_max},
     "how many records are written to the log at most",
     [](CheckDraft& check, const Reading& reading) { check.bounds.records_max = reading.integer(); }},
    {"batch", {Kind::other}, "how many of them a batch has; several sizes are all tried", read_batches},
    {"producers",
     {Kind::integer, 0, 4},
     "how many producers write in transactions as well",
     [](CheckDraft& check, const Reading& reading) {
       check.bounds.producers = static_cast<std::uint32_t>(reading.integer());
     }},
    {"acknowledge", {Kind::other}, "how an application may acknowledge a record", read_acknowledge_types},
    {"ranges",
     {Kind::choice, 0, 0, grains},
     "what it acknowledges at once: a record, all that it holds without a hole, or any range of that",
     [](CheckDraft& check, const Reading& reading) {
       check.bounds.grain = static_cast<AcknowledgeGrain>(reading.choice());
     }},
    {"commits",
     {Kind::boolean},
     "whether acknowledgements may be sent without a fetch",
     [](CheckDraft& check, const Reading& reading) { check.bounds.commits = reading.boolean(); }},
    {"closes",
     {Kind::boolean},
     "whether members may close their sessions",
     [](CheckDraft& check, const Reading& reading) { check.bounds.closes = reading.boolean(); }},
    {"locks expire",
     {Kind::boolean},
     "whether processing may outlive a lock",
     [](CheckDraft& check, const Reading& reading) { check.bounds.locks_expire = reading.boolean(); }},
    {"timers",
     {Kind::choice, 0, 0, timer_orders},
     "in which order locks of one duration fire",
     [](CheckDraft& check, const Reading& reading) {
       check.bounds.timers = static_cast<TimerOrder>(reading.choice());
     }},
    {"store errors", {Kind::other}, "what a store that fails answers; all are tried", read_store_errors},
    {"faults",
     {Kind::integer, 0, faults_max},
     "how many faults may strike in all",
     [](CheckDraft& check, const Reading& reading) {
       check.bounds.faults_max = static_cast<std::uint32_t>(reading.integer());
     }},
    {"deviations",
     {Kind::integer, 0, deviations_max},
     "how often something may begin while something else is under way; left out: any number of times",
     [](CheckDraft& check, const Reading& reading) {
       check.bounds.deviations = static_cast<std::uint32_t>(reading.integer());
     }},
    {"fault kinds", {Kind::other}, "which faults, and how often each; all, if left out", read_fault_kinds},
}};

}  // namespace

std::vector<KeyForm> check_keys() {
  return keys_of(fields);
}

void read_check(const Yaml& map, ScenarioDraft& draft) {
  CheckDraft check{draft, draft.scenario.world.bounds};
  read_fields<CheckDraft>(map, "check", fields, check);
  Bounds& bounds = check.bounds;
  if (check.kinds == nullptr) bounds.allow_faults(bounds.faults_max, draft.scenario.world.administration);
  if (check.batches != nullptr && bounds.batch_sizes.back() > bounds.records_max)
    throw check.batches->error("a batch of " + std::to_string(bounds.batch_sizes.back()) + " is more than all records",
                               "records: " + std::to_string(bounds.batch_sizes.back()) + ", or smaller batches");
}

}  // namespace sharelock
