// The assignors of classic consumers beside what Kafka's own (the same in 4.2.1, 4.3.1 and 4.4.0) made of drawn groups.
// A line: how many partitions topics 0, 1, ... have; the members in order; what each got.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/line_source.h"
#include "interop/coordination/json_access.h"
#include "model/group/classic/cooperative_sticky_assignor.h"
#include "model/group/classic/range_assignor.h"

namespace sharelock::interop {
namespace {

using Members = std::map<MemberId, ClassicSubscription>;
using Partitions = std::map<TopicName, std::int32_t>;
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

struct Drawn {
  Partitions partitions;
  Members members;

  explicit Drawn(JsonElement line) {
    for (const JsonElement count : line["partitions"].get_array())
      partitions[TopicName{static_cast<std::uint32_t>(partitions.size())}] =
          static_cast<std::int32_t>(std::int64_t{count.get_int64()});
    for (const JsonElement member : line["members"].get_array()) {
      ClassicSubscription& told = members[MemberId{static_cast<std::uint32_t>(members.size() + 1)}];
      for (const JsonElement topic : member["topics"].get_array()) told.topics.insert(topic_of(topic));
      told.owned = partitions_in(member["owned"]);
      told.generation = static_cast<std::int32_t>(number(member, "generation"));
    }
  }
};

Assignment assignment_in(JsonElement list) {
  Assignment assignment;
  for (const JsonElement of_member : list.get_array())
    assignment[MemberId{static_cast<std::uint32_t>(assignment.size() + 1)}] = partitions_in(of_member);
  return assignment;
}

TEST(ClassicAssignors, GiveWhatKafkasGive) {
  const auto path = std::filesystem::path{SHARELOCK_SOURCE_DIR} / "interop/golden/classic/assignments.jsonl.zst";
  LineSource lines{path.string()};
  simdjson::dom::parser parser;
  std::uint32_t compared = 0;
  for (std::string_view text; lines.next(text);) {
    const JsonElement line = parser.parse(text.data(), text.size());
    const Drawn drawn{line};
    EXPECT_EQ(range_assignment(drawn.members, drawn.partitions), assignment_in(line["range"])) << text;
    ++compared;
    const auto sticky = field(line, "sticky");
    if (!sticky) continue;
    EXPECT_EQ(cooperative_sticky_assignment(drawn.members, drawn.partitions), assignment_in(*sticky)) << text;
    ++compared;
  }
  EXPECT_GE(compared, 3000U);
}

}  // namespace
}  // namespace sharelock::interop
