// Classic consumer groups beside what Kafka's own coordinator (4.2.1, 4.3.1 and 4.4.0) made of drawn lives
// (interop/kafka/classic/RecordGroups.java says what a line holds). SHARELOCK_CLASSIC_GROUPS names another recording.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "base/line_source.h"
#include "interop/coordination/json_access.h"
#include "model/group/classic/classic_group.h"

namespace sharelock::interop {
namespace {

constexpr std::array assignor_names{"range", "cooperative-sticky"};
constexpr TopicName topic{1};
constexpr TopicName other_topic{2};

// ----- What a line says

std::int64_t integer(JsonElement element) {
  return element.get_int64();
}

std::string word(JsonElement object, std::string_view name) {
  const auto found = field(object, name);
  return found && found->is_string() ? std::string{std::string_view{found->get_string()}} : std::string{};
}

/// m3 is 3, i0 is 1; nothing is 0.
MemberId member_of(std::string_view name) {
  return MemberId{name.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(std::string{name.substr(1)}))};
}
InstanceId instance_of(std::string_view name) {
  return InstanceId{name.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(std::string{name.substr(1)})) + 1};
}

ClassicIdentity identity_in(JsonElement step) {
  return {member_of(word(step, "member")), instance_of(word(step, "instance"))};
}

ClassicAssignor assignor_of(std::string_view name) {
  return name == assignor_names[1] ? ClassicAssignor::cooperative_sticky : ClassicAssignor::range;
}

ClassicSubscription subscription_to(std::int64_t topics) {
  return {.topics = topics == 1 ? TopicNames{topic} : TopicNames{topic, other_topic}, .rack = {}, .instance = {}};
}

/// An assignment is told by one number: -1 is none.
NamedPartitions assignment_of(std::int64_t number) {
  return number < 0 ? NamedPartitions{} : NamedPartitions{{topic, {static_cast<std::int32_t>(number)}}};
}

std::vector<ClassicProtocol> protocols_in(JsonElement list) {
  std::vector<ClassicProtocol> protocols;
  for (const JsonElement one : list.get_array())
    protocols.push_back({assignor_of(assignor_names[static_cast<std::size_t>(integer(one.at(0)))]),
                         subscription_to(integer(one.at(1)))});
  return protocols;
}

// ----- What both sides show, as text

std::string shown(MemberId member) {
  return member == MemberId{} ? "" : "m" + std::to_string(member.value());
}
std::string shown(InstanceId instance) {
  return instance == InstanceId{} ? "" : "i" + std::to_string(instance.value() - 1);
}
std::int64_t shown(const NamedPartitions& assignment) {
  return assignment.empty() ? -1 : *assignment.begin()->second.begin();
}
std::string shown(const std::vector<ClassicProtocol>& protocols) {
  std::string list;
  for (const auto& [assignor, subscription] : protocols)
    list += '[' + std::to_string(static_cast<int>(assignor)) + ',' + std::to_string(subscription.topics.size()) + ']';
  return list;
}
std::string shown(std::optional<ClassicAssignor> assignor) {
  return assignor ? assignor_names[static_cast<std::size_t>(*assignor)] : "";
}
const char* shown(ClassicGroupState state) {
  constexpr std::array names{"Empty", "PreparingRebalance", "CompletingRebalance", "Stable"};
  return names[static_cast<std::size_t>(state)];
}

/// What a step made: answers by their requests, what was written, and the group after it.
struct Outcome {
  std::map<std::int64_t, std::string> answers;
  std::string written;
  std::string group;
  std::string error;

  friend bool operator==(const Outcome&, const Outcome&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    out << outcome.error << '\n';
    for (const auto& [request, answer] : outcome.answers) out << request << ": " << answer << '\n';
    return out << outcome.written << '\n' << outcome.group;
  }
};

// ----- Kafka's side

std::string recorded_answer(JsonElement answer) {
  std::ostringstream out;
  out << word(answer, "error");
  if (const auto assignment = field(answer, "assignment"))
    out << (word(answer, "error") == "NONE" ? " " + std::to_string(integer(*assignment)) : "");
  if (!field(answer, "generation")) return out.str();
  out << ' ' << word(answer, "member") << ' ' << number(answer, "generation") << ' ' << word(answer, "assignor") << ' '
      << word(answer, "leader") << (bool{answer["skips"].get_bool()} ? " skips" : "");
  std::map<MemberId, std::string> members;
  for (const auto [name, told] : answer["members"].get_object()) {
    const std::string instance = told.at(0).is_null() ? "" : std::string{std::string_view{told.at(0).get_string()}};
    members[member_of(name)] = ' ' + std::string{name} + instance + '(' + std::to_string(integer(told.at(1))) + ')';
  }
  for (const auto& [id, told] : members) out << told;
  return out.str();
}

