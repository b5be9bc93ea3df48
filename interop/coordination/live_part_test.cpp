// The live comparison of the coordination side, with a second model in the place of the real class.
#include "interop/coordination/live_part.h"

#include <deque>
#include <sstream>

namespace sharelock::interop {
namespace {

/// Answers as the model of another profile would.
class OtherModel final : public Answerer {
 public:
  explicit OtherModel(const Profile& profile) : profile_{profile} {}

  void send(std::string_view lines) override {
    Life life;
    std::istringstream text{std::string{lines}};
    for (std::string line; std::getline(text, line);) life.push_back(line);
    for (std::string& answer : model_answers(life, profile_)) answers_.push_back(std::move(answer));
  }
  std::string_view receive() override {
    taken_ = std::move(answers_.front());
    answers_.pop_front();
    return taken_;
  }

 private:
  Profile profile_;
  std::deque<std::string> answers_;
  std::string taken_;
};

PartComparison compare(Answerer& kafka, std::string_view part, const Profile& profile, std::uint64_t seed,
                       std::uint64_t operations) {
  return compare_part(
      kafka, *part_named(part), profile, seed, [&](std::uint64_t drawn) { return drawn < operations; },
      [](const PartCounts&) {});
}

TEST(LivePart, FindsNoDifferenceBetweenEquals) {
  const Profile profile{ProfileName::v4_4};
  for (const Part& part : all_parts()) {
    SCOPED_TRACE(part.name);
    OtherModel same{profile};
    const PartComparison comparison = compare(same, part.name, profile, 1, 5000);
    EXPECT_FALSE(comparison.difference.has_value());
    EXPECT_GE(comparison.counts.operations, 5000u);
  }
}

TEST(LivePart, MeetsNearlyEverySituation) {
  for (const Part& part : all_parts()) {
    const Profile profile{ProfileName::v4_4};
    OtherModel same{profile};
    const PartComparison comparison = compare(same, part.name, profile, 3, 20'000);
    for (std::size_t i = 0; i < part.situations.size(); ++i)
      // The assignor fails for a group once in some hundred thousand requests.
      EXPECT_TRUE(comparison.counts.situations[i] > 0 || part.situations[i].name == "the assignor fails")
          << part.name << ": " << part.situations[i].name;
  }
}

void expect_found(std::string_view part, std::initializer_list<const char*> assignments, std::size_t requests_at_most) {
  const Profile profile{ProfileName::v4_4};
  for (const char* assignment : assignments) {
    SCOPED_TRACE(assignment);
    Profile other = profile;
    ASSERT_EQ(set_switch(other, assignment), "");
    OtherModel kafka{other};
    const PartComparison comparison = compare(kafka, part, profile, 7, 200'000);
    ASSERT_TRUE(comparison.difference.has_value());
    EXPECT_LE(comparison.difference->life.size(), requests_at_most);
    EXPECT_TRUE(compare_life(kafka, profile, comparison.difference->life).has_value());
  }
}

TEST(LivePart, FindsEverySwitchOfTheStoreAndTellsItShortly) {
  expect_found("store",
               {"stored-start-regresses=on", "stored-count-as-written=on", "negative-epochs=unfenced-writes",
                "negative-epochs=unfenced", "repeated-initialise=ignored", "repeated-initialise=ignored-when-equal",
                "initialise-forgets-leader=off", "higher-epochs-pass=off", "duplicates-share-answer=off",
                "empty-request-unanswered=off", "parallel-jobs=on", "missed-clean-up-stays=off"},
               9);
}

TEST(LivePart, FindsEverySwitchOfGroupsAndTellsItShortly) {
  expect_found("group",
               {"group-epochs-from-one=off", "pending-while-owed=on", "empty-group-catches-up=off",
                "added-partitions=undecided", "added-partitions=zero-if-initialised", "alter-bumps-epoch=on"},
               9);
}

TEST(LivePart, DrawsTheSameLifeFromTheSameSeed) {
  const Profile profile{ProfileName::v4_2};
  for (const Part& part : all_parts()) {
    EXPECT_EQ(part.draw(Chance{5, "a"}, 2, profile), part.draw(Chance{5, "a"}, 2, profile));
    EXPECT_NE(part.draw(Chance{5, "a"}, 2, profile), part.draw(Chance{6, "a"}, 2, profile));
  }
}

}  // namespace
}  // namespace sharelock::interop
