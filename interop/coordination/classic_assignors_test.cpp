// The assignors of classic consumers beside what Kafka's own (the same in 4.2.1, 4.3.1 and 4.4.0) made of drawn groups
// (interop/kafka/classic/RecordAssignments.java says what a line holds). SHARELOCK_ASSIGNMENTS names another recording.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/line_source.h"
#include "interop/coordination/json_access.h"
#include "model/group/classic/cooperative_sticky_assignor.h"
#include "model/group/classic/range_assignor.h"

namespace sharelock::interop {
namespace {

using Members = std::map<MemberId, ClassicSubscription>;
using Assignment = std::map<MemberId, NamedPartitions>;

TopicName topic_of(JsonElement number) {
  return TopicName{static_cast<std::uint32_t>(std::int64_t{number.get_int64()})};
}

NamedPartitions partitions_in(JsonElement list) {
  NamedPartitions partitions;
  for (const JsonElement one : list.get_array())
    partitions[topic_of(one.at(0))].insert(static_cast<std::int32_t>(std::int64_t{one.at(1).get_int64()}));
  return partitions;
}

/// As the recorder names them: t0, t1, ..., t9.
std::uint32_t hash_of(TopicName topic) {
  return 't' * 31 + '0' + topic.value();
}

/// r0 is 1: 0 is nowhere.
RackId rack_of(JsonElement number) {
  return RackId{static_cast<std::uint32_t>(std::int64_t{number.get_int64()} + 1)};
}

std::vector<Racks> racks_in(JsonElement partitions) {
  std::vector<Racks> racks;
  for (const JsonElement of_partition : partitions.get_array()) {
    racks.emplace_back();
    for (const JsonElement rack : of_partition.get_array()) racks.back().insert(rack_of(rack));
  }
  return racks;
}

struct Drawn {
  ClassicTopics topics;
  Members members;

  explicit Drawn(JsonElement line) {
    for (const JsonElement count : line["partitions"].get_array()) {
      const TopicName name{static_cast<std::uint32_t>(topics.size())};
      topics[name] = {static_cast<std::int32_t>(std::int64_t{count.get_int64()}), {}, hash_of(name)};
    }
    if (const auto racks = field(line, "racks"))
      for (auto topic = topics.begin(); const JsonElement of_topic : racks->get_array())
        (topic++)->second.racks = racks_in(of_topic);
    for (const JsonElement member : line["members"].get_array()) {
      ClassicSubscription& told = members[MemberId{static_cast<std::uint32_t>(number(member, "id"))}];
      for (const JsonElement topic : member["topics"].get_array()) told.topics.insert(topic_of(topic));
      told.owned = partitions_in(member["owned"]);
      told.generation = static_cast<std::int32_t>(number(member, "generation"));
      if (const auto rack = field(member, "rack")) told.rack = rack_of(*rack);
      if (const auto instance = field(member, "instance"))
        told.instance = InstanceId{static_cast<std::uint32_t>(std::int64_t{instance->get_int64()} + 1)};
    }
  }

  /// What each member was given, in the order of members, or what was thrown.
  StickyAssignment given(JsonElement list) const {
    if (list.is_string())
      return std::string_view{list.get_string()} == "NullPointerException" ? AssignorException::null_pointer
                                                                           : AssignorException::illegal_state;
    Assignment assignment;
    auto member = members.begin();
    for (const JsonElement of_member : list.get_array()) assignment[(member++)->first] = partitions_in(of_member);
    return assignment;
  }
};

TEST(ClassicAssignors, GiveWhatKafkasGive) {
  const char* const other = std::getenv("SHARELOCK_ASSIGNMENTS");
  const auto recorded = std::filesystem::path{SHARELOCK_SOURCE_DIR} / "interop/golden/classic/assignments.jsonl.zst";
  LineSource lines{other ? other : recorded.string()};
  simdjson::dom::parser parser;
  std::uint32_t compared = 0;
  for (std::string_view text; lines.next(text);) {
    const JsonElement line = parser.parse(text.data(), text.size());
    const Drawn drawn{line};
    EXPECT_EQ(StickyAssignment{range_assignment(drawn.members, drawn.topics)}, drawn.given(line["range"])) << text;
    EXPECT_EQ(cooperative_sticky_assignment(drawn.members, drawn.topics), drawn.given(line["sticky"])) << text;
    ++compared;
  }
  EXPECT_GE(compared, 3000U);
}

}  // namespace
}  // namespace sharelock::interop
