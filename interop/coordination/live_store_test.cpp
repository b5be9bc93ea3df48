// The live comparison of the store, with a second model in the place of the real class.
#include "interop/coordination/live_store.h"

#include <deque>
#include <sstream>

#include "interop/coordination/shard_script.h"

namespace sharelock::interop {
namespace {

/// Answers as the model of another profile would.
class OtherModel final : public Answerer {
 public:
  explicit OtherModel(const Profile& profile) : profile_{profile} {}

  void send(std::string_view lines) override {
    ShardLife life;
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

constexpr auto quietly = [](const StoreComparisonCounts&) {};

TEST(LiveStore, FindsNoDifferenceBetweenEquals) {
  const Profile profile{ProfileName::v4_4};
  OtherModel same{profile};
  const StoreComparison comparison = compare_store(same, profile, 1, 5000, quietly);
  EXPECT_FALSE(comparison.difference.has_value());
  EXPECT_GE(comparison.counts.operations, 5000u);
  EXPECT_GT(comparison.counts.combinations, 1000u);
}

TEST(LiveStore, FindsEverySwitchOfTheStoreAndTellsItShortly) {
  const Profile profile{ProfileName::v4_4};
  for (const char* assignment :
       {"stored-start-regresses=on", "stored-count-as-written=on", "negative-epochs=unfenced-writes",
        "negative-epochs=unfenced", "repeated-initialise=ignored", "repeated-initialise=ignored-when-equal",
        "initialise-forgets-leader=off", "higher-epochs-pass=off", "duplicates-share-answer=off",
        "empty-request-unanswered=off", "parallel-jobs=on", "missed-clean-up-stays=off"}) {
    SCOPED_TRACE(assignment);
    Profile other = profile;
    ASSERT_EQ(set_switch(other, assignment), "");
    OtherModel kafka{other};
    const StoreComparison comparison = compare_store(kafka, profile, 7, 200'000, quietly);
    ASSERT_TRUE(comparison.difference.has_value());
    EXPECT_LE(comparison.difference->life.size(), 9u);
    EXPECT_TRUE(compare_life(kafka, profile, comparison.difference->life).has_value());
  }
}

TEST(LiveStore, DrawsTheSameLifeFromTheSameSeed) {
  const Profile profile{ProfileName::v4_2};
  EXPECT_EQ(draw_shard_life(Chance{5, "a"}, profile, 40), draw_shard_life(Chance{5, "a"}, profile, 40));
  EXPECT_NE(draw_shard_life(Chance{5, "a"}, profile, 40), draw_shard_life(Chance{6, "a"}, profile, 40));
}

}  // namespace
}  // namespace sharelock::interop
