// A world of two members whose steps are taken one by one, for tests.
#pragma once

#include <gtest/gtest.h>

#include "model/world/partition_world.h"

namespace sharelock::testing {

inline constexpr GroupId group{1};
inline constexpr MemberId m1{1};
inline constexpr MemberId m2{2};

/// A partition of six records, two members that take two at a time, steps taken one by one.
class StepByStep : public ::testing::Test {
 protected:
  explicit StepByStep(ProfileName profile = ProfileName::ideal) {
    settings_.profile = Profile{profile};
    settings_.groups.resize(1);
    settings_.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
    for (const char* name : {"m1", "m2"})
      settings_.members.push_back({.name = name, .mode = AcquireMode::record_limit, .max_poll_records = 2});
    world_ = PartitionWorld{settings_};
    take({.kind = StepKind::append, .first = 0, .last = 5});
  }

  bool take(const Step& step) { return world_.apply(step, world_.later(), seen_ = {}); }
  bool take(StepKind kind, MemberId member = nobody) { return take({.kind = kind, .member = member}); }
  bool learns(BrokerRole role) { return take({.kind = StepKind::broker_learns, .broker = role}); }
  /// Everything that a store and a connection do when nothing goes wrong, until nothing is under way.
  void settle() {
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      std::vector<Step> steps;
      world_.enabled(steps);
      for (const Step& step : steps) {
        const bool calm = step.kind == StepKind::request_arrives || step.kind == StepKind::response_arrives ||
                          step.kind == StepKind::check_fetch || step.kind == StepKind::log_read_ends ||
                          step.kind == StepKind::store_applies ||
                          (step.kind == StepKind::store_answers && step.error == KafkaError::none);
        if (!calm) continue;
        goes_on = take(step);
        break;
      }
    }
  }
  void fetches(MemberId member) {
    EXPECT_TRUE(take(StepKind::fetch, member));
    settle();
  }
  void accepts(MemberId member, Offset first, Offset last) {
    EXPECT_TRUE(take({.kind = StepKind::acknowledge,
                      .type = AcknowledgeType::accept,
                      .member = member,
                      .first = first,
                      .last = last}));
    EXPECT_TRUE(take(StepKind::commit, member));
    settle();
  }
  template <class Seen>
  const Seen* told() const {
    for (const Observation& seen : seen_)
      if (const auto* found = std::get_if<Seen>(&seen)) return found;
    return nullptr;
  }
  bool holds(MemberId member, Offset first, Offset last) const {
    return world_.member(member).held.covers(first, last);
  }

  WorldSettings settings_;
  PartitionWorld world_{settings_};
  Observations seen_;
};

}  // namespace sharelock::testing