std::string recorded_record(JsonElement record) {
  if (record.is_string()) return std::string{std::string_view{record.get_string()}} + ';';
  std::ostringstream out;
  out << number(record, "generation") << ' ' << word(record, "assignor") << ' ' << word(record, "leader");
  std::map<MemberId, std::string> members;
  for (const auto [name, kept] : record["members"].get_object()) {
    std::string& told = members[member_of(name)];
    told =
        ' ' + std::string{name} + (kept.at(0).is_null() ? "" : std::string{std::string_view{kept.at(0).get_string()}});
    for (const std::size_t i : {1U, 2U, 3U, 4U}) told += ',' + std::to_string(integer(kept.at(i)));
  }
  for (const auto& [id, told] : members) out << told;
  return out.str() + ';';
}

std::string recorded_group(JsonElement group) {
  if (group.is_null()) return "";
  std::ostringstream out;
  out << word(group, "state") << ' ' << number(group, "generation") << ' ' << word(group, "assignor") << ' '
      << word(group, "leader");
  std::map<MemberId, std::string> members;
  for (const auto [name, member] : group["members"].get_object()) {
    std::ostringstream told;
    told << "\n  " << name << word(member, "instance") << ' ' << number(member, "session") << ' '
         << number(member, "rebalance") << ' ' << shown(protocols_in(member["protocols"])) << ' '
         << number(member, "assignment") << (bool{member["new"].get_bool()} ? " new" : "")
         << (bool{member["joins"].get_bool()} ? " joins" : "") << (bool{member["syncs"].get_bool()} ? " syncs" : "");
    members[member_of(name)] = told.str();
  }
  for (const auto& [id, told] : members) out << told;
  std::set<MemberId> pending;
  std::set<MemberId> owing;
  for (const JsonElement id : group["pending"].get_array()) pending.insert(member_of(id.get_string()));
  for (const JsonElement id : group["owing"].get_array()) owing.insert(member_of(id.get_string()));
  out << "\n  pending";
  for (const MemberId id : pending) out << ' ' << shown(id);
  out << "\n  owing";
  for (const MemberId id : owing) out << ' ' << shown(id);
  std::map<std::string, std::int64_t> timers;
  for (const auto [name, at] : group["timers"].get_object()) timers[std::string{name}] = integer(at);
  for (const auto& [name, at] : timers) out << "\n  " << name << " at " << at;
  return out.str();
}

Outcome recorded(JsonElement step) {
  Outcome outcome;
  if (const auto answers = field(step, "answers"))
    for (const JsonElement answer : answers->get_array())
      outcome.answers[number(answer, "request")] = recorded_answer(answer);
  if (const auto records = field(step, "records"))
    for (const JsonElement record : records->get_array()) outcome.written += recorded_record(record);
  // Offsets go with their group, without a word.
  if (const auto offsets = outcome.written.find("-OffsetCommit;"); offsets != std::string::npos)
    outcome.written.erase(offsets, std::string_view{"-OffsetCommit;"}.size());
  outcome.group = recorded_group(step["group"]);
  const std::string op = word(step, "op");
  if (const auto errors = field(step, "errors")) {
    for (const JsonElement error : errors->get_array())
      outcome.error += std::string{std::string_view{error.get_string()}} + ' ';
  } else if (op != "written") {
    const std::size_t times = op == "leave" ? step["members"].get_array().size() : 1;
    for (std::size_t i = 0; i < times; ++i) outcome.error += word(step, "error") + (op == "leave" ? " " : "");
  }
  return outcome;
}

// ----- The model's side

/// A coordinator with the model's group, its timers and its log.
class Coordinator {
 public:
  explicit Coordinator(JsonElement configuration) {
    configuration_.initial_rebalance_delay = number(configuration, "group.initial.rebalance.delay.ms");
    configuration_.members_max = static_cast<std::size_t>(number(configuration, "group.max.size"));
  }

  Outcome take(JsonElement step) {
    outcome_ = {};
    out_.clear();
    now_ = number(step, "now");
    ask(word(step, "op"), step);
    settle();
    outcome_.group = group_.exists() ? group() : "";
    return outcome_;
  }

