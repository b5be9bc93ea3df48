#include "interop/coordination/assignor_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "interop/coordination/topic_id_text.h"
#include "model/group/simple_assignor.h"

namespace sharelock::interop {
namespace {

/// A request, decoded. Topic n is that of the n-th name.
struct AssignorRequest {
  std::vector<std::string> topics;
  std::vector<std::string> members;
  AssignorInput input;

  TopicId topic(std::string_view name) const {
    const auto place = std::ranges::find(topics, name);
    if (place == topics.end()) throw simdjson::simdjson_error{simdjson::NO_SUCH_FIELD};
    return TopicId{static_cast<std::uint32_t>(place - topics.begin() + 1)};
  }
};

std::vector<std::int32_t> numbers(JsonElement list) {
  std::vector<std::int32_t> result;
  for (const JsonElement number : list.get_array())
    result.push_back(static_cast<std::int32_t>(std::int64_t{number.get_int64()}));
  return result;
}

AssignorTopic topic_of(TopicId id, JsonElement description) {
  AssignorTopic topic{id, hash_of_topic_id(text(description, "id")), field(description, "partitions").has_value(), {}};
  const std::int32_t partitions = integer(description, "partitions", 0);
  if (const auto assignable = field(description, "assignable")) {
    topic.targets = numbers(*assignable);
    std::ranges::sort(topic.targets);
    std::erase_if(topic.targets, [&](std::int32_t number) { return number >= partitions; });
  } else {
    for (std::int32_t number = 0; number < partitions; ++number) topic.targets.push_back(number);
  }
  return topic;
}

AssignorRequest decoded(JsonElement request) {
  AssignorRequest result;
  std::map<std::string, JsonElement> topics;
  for (const auto topic : request["topics"].get_object()) topics.emplace(topic.key, topic.value);
  for (const auto& [name, description] : topics) {
    result.topics.push_back(name);
    result.input.topics.push_back(topic_of(result.topic(name), description));
  }
  std::set<std::set<TopicId>> subscriptions;
  for (const JsonElement member : request["members"].get_array()) {
    result.members.emplace_back(text(member, "id"));
    AssignorMember& decoded_member = result.input.members.emplace_back();
    for (const JsonElement topic : member["topics"].get_array())
      decoded_member.subscribed.push_back(result.topic(std::string_view{topic.get_string()}));
    if (const auto previous = field(member, "previous"))
      for (const auto topic : previous->get_object())
        decoded_member.previous.emplace_back(result.topic(topic.key), numbers(topic.value));
    subscriptions.emplace(decoded_member.subscribed.begin(), decoded_member.subscribed.end());
  }
  result.input.same_subscription = subscriptions.size() <= 1;
  return result;
}

void append_desired(std::string& answer, const AssignorInput& input) {
  std::size_t targets = 0;
  for (const TopicId topic : input.members.front().subscribed)
    targets += input.topics[topic.value() - 1].targets.size();
  const DesiredCounts desired = desired_counts(input.members.size(), targets);
  fmt::format_to(std::back_inserter(answer), R"("sharing":{},"desired":[{}],)", desired.sharing,
                 fmt::join(desired.per_member, ","));
}

void append_assigned(std::string& answer, const AssignorRequest& asked, const Assigned& assigned) {
  const AssignorInput& input = asked.input;
  answer += input.same_subscription ? R"({"type":"HOMOGENEOUS",)" : R"({"type":"HETEROGENEOUS",)";
  if (assigned.error != AssignorError::none) {
    const bool unknown = assigned.error == AssignorError::unknown_topic;
    answer += unknown ? R"("error":"PartitionAssignorException"})" : R"("error":"NoSuchElementException"})";
    return;
  }
  if (input.same_subscription && !input.members.empty()) append_desired(answer, input);
  std::map<std::string_view, const TopicPartitions*> by_name;
  for (std::size_t i = 0; i < assigned.by_member.size(); ++i) by_name.emplace(asked.members[i], &assigned.by_member[i]);
  answer += R"("assignment":{)";
  for (const auto& [member, partitions] : by_name) {
    if (answer.back() != '{') answer += ',';
    append_quoted(answer, member);
    answer += ':';
    append_partitions(answer, *partitions,
                      [&](TopicId id) -> std::string_view { return asked.topics[id.value() - 1]; });
  }
  answer += "}}";
}

}  // namespace

Step decode_assignment(JsonElement request) {
  return [asked = decoded(request)](std::string* answer) {
    const Assigned assigned = assign(asked.input);
    if (answer) append_assigned(*answer, asked, assigned);
  };
}

}  // namespace sharelock::interop
