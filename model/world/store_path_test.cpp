// What a world knows of its store, that requests are applied, answered, lost, repeated, in any order, allows all that
// the real persister and the real coordinator do.
#include "model/world/store_path.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "model/world/testing/small_worlds.h"

namespace sharelock {
namespace {

/// A world whose other steps, and all that happens on the way to its store, are chosen.
class Chosen final : public StorePath::Driver {
 public:
  Chosen(const WorldSettings& settings, const std::vector<std::uint32_t>& choices)
      : world_{settings}, path_{settings}, choices_{choices} {}

  void run() {
    while (next_ < choices_.size()) {
      if (choose(2) == 0)
        step_of_the_world();
      else
        event_on_the_way();
      path_.send(*this);
      compare();
    }
  }

  /// A step of the world, as plans write it.
  void plays(std::string_view step) {
    take(*step_of(step));
    path_.send(*this);
  }
  /// The newest event of that kind.
  void happens(StoreEvent::Kind kind) {
    const std::vector<StoreEvent> events = path_.possible();
    const auto newest = std::ranges::find(events.rbegin(), events.rend(), kind, &StoreEvent::kind);
    RC_ASSERT(newest != events.rend());
    RC_ASSERT(path_.happen(*newest, 0, *this));
    compare();
  }
  /// The newest request arrives, is written and answered.
  void is_answered() {
    for (const auto kind : {StoreEvent::Kind::arrives, StoreEvent::Kind::replicated, StoreEvent::Kind::answered})
      happens(kind);
  }

  const PartitionWorld& world() const override { return world_; }
  void take(const Step& step) override {
    Observations seen;
    RC_ASSERT(world_.apply(step, world_.later(), seen));
    answered += step.kind == StepKind::store_answers;
    alike += step.kind == StepKind::store_applies_alike;
    reloaded += step.kind == StepKind::store_reloads;
    repeated += step.kind == StepKind::store_repeats;
    for (const Observation& observation : seen) {
      if (const auto* asked = std::get_if<seen::StoreAsked>(&observation))
        path_.asked(world_, asked->group, asked->request);
      const auto* applied = std::get_if<seen::StoreApplied>(&observation);
      if (applied != nullptr && applied->cause == StoreCause::start) path_.stored_start(applied->group, *this);
    }
  }
  void can_happen(StoreEvent event, std::int32_t) override {
    if (event.kind != StoreEvent::Kind::arrives) return;
    const std::uint32_t fate = choose(6);
    if (fate == 1) path_.lose_request(event.serial);
    if (fate == 2) path_.lose_answer(event.serial);
  }

  std::size_t answered = 0;
  std::size_t repeated = 0;
  std::size_t alike = 0;
  std::size_t reloaded = 0;

 private:
  std::uint32_t choose(std::uint32_t below) { return next_ < choices_.size() ? choices_[next_++] % below : 0; }

  void step_of_the_world() {
    std::vector<Step> steps;
    world_.enabled(steps);
    std::erase_if(steps, [](const Step& step) {
      return step.kind == StepKind::store_applies || step.kind == StepKind::store_answers ||
             step.kind == StepKind::store_copied || step.kind == StepKind::store_repeats ||
             step.kind == StepKind::store_applies_alike || step.kind == StepKind::store_reloads;
    });
    if (!steps.empty()) take(testing::pick(steps, choose(1'000'000)));
  }

  void event_on_the_way() {
    const std::vector<StoreEvent> events = path_.possible();
    if (events.empty()) return;
    const StoreEvent event = events[choose(static_cast<std::uint32_t>(events.size()))];
    RC_ASSERT(path_.happen(event, 0, *this));
  }

  /// As long as everything is replicated the store of the world is what the coordinator has.
  void compare() const {
    for (std::uint32_t id = 1; id <= world_.group_count(); ++id) {
      const KeyState* known = path_.known(GroupId{id});
      if (known == nullptr) continue;
      const ShareSnapshot& stored = world_.stored(GroupId{id});
      RC_ASSERT(world_.forgets_leaders(GroupId{id}) == (known->fence_leader_epoch > known->state.leader_epoch));
      RC_ASSERT(known->state.state_epoch == stored.state_epoch);
      RC_ASSERT(known->state.leader_epoch == stored.leader_epoch);
      RC_ASSERT(known->state.instance == stored.instance);
      RC_ASSERT(known->state.start_offset == stored.start_offset);
      RC_ASSERT(known->state.delivery_complete_count == stored.delivery_complete_count);
      RC_ASSERT(known->state.batches == stored.batches);
    }
  }