 private:
  struct LogEntry {
    std::optional<ClassicGroupRecord> group;  ///< None: the group is deleted, unless it is of an offset.
    bool is_offset = false;
    bool is_kept = true;
  };

  void ask(std::string_view op, JsonElement step) {
    if (op == "join") return join(step);
    if (op == "sync") return sync(step);
    if (op == "written") return written(*kafka_error_of(word(step, "error")));
    if (op == "timer") return fire(word(step, "timer"));
    if (op == "failOver") return fail_over();
    if (op == "leave") return leave(step);
    const auto generation = static_cast<std::int32_t>(field(step, "generation") ? number(step, "generation") : 0);
    KafkaError error{};
    if (op == "heartbeat") error = group_.heartbeat(identity_in(step), generation, out_);
    if (op == "commit") error = group_.commit({identity_in(step), generation, {}}, out_);
    if (op == "delete") error = group_.delete_group(out_);
    outcome_.error = name_of(error);
  }

  void join(JsonElement step) {
    ClassicJoin request{.request = request_in(step),
                        .who = identity_in(step),
                        .proposed = member_of(word(step, "proposed")),
                        .protocols = protocols_in(step["protocols"])};
    request.needs_id_first = step["idFirst"].get_bool();
    request.can_skip = step["skips"].get_bool();
    request.session_timeout = number(step, "session");
    request.rebalance_timeout = number(step, "rebalance");
    group_.join(request, configuration_, out_);
  }

  void sync(JsonElement step) {
    ClassicSync request{request_in(step),
                        identity_in(step),
                        static_cast<std::int32_t>(number(step, "generation")),
                        assignor_of(word(step, "assignor")),
                        {}};
    for (const auto [name, assigned] : step["assignments"].get_object())
      request.assignments[member_of(name)] = assignment_of(integer(assigned));
    group_.sync(request, out_);
  }

  void leave(JsonElement step) {
    std::vector<ClassicIdentity> leaving;
    for (const JsonElement who : step["members"].get_array())
      leaving.push_back(
          {member_of(who.at(0).get_string()),
           instance_of(who.at(1).is_null() ? std::string_view{} : std::string_view{who.at(1).get_string()})});
    for (const KafkaError error : group_.leave(leaving, configuration_, out_))
      outcome_.error += std::string{name_of(error)} + ' ';
  }

  void written(KafkaError error) {
    log_[writing_.front()].is_kept = error == KafkaError::none;
    writing_.pop_front();
    group_.group_written(error, configuration_, out_);
  }

  void fire(const std::string& timer) {
    timers_.erase(timer);
    if (timer == "join") return group_.join_expired(out_);
    if (timer == "sync") return group_.sync_expired(configuration_, out_);
    if (!timer.empty()) group_.session_expired(member_of(timer), configuration_, out_);
  }

  void fail_over() {
    for (; !writing_.empty(); writing_.pop_front()) {
      log_[writing_.front()].is_kept = false;
      group_.group_written(KafkaError::not_coordinator, configuration_, out_);
      settle();
    }
    group_.unload(out_);
    settle();
    timers_.clear();
    std::optional<ClassicGroupRecord> last;
    for (const LogEntry& entry : log_)
      if (entry.is_kept) last = entry.is_offset ? last.value_or(ClassicGroupRecord{}) : entry.group;
    group_ = last ? ClassicGroup::loaded(*last, {}, configuration_, out_) : ClassicGroup{};
  }

  void settle() {
    for (const ClassicEffect& effect : out_) std::visit([&](const auto& one) { happen(one); }, effect);
    out_.clear();
  }

