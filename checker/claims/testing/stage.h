// A world of two members in which messages arrive at once, for tests of claims.
#pragma once

#include <string>

#include "checker/claims/claim.h"

namespace sharelock::testing {

inline constexpr GroupId group{1};
inline constexpr InstanceNumber instance{1};
inline constexpr MemberId m1{1};
inline constexpr MemberId m2{2};

inline WorldSettings two_members() {
  WorldSettings settings;
  settings.profile = Profile{ProfileName::ideal};
  settings.groups.resize(1);
  settings.groups[0].configuration.auto_offset_reset = AutoOffsetReset::earliest;
  for (const char* const name : {"m1", "m2"})
    settings.members.push_back({.name = name, .mode = AcquireMode::record_limit, .max_poll_records = 2});
  return settings;
}

/// A world in which messages arrive at once: m1 and m2 of one group, four records, whoever fetches takes two.
class Stage {
 public:
  Stage() {
    take({.kind = StepKind::append, .first = 0, .last = 1});
    take({.kind = StepKind::append, .first = 0, .last = 1});
  }

  bool take(const Step& step) {
    seen_.clear();
    return world_.apply(step, now_, seen_);
  }
  /// Everything that is under way arrives and is answered.
  void settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (const MemberId id : {m1, m2})
        for (const StepKind kind :
             {StepKind::request_arrives, StepKind::check_fetch, StepKind::log_read_ends, StepKind::response_arrives})
          moved |= take({.kind = kind, .member = id});
      Step asked;
      bool any = false;
      world_.group(group).store_requests.for_each([&](const StoreRequest& request) {
        asked = {.kind = StepKind::store_applies,
                 .cause = request.cause,
                 .group = group,
                 .member = request.member,
                 .first = request.first,
                 .last = request.last};
        any = true;
      });
      if (!any) continue;
      moved |= take(asked);
      asked.kind = StepKind::store_answers;
      moved |= take(asked);
    }
  }
  void fetches(MemberId id) {
    take({.kind = StepKind::fetch, .member = id});
    settle();
  }
  void accepts(MemberId id, Offset first, Offset last) {
    take({.kind = StepKind::acknowledge, .type = AcknowledgeType::accept, .member = id, .first = first, .last = last});
    take({.kind = StepKind::commit, .member = id});
    settle();
  }

  const PartitionWorld& world() const { return world_; }
  WorldSettings& settings() { return settings_; }
  Watch watch() { return {world_, group, now_, found_}; }
  /// What was found since the last question, by its claim's id.
  std::string found() {
    const std::string id{found_ ? found_->claim : "nothing"};
    found_.reset();
    return id;
  }

 private:
  WorldSettings settings_ = two_members();
  PartitionWorld world_{settings_};
  TimeMs now_ = 0;
  Observations seen_;
  std::optional<Violation> found_;
};

}  // namespace sharelock::testing
