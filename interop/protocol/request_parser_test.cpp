#include "interop/protocol/request_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sharelock::interop {
namespace {

Request parse(std::string_view text, KafkaLine line = KafkaLine::v4_4) {
  NameTable names;
  return RequestParser{line, names}.parse(text);
}

/// Why a line is refused; `none` if it is not.
std::string refusal(std::string_view text, KafkaLine line = KafkaLine::v4_4) {
  const Request request = parse(text, line);
  const auto* refused = std::get_if<op::Refused>(&request.operation);
  return refused ? refused->message : "none";
}

// That every refusal is where the oracle has it is shown by the traces examples/refusals-*.jsonl, see golden_test.cpp.

TEST(RequestParser, ReadsAnAcquireWithItsLog) {
  NameTable names;
  const Request request = RequestParser{KafkaLine::v4_4, names}.parse(
      R"({"op":"acquire","id":[1, "x"],"show":"none","member":"m1","mode":"RL","fetchOffset":7,"aborted":[[7,3]],)"
      R"("log":[[7,9],{"b":10,"l":12,"pid":3,"txn":true},{"b":13,"l":13,"pid":3,"ctrl":"abort"}],"slice":true})");
  EXPECT_EQ(request.id, R"([1,"x"])");
  EXPECT_EQ(request.show, DumpMode::none);
  const auto& acquire = std::get<op::Acquire>(request.operation);
  EXPECT_EQ(names.name_of(acquire.member.value()), "m1");
  EXPECT_EQ(acquire.mode, AcquireMode::record_limit);
  EXPECT_EQ(acquire.isolation, Isolation::read_committed) << "a list of aborted transactions implies it";
  ASSERT_EQ(acquire.log.size(), 3u);
  EXPECT_EQ(acquire.log[1], (LogBatch{10, 12, 3, true, ControlType::none}));
  EXPECT_EQ(acquire.log[2], (LogBatch{13, 13, 3, true, ControlType::abort})) << "markers are transactional";
  EXPECT_EQ(acquire.batch_size, 500);
}

TEST(RequestParser, ReadsAcknowledgementsInAllTheirNotations) {
  const Request request =
      parse(R"({"op":"acknowledge","member":"m1","batches":[[0,2,"ARJ"],[3,3,4],[4,5,[0,9]],[6,6,257]]})");
  const auto& acknowledge = std::get<op::Acknowledge>(request.operation);
  ASSERT_EQ(acknowledge.batches.size(), 4u);
  std::vector<int> types;
  for (const auto type : acknowledge.types) types.push_back(static_cast<int>(type));
  EXPECT_THAT(types, ::testing::ElementsAre(1, 2, 3, 4, 0, 9, 1)) << "a number is cut to a byte, as the oracle does";
  EXPECT_EQ(acknowledge.batches[2].first_type, 4u);
}

TEST(RequestParser, KnowsWhatEachLineOfKafkaRefuses) {
  EXPECT_EQ(refusal(R"({"op":"config","limit":3})"), "none");
  EXPECT_EQ(refusal(R"({"op":"config","limit":3})", KafkaLine::v4_2), "the limits cannot change on this line");
  EXPECT_EQ(refusal(R"({"op":"reset","limit":3})", KafkaLine::v4_2), "none");
  EXPECT_EQ(refusal(R"({"op":"reset","renew":false})", KafkaLine::v4_2), "renew cannot be disabled on this line");
  EXPECT_EQ(refusal(R"({"op":"reset","dlq":true})", KafkaLine::v4_3), "no dead-letter queue on this line");
  EXPECT_EQ(refusal(R"({"op":"completeWrite","result":"GROUP_DELETION_FAILED"})", KafkaLine::v4_3),
            "unknown error name: GROUP_DELETION_FAILED");
  EXPECT_EQ(refusal(R"({"op":"completeWrite","result":"GROUP_DELETION_FAILED"})"), "none");
}

TEST(RequestParser, RefusesWithoutThrowing) {
  EXPECT_THAT(refusal("rubbish"), ::testing::StartsWith("not a request"));
  EXPECT_EQ(refusal("[]"), "a JSON object is required");
  EXPECT_EQ(refusal(R"({"op":"state","x":1})"), "unknown field: x");
  EXPECT_EQ(refusal(R"({"op":"lso","offset":1.0})"), "integer required: offset");
}

}  // namespace
}  // namespace sharelock::interop
