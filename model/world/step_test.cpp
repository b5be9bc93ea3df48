#include "model/world/step.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sharelock {
namespace {

TEST(Step, ReadsAsAShortSentence) {
  EXPECT_EQ(to_text({.kind = StepKind::lock_fires, .group = GroupId{1}, .member = MemberId{2}, .first = 5, .last = 9}),
            "lock-fires group=1 member=2 range=5-9");
}

TEST(Step, TextThatIsNoStepIsRefused) {
  for (const std::string_view text : {"", "lock", "fetch group=1", "fetch member=x", "fetch member", "crash member=1  ",
                                      "store-answers error=NO_SUCH", "acknowledge type=eat", "append range=5"})
    EXPECT_FALSE(step_of(text)) << text;
}

RC_GTEST_PROP(Step, IsReadBackAsItWasWritten, ()) {
  Step step{.kind = static_cast<StepKind>(*rc::gen::inRange<std::size_t>(0, step_kind_count))};
  const StepForm& form = form_of(step.kind);
  if (form.group) step.group = GroupId{*rc::gen::arbitrary<std::uint32_t>()};
  if (form.member) step.member = MemberId{*rc::gen::arbitrary<std::uint32_t>()};
  if (form.range) step.first = *rc::gen::arbitrary<Offset>();
  if (form.range) step.last = *rc::gen::arbitrary<Offset>();
  if (form.cause) step.cause = static_cast<StoreCause>(*rc::gen::inRange<std::size_t>(0, store_cause_count));
  if (form.broker) step.broker = *rc::gen::element(BrokerRole::leader, BrokerRole::other);
  if (form.counts()) step.nth = *rc::gen::arbitrary<std::uint32_t>();
  if (form.type) step.type = static_cast<AcknowledgeType>(*rc::gen::inRange(0, 5));
  if (form.error) step.error = *rc::gen::element(KafkaError::none, KafkaError::fenced_state_epoch);
  RC_ASSERT(step_of(to_text(step)) == step);
}

}  // namespace
}  // namespace sharelock