  PartitionWorld world_;
  StorePath path_;
  const std::vector<std::uint32_t>& choices_;
  std::size_t next_ = 0;
};

const std::vector<std::uint32_t> none_chosen;

WorldSettings on_4_4(std::initializer_list<const char*> members) {
  WorldSettings settings;
  settings.profile = Profile{ProfileName::v4_4};
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  for (const char* name : members)
    settings.members.push_back({.name = name, .mode = AcquireMode::record_limit, .max_poll_records = 1});
  return settings;
}

TEST(StorePath, AWriteThatIsRefusedIsAnsweredLikeALaterOneThatTravelsWithIt) {  // SC-8, CV-6
  const WorldSettings settings = on_4_4({"m1", "m2", "m3"});
  Chosen chosen{settings, none_chosen};
  for (const char* step : {"append range=0-1", "fetch member=1", "request-arrives member=1"}) chosen.plays(step);
  chosen.is_answered();
  for (const char* step : {"check-fetch member=1", "response-arrives member=1", "fetch member=2",
                           "request-arrives member=2", "response-arrives member=2"})
    chosen.plays(step);
  // The first write is on its way for long, and the second waits for it.
  for (const char* step : {"acknowledge member=1 range=0-0 type=accept", "commit member=1", "request-arrives member=1",
                           "acknowledge member=2 range=1-1 type=accept", "commit member=2", "request-arrives member=2"})
    chosen.plays(step);
  for (const char* step : {"leader-moves", "broker-learns broker=other", "leader-moves", "broker-learns broker=leader",
                           "fetch member=3", "request-arrives member=3"})
    chosen.plays(step);
  chosen.is_answered();
  for (const char* step :
       {"check-fetch member=3", "response-arrives member=3", "acknowledge member=3 range=0-0 type=release",
        "commit member=3", "request-arrives member=3"})
    chosen.plays(step);
  chosen.happens(StoreEvent::Kind::given_up);
  EXPECT_EQ(chosen.alike, 0U);
  chosen.is_answered();
  EXPECT_EQ(chosen.alike, 1U);
}

TEST(StorePath, ALogThatWasPrunedAfterAnAlterationTellsOfNoFormerLeader) {  // SC-71, CV-3
  WorldSettings settings = on_4_4({"m1"});
  settings.administration = true;
  Chosen chosen{settings, none_chosen};
  for (const char* step :
       {"leader-moves", "broker-learns broker=leader", "member-learns member=1", "heartbeat member=1"})
    chosen.plays(step);
  chosen.is_answered();
  for (const char* step : {"heartbeat member=1", "fetch member=1", "request-arrives member=1"}) chosen.plays(step);
  chosen.is_answered();
  for (const char* step : {"leave member=1", "alter-offsets group=1 range=0-0"}) chosen.plays(step);
  chosen.is_answered();
  EXPECT_TRUE(chosen.world().forgets_leaders(GroupId{1}));
  for (const auto kind : {StoreEvent::Kind::cleaned, StoreEvent::Kind::resigns, StoreEvent::Kind::loaded})
    chosen.happens(kind);
  EXPECT_EQ(chosen.reloaded, 1U);
  EXPECT_FALSE(chosen.world().forgets_leaders(GroupId{1}));
}

RC_GTEST_PROP(StorePath, DoesNothingThatAWorldDoesNotAllow, ()) {
  const auto seed = *rc::gen::resize(1000, rc::gen::inRange<std::uint32_t>(0, 1'000'000));
  const WorldSettings settings = testing::small_settings(seed);
  const auto choices = *rc::gen::resize(
      1500, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1'000'000)));
  Chosen chosen{settings, choices};
  chosen.run();
  RC_CLASSIFY(chosen.answered > 0, "answered");
  RC_CLASSIFY(chosen.repeated > 0, "repeated");
  RC_CLASSIFY(chosen.alike > 0, "answered alike");
  RC_CLASSIFY(chosen.reloaded > 0, "reloaded");
}

}  // namespace
}  // namespace sharelock
