// What a comparison of the assignor should have met.
#include <array>
#include <map>

#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

bool is_error(JsonElement answer, std::string_view wanted) {
  const auto error = field(answer, "error");
  return error && std::string_view{error->get_string()} == wanted;
}

bool is_of_type(JsonElement answer, std::string_view type) {
  return text(answer, "type") == type;
}

std::size_t count(JsonElement of, std::string_view name) {
  return of[name].get_array().size();
}

/// Members of each partition, over all topics.
std::map<std::pair<std::string, std::int64_t>, std::int64_t> holders(JsonElement answer) {
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> result;
  if (const auto assignment = field(answer, "assignment"))
    for (const auto member : assignment->get_object())
      for (const auto topic : member.value.get_object())
        for (const JsonElement partition : topic.value.get_array())
          ++result[{std::string{topic.key}, std::int64_t{partition.get_int64()}}];
  return result;
}

std::int64_t sharing(JsonElement answer) {
  return number(answer, "sharing", 0);
}

bool under_shared(JsonElement, JsonElement answer) {
  for (const auto& [partition, members] : holders(answer))
    if (members < sharing(answer)) return true;
  return false;
}

std::int64_t targets(JsonElement request) {
  std::int64_t result = 0;
  for (const JsonElement name : request["members"].at(0)["topics"].get_array()) {
    const JsonElement topic = request["topics"][std::string_view{name.get_string()}];
    result += field(topic, "assignable") ? static_cast<std::int64_t>(count(topic, "assignable"))
                                         : number(topic, "partitions", 0);
  }
  return result;
}

/// A desired count is not what exact arithmetic gives.
bool inexact(JsonElement request, JsonElement answer) {
  if (!field(answer, "desired")) return false;
  const auto members = static_cast<std::int64_t>(count(request, "members"));
  const std::int64_t grants = sharing(answer) * targets(request);
  std::int64_t before = 0;
  std::int64_t i = 0;
  for (const JsonElement desired : answer["desired"].get_array()) {
    const std::int64_t until = (grants * ++i + members - 1) / members;
    if (std::int64_t{desired.get_int64()} != until - before) return true;
    before = until;
  }
  return false;
}

bool somebody_held_something(JsonElement request, JsonElement) {
  for (const JsonElement member : request["members"].get_array())
    if (field(member, "previous")) return true;
  return false;
}

/// Everybody keeps exactly what they had.
bool unchanged(JsonElement request, JsonElement answer) {
  const auto assignment = field(answer, "assignment");
  if (!assignment || count(request, "members") == 0) return false;
  for (const JsonElement member : request["members"].get_array()) {
    const auto before = field(member, "previous");
    const auto now = field(*assignment, text(member, "id"));
    if (!before || !now || simdjson::to_string(*before) != simdjson::to_string(*now)) return false;
  }
  return true;
}

constexpr std::array situations{
    PartSituation{"nobody is there", "AS-1",
                  [](JsonElement request, JsonElement) { return count(request, "members") == 0; }},
    PartSituation{"a subscribed topic is not in the metadata", "AS-1",
                  [](JsonElement, JsonElement answer) { return is_error(answer, "PartitionAssignorException"); }},
    PartSituation{"the members run out in the middle of a partition", "AS-14",
                  [](JsonElement, JsonElement answer) { return is_error(answer, "NoSuchElementException"); }},
    PartSituation{"all subscribe to the same", "8.1",
                  [](JsonElement, JsonElement answer) { return is_of_type(answer, "HOMOGENEOUS"); }},
    PartSituation{"members subscribe to different topics", "8.2",
                  [](JsonElement, JsonElement answer) { return is_of_type(answer, "HETEROGENEOUS"); }},
    PartSituation{"members share partitions", "AS-24",
                  [](JsonElement, JsonElement answer) { return sharing(answer) > 1; }},
    PartSituation{"four and more members share each partition", "AS-24",
                  [](JsonElement, JsonElement answer) { return sharing(answer) >= 4; }},
    PartSituation{"a partition gets fewer members than desired", "AS-10 AS-11 AS-22", under_shared},
    PartSituation{"desired counts that are not exact", "AS-13", inexact},
    PartSituation{"somebody held something before", "step 3", somebody_held_something},
    PartSituation{"everybody keeps what they had", "AS-23", unchanged},
};

}  // namespace

std::span<const PartSituation> assignor_situations() {
  return situations;
}

}  // namespace sharelock::interop
