#include "interop/coordination/decoded_life.h"

#include <gtest/gtest.h>

#include <regex>

#include "interop/coordination/model_answers.h"
#include "interop/coordination/part.h"

namespace sharelock::interop {
namespace {

/// The fetch path shows a digest otherwise.
Life showing_state(Life life) {
  constexpr std::string_view digest = R"("dump":"hash")";
  if (const auto at = life.front().find(digest); at != std::string::npos)
    life.front().replace(at, digest.size(), R"("dump":"full")");
  return life;
}

/// Without what was told of hand-overs when they were issued.
std::string without_descriptions(const std::string& answer) {
  return std::regex_replace(answer, std::regex{R"re(("sp":"[^"]*",)[^}]*)re"}, "$1");
}

/// For 30 lives of each part.
void for_drawn_lives(auto check) {
  const Profile profile{ProfileName::v4_4};
  for (const Part& part : all_parts())
    for (std::uint64_t number = 0; number < 30; ++number) {
      SCOPED_TRACE(testing::Message() << part.name << " " << number);
      const Life life = showing_state(part.draw(Chance{7, part.name}, number, profile));
      check(decode_life(life, KafkaLine::v4_4, profile), model_answers(life, profile));
    }
}

TEST(DecodedLife, IsAnsweredLikeOneThatIsReadAsItHappens) {
  for_drawn_lives([](const DecodedLife& life, const std::vector<std::string>& expected) {
    std::vector<std::string> answers(life.steps.size());
    for (std::size_t i = 0; i < life.steps.size(); ++i) life.steps[i](&answers[i]);
    EXPECT_EQ(answers, expected);
  });
}

TEST(DecodedLife, EndsInTheSameStateIfNothingIsTold) {
  for_drawn_lives([](const DecodedLife& life, const std::vector<std::string>& expected) {
    for (std::size_t i = 0; i + 1 < life.steps.size(); ++i) life.steps[i](nullptr);
    std::string last;
    life.steps.back()(&last);
    EXPECT_EQ(without_descriptions(last), without_descriptions(expected.back()));
  });
}

}  // namespace
}  // namespace sharelock::interop
