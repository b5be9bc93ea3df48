// A scenario while it is read: values beside what has to be checked once everything is known.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/field.h"
#include "scenarios/scenario_reader.h"

namespace sharelock {

/// A number and where it stands, for checks of one value against another.
struct Placed {
  std::int64_t value = 0;
  const Yaml* at = nullptr;
};

/// The broker's configuration (section 9.1), defaults of Kafka.
struct BrokerDraft {
  Placed delivery_limit{5};
  Placed delivery_limit_min{2};
  Placed delivery_limit_max{10};
  Placed record_locks{2000};
  Placed record_locks_min{100};
  Placed record_locks_max{4000};
  Placed lock_duration{30'000};
  Placed lock_duration_min{15'000};
  Placed lock_duration_max{60'000};
  std::int64_t fetch_max_bytes = 57'671'680;
  std::int32_t snapshot_updates = 500;
};

/// A group's own configuration (section 9.2); empty: the broker's value.
struct GroupDraft {
  GroupSettings settings{};
  std::optional<Placed> delivery_limit{};
  std::optional<Placed> record_locks{};
  std::optional<Placed> lock_duration{};
  std::vector<GroupDraft> changes{};  ///< What the plot changes it to, one after the other.
};

struct MemberDraft {
  MemberSettings settings;
  Behaviour behaviour;
  const Yaml* group = nullptr;  ///< The name of its group, where it stands.
  std::int64_t fetch_min_bytes = 1;
};

struct ScenarioDraft {
  const Profile* profile = nullptr;
  const ScenarioWords* words = nullptr;
  Scenario scenario{};
  BrokerDraft broker{};
  std::vector<GroupDraft> groups{};
  std::vector<MemberDraft> members{};
  std::vector<std::string> producers{};
  std::int64_t record_bytes = 1024;
  bool bounds = true;

  MemberId member_named(const Yaml& name) const;
  MemberId producer_named(const std::string& name);
};

// The parts of a file, each read by a file of that name.
void read_broker(const Yaml& map, ScenarioDraft& draft);
void read_group(const Yaml& map, ScenarioDraft& draft, const std::string& name);
/// Adds what the plot changes a group's configuration to: as it was before, but for what `map` says.
void read_change(const Yaml& map, GroupDraft& group, bool bounds);
void read_members(const Yaml& value, ScenarioDraft& draft);
void read_plot(const Yaml& list, ScenarioDraft& draft);
void read_weather(const Yaml& value, ScenarioDraft& draft);
void read_expectations(const Yaml& map, ScenarioDraft& draft);
void read_check(const Yaml& map, ScenarioDraft& draft);
/// Refuses what stands there in a world without administration.
void need_administration(const ScenarioDraft& draft, const Yaml& at);
/// Puts broker's and groups' values together and checks one against the other (SP-200).
void settle_configuration(ScenarioDraft& draft);

// What the tables of the parts say of their keys.
std::vector<KeyForm> scenario_keys();
std::vector<KeyForm> broker_keys();
std::vector<KeyForm> group_keys();
std::vector<KeyForm> member_keys();
std::vector<KeyForm> plot_keys();
std::vector<KeyForm> production_keys();
std::vector<KeyForm> range_keys();
std::vector<KeyForm> expectation_keys();
std::vector<KeyForm> check_keys();

}  // namespace sharelock
