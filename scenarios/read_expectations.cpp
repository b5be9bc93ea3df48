// The `weather:` and `expect:` sections: what may go wrong, and what must come true all the same.
#include "scenarios/draft.h"
#include "sim/fault.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

constexpr std::array kinds{"calm"sv, "drawn"sv};

std::vector<std::string_view> fault_names() {
  std::vector<std::string_view> names;
  for (const Fault* fault : all_faults()) names.push_back(fault->name);
  return names;
}

struct ExpectDraft {
  ScenarioDraft* draft;
  const Yaml* violated_at = nullptr;
};

void read_violated(ExpectDraft& expect, const Reading& reading) {
  for_each_name(reading.value, [&](const Yaml& name) {
    expect.draft->scenario.expect.violated.push_back(name_among(name, expect.draft->words->claims, "claim"));
  });
  expect.violated_at = &reading.key;
}

void read_on(ExpectDraft& expect, const Reading& reading) {
  for_each_name(reading.value, [&](const Yaml& name) {
    const ProfileName profile = *profile_named(name_among(name, all_profile_names(), "profile"));
    expect.draft->scenario.expect.on.push_back(profile);
  });
}

constexpr std::array<Field<ExpectDraft>, 4> fields{{
    {"finishes within",
     {Kind::duration},
     "after the plot and the storm, every record is finished in that time",
     [](ExpectDraft& expect, const Reading& reading) { expect.draft->scenario.expect.within = reading.duration(); }},
    {"violated", {Kind::other}, "claims that this scenario is meant to break", read_violated},
    {"on", {Kind::other}, "the profiles on which it breaks them; all, if left out", read_on},
    {"sometimes",
     {Kind::other},
     "situations that must be met",
     [](ExpectDraft& expect, const Reading& reading) {
       for_each_name(reading.value, [&](const Yaml& name) {
         expect.draft->scenario.expect.sometimes.push_back(
             name_among(name, expect.draft->words->situations, "situation"));
       });
     }},
}};

}  // namespace

std::vector<KeyForm> expectation_keys() {
  return keys_of(fields);
}

void read_weather(const Yaml& value, ScenarioDraft& draft) {
  Weather& weather = draft.scenario.weather;
  if (value.kind == Yaml::Kind::scalar) {
    if (std::ranges::find(kinds, value.text) == kinds.end())
      throw value.error("unknown weather '" + value.text.substr(0, 60) + "'", suggest(value.text, kinds));
    weather.kind = value.text == "drawn" ? Weather::Kind::drawn : Weather::Kind::calm;
    return;
  }
  expect_map(value, "weather");
  refuse_duplicates(value);
  const std::vector<std::string_view> faults = fault_names();
  weather.kind = Weather::Kind::drawn;
  for (const auto& [key, odds] : value.entries) {
    if (key.text == "until") {
      static constexpr Form form{Kind::duration};
      weather.until = Reading{key, odds, form}.duration();
      continue;
    }
    const auto found = std::ranges::find(faults, key.text);
    if (found == faults.end()) {
      std::vector<std::string_view> known = faults;
      known.push_back("until");
      refuse_key(key, known);
    }
    if (all_faults()[static_cast<std::size_t>(found - faults.begin())]->administration) need_administration(draft, key);
    weather.kind = Weather::Kind::listed;
    weather.odds.emplace_back(static_cast<std::size_t>(found - faults.begin()), read_ratio(odds));
  }
}

void read_expectations(const Yaml& map, ScenarioDraft& draft) {
  ExpectDraft expect{.draft = &draft};
  read_fields<ExpectDraft>(map, "expect", fields, expect);
  if (expect.violated_at == nullptr && !draft.scenario.expect.on.empty())
    throw map.error("'on' says where a claim is violated, and none is named", "violated: SPSO");
}

}  // namespace sharelock