  void happen(const classic_effect::JoinAnswered& effect) {
    const auto& answer = effect.answer;
    std::ostringstream out;
    out << name_of(answer.error) << ' ' << shown(answer.member) << ' ' << answer.generation << ' '
        << (answer.generation < 0 ? "" : shown(std::optional{answer.assignor})) << ' ' << shown(answer.leader)
        << (answer.skips_assignment ? " skips" : "");
    for (const auto& [id, subscription] : answer.members)
      out << ' ' << shown(id) << shown(subscription.instance) << '(' << subscription.topics.size() << ')';
    outcome_.answers[static_cast<std::int64_t>(effect.request.value())] = out.str();
  }
  void happen(const classic_effect::SyncAnswered& effect) {
    const auto& [error, assignment] = effect.answer;
    outcome_.answers[static_cast<std::int64_t>(effect.request.value())] =
        std::string{name_of(error)} + (error == KafkaError::none ? ' ' + std::to_string(shown(assignment)) : "");
  }
  void happen(const classic_effect::GroupWritten& effect) {
    const ClassicGroupRecord& record = effect.record;
    writing_.push_back(log_.size());
    log_.push_back({.group = record, .is_kept = false});
    std::ostringstream out;
    out << record.generation << ' ' << shown(record.assignor) << ' ' << shown(record.leader);
    for (const auto& [id, member] : record.members)
      out << ' ' << shown(id) << shown(member.instance) << ',' << member.session_timeout << ','
          << member.rebalance_timeout << ',' << member.protocols.front().subscription.topics.size() << ','
          << shown(member.assignment);
    outcome_.written += out.str() + ';';
  }
  void happen(const classic_effect::OffsetsWritten&) {
    outcome_.written += "OffsetCommit;";
    log_.push_back({.group = {}, .is_offset = true});
  }
  void happen(const classic_effect::GroupDeleted&) {
    outcome_.written += "-GroupMetadata;";
    log_.push_back({.group = {}});
  }
  void happen(const classic_effect::SessionArmed& effect) { timers_[shown(effect.member)] = now_ + effect.timeout; }
  void happen(const classic_effect::SessionCancelled& effect) { timers_.erase(shown(effect.member)); }
  void happen(const classic_effect::JoinTimerArmed& effect) { timers_["join"] = now_ + effect.timeout; }
  void happen(const classic_effect::JoinTimerCancelled&) { timers_.erase("join"); }
  void happen(const classic_effect::SyncTimerArmed& effect) { timers_["sync"] = now_ + effect.timeout; }
  void happen(const classic_effect::SyncTimerCancelled&) { timers_.erase("sync"); }

  std::string group() const {
    std::ostringstream out;
    out << shown(group_.state()) << ' ' << group_.generation() << ' ' << shown(group_.assignor()) << ' '
        << shown(group_.leader());
    for (const auto& [id, member] : group_.members())
      out << "\n  " << shown(id) << shown(member.instance) << ' ' << member.session_timeout << ' '
          << member.rebalance_timeout << ' ' << shown(member.protocols) << ' ' << shown(member.assignment)
          << (member.is_new ? " new" : "") << (member.join ? " joins" : "") << (member.sync ? " syncs" : "");
    out << "\n  pending";
    for (const MemberId id : group_.pending_joins()) out << ' ' << shown(id);
    out << "\n  owing";
    for (const MemberId id : group_.owing_sync()) out << ' ' << shown(id);
    for (const auto& [name, at] : timers_) out << "\n  " << name << " at " << at;
    return out.str();
  }

  static ClassicRequestId request_in(JsonElement step) {
    return ClassicRequestId{static_cast<std::uint64_t>(number(step, "request"))};
  }

  ClassicGroupConfiguration configuration_;
  ClassicGroup group_;
  ClassicGroupOutbox out_;
  std::map<std::string, TimeMs> timers_;
  std::vector<LogEntry> log_;
  std::deque<std::size_t> writing_;  ///< Places in the log that are decided later.
  TimeMs now_ = 0;
  Outcome outcome_;
};

TEST(ClassicGroups, LiveAsInKafkasCoordinator) {
  const char* const other = std::getenv("SHARELOCK_CLASSIC_GROUPS");
  const auto kept = std::filesystem::path{SHARELOCK_SOURCE_DIR} / "interop/golden/classic/groups.jsonl.zst";
  LineSource lines{other ? other : kept.string()};
  simdjson::dom::parser parser;
  std::uint32_t steps = 0;
  for (std::string_view line; lines.next(line);) {
    const JsonElement life = parser.parse(line.data(), line.size());
    Coordinator coordinator{life["configuration"]};
    std::string before;
    for (const JsonElement step : life["steps"].get_array()) {
      const Outcome expected = recorded(step);
      const Outcome made = coordinator.take(step);
      EXPECT_EQ(made, expected) << "line " << lines.line_number() << ' ' << simdjson::minify(step.get_object())
                                << "\nbefore " << before;
      if (made != expected) break;
      before = made.group;
      ++steps;
    }
  }
  EXPECT_GE(steps, 10'000U);
}

}  // namespace
}  // namespace sharelock::interop
