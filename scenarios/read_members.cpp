// The `members:` section: who works for which group, how fast, and what becomes of the records.
#include "scenarios/draft.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;
using Kind = Form::Kind;

constexpr std::array modes{"batch_optimized"sv, "record_limit"sv};
constexpr std::array commits{"with-next-fetch"sv, "each-record"sv};
constexpr std::array decisions{"accept"sv, "release"sv, "reject"sv, "forget"sv};

/// `accept`, or how often which: `{ accept: 9, release: 1 }`.
void read_acknowledge(MemberDraft& member, const Reading& reading) {
  auto& weights = member.behaviour.acknowledge;
  weights = {};
  if (reading.value.kind == Yaml::Kind::scalar) {
    static constexpr Form form{Kind::choice, 0, 0, decisions};
    weights[Reading{reading.key, reading.value, form}.choice()] = 1;
    return;
  }
  expect_map(reading.value, "acknowledge");
  refuse_duplicates(reading.value);
  std::uint32_t sum = 0;
  for (const auto& [key, value] : reading.value.entries) {
    const auto found = std::ranges::find(decisions, key.text);
    if (found == decisions.end()) refuse_key(key, decisions);
    static constexpr Form form{Kind::integer, 0, 1'000'000};
    const auto weight = static_cast<std::uint32_t>(Reading{key, value, form}.integer());
    weights[static_cast<std::size_t>(found - decisions.begin())] = weight;
    sum += weight;
  }
  if (sum == 0) throw reading.value.error("at least one of accept, release, reject, forget must be more than 0");
}

constexpr std::array<Field<MemberDraft>, 10> fields{{
    {"group",
     {Kind::text},
     "the group it belongs to, where there are several",
     [](MemberDraft& member, const Reading& reading) {
       reading.text();
       member.group = &reading.value;
     }},
    {"starts at",
     {Kind::duration},
     "when it begins to fetch",
     [](MemberDraft& member, const Reading& reading) { member.behaviour.starts_at = reading.duration(); }},
    {"processing",
     {Kind::durations},
     "how long it works on a record",
     [](MemberDraft& member, const Reading& reading) { member.behaviour.processing = reading.durations(); }},
    {"acknowledge", {Kind::other}, "accept, release, reject or forget; or how often which", read_acknowledge},
    {"commit",
     {Kind::choice, 0, 0, commits},
     "when acknowledgements are sent",
     [](MemberDraft& member, const Reading& reading) { member.behaviour.commit_each = reading.choice() == 1; }},
    {"renew every",
     {Kind::duration},
     "how often it renews its locks while it works on a record; 0 ms: never",
     [](MemberDraft& member, const Reading& reading) { member.behaviour.renew_every = reading.duration(); }},
    {"share.acquire.mode",
     {Kind::choice, 0, 0, modes},
     "whole batches, or never more than max.poll.records",
     [](MemberDraft& member, const Reading& reading) {
       member.settings.mode = static_cast<AcquireMode>(reading.choice());
     }},
    {"max.poll.records",
     {Kind::integer, 1, 2'147'483'647},
     "how many records it asks for at a time",
     [](MemberDraft& member, const Reading& reading) {
       member.settings.max_poll_records = static_cast<std::int32_t>(reading.integer());
     }},
    {"fetch.min.bytes",
     {Kind::integer, 0, 2'147'483'647},
     "a fetch waits at the broker until it can read so much, or fetch.max.wait.ms is over",
     [](MemberDraft& member, const Reading& reading) { member.fetch_min_bytes = reading.integer(); }},
    {"fetch.max.wait.ms",
     {Kind::integer, 0, 2'147'483'647},
     "how long a fetch waits at the broker",
     [](MemberDraft& member, const Reading& reading) {
       member.settings.fetch_max_wait_ms = static_cast<std::int32_t>(reading.integer());
     }},
}};

void add_member(const Yaml& name, ScenarioDraft& draft, MemberDraft member) {
  constexpr std::size_t members_max = 1'000;  // group.share.max.size
  if (name.kind != Yaml::Kind::scalar || name.text.empty() || name.text.size() > 36)
    throw name.error("a member's name is a word of 1 to 36 characters");
  for (const MemberDraft& other : draft.members)
    if (other.settings.name == name.text) throw name.error("member '" + name.text + "' is given twice");
  if (draft.members.size() >= members_max) throw name.error("more than 1000 members");
  member.settings.name = name.text;
  draft.members.push_back(std::move(member));
}

}  // namespace

std::vector<KeyForm> member_keys() {
  return keys_of(fields);
}

void read_members(const Yaml& value, ScenarioDraft& draft) {
  if (value.kind == Yaml::Kind::sequence) {
    for (const Yaml& name : value.items) add_member(name, draft, {});
  } else {
    expect_map(value, "members");
    refuse_duplicates(value);
    for (const auto& [name, how] : value.entries) {
      MemberDraft member;
      if (how.kind != Yaml::Kind::null) read_fields<MemberDraft>(how, "member", fields, member, draft.bounds);
      add_member(name, draft, std::move(member));
    }
  }
  if (draft.members.empty()) throw value.error("a group without members does nothing", "members: [m1]");
}

MemberId ScenarioDraft::member_named(const Yaml& name) const {
  std::vector<std::string_view> known;
  for (const MemberDraft& member : members) known.push_back(member.settings.name);
  const auto found = std::ranges::find(known, name.text);
  if (name.kind != Yaml::Kind::scalar || found == known.end())
    throw name.error("no member is called '" + name.text.substr(0, 60) + "'", suggest(name.text, known));
  return MemberId{static_cast<std::uint32_t>(found - known.begin()) + 1};
}

}  // namespace sharelock
