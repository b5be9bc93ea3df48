// Draws the operations of one random run from the state that the model is in: what is likely to be interesting next.
//
// The draws depend on nothing but seed, number of the run and the model, which equals the class until the first
// difference.
#pragma once

#include <deque>
#include <optional>

#include "base/chance.h"
#include "interop/generate/log_script.h"
#include "interop/generate/theme.h"
#include "interop/harness/scripted_partition.h"
#include "interop/protocol/name_table.h"
#include "interop/protocol/request.h"

namespace sharelock::interop {

class RunGenerator {
 public:
  /// @param chance  The stream of this run alone.
  RunGenerator(KafkaLine line, const Theme& theme, const Chance& chance, NameTable& names);

  const Theme& theme() const { return theme_; }
  /// How many operations this run is to have.
  std::size_t length() const { return length_; }
  /// The next operation. The first one is a reset.
  Request next(ScriptedPartition& scripted);

 private:
  Request::Operation draw(Choice choice, ScriptedPartition& scripted);
  bool is_possible(Choice choice, ScriptedPartition& scripted) const;
  Choice choose(ScriptedPartition& scripted);

  op::Reset first_reset();
  op::Configure initial_configuration();
  op::Acquire acquire(const ScriptedPartition& scripted);
  void spoil_log(op::Acquire& acquire);
  op::Release release(const ScriptedPartition& scripted);
  op::Advance advance(ScriptedPartition& scripted);
  op::Fire fire(ScriptedPartition& scripted);
  op::MoveLogStart move_log_start(const ScriptedPartition& scripted);
  op::Configure configure();
  op::Reset reload(ScriptedPartition& scripted);
  op::SetFetchMetadata set_fetch_metadata(const ScriptedPartition& scripted);
  template <class Complete>
  Complete complete(Pending::Kind kind, const ScriptedPartition& scripted);
  HandOverOutcome outcome();
  HandOverOutcome drawn_read();
  OffsetLookup lookup();
  MemberId member() { return members_[chance_.below(members_in_use_)]; }
  FetchNumber fetch() { return fetches_[chance_.below(fetches_.size())]; }
  bool odds(std::uint32_t percent) { return chance_.happens({percent, 100}); }
  std::int32_t within(Range range) { return static_cast<std::int32_t>(chance_.between(range.least, range.most)); }

  KafkaLine line_;
  Theme theme_;
  Chance chance_;
  Weights weights_;
  std::array<MemberId, 4> members_;
  std::size_t members_in_use_;
  std::array<FetchNumber, 3> fetches_;
  std::size_t length_;
  Offset origin_;  ///< Where the log of this run begins.
  LogScript log_;
  op::Configure in_force_;  ///< What a reload carries over.
  std::deque<Request> forced_;
  bool started_ = false;
};

}  // namespace sharelock::interop
