// A plan on the released class: does it do what the model does?
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/planned.h"
#include "interop/confirm/confirmation.h"
#include "reports/run_result.h"

namespace sharelock::cli {

struct ReplayOnOptions {
  std::string file;
  std::string line;  ///< Of Kafka.
  std::string save;  ///< Where the trace goes; empty: nowhere.
  bool json = false;
};

/// What became of a plan on both sides.
struct ReplayedOn {
  RunResult model;  ///< What the model, as that release, does, and what it breaks.
  interop::Confirmation confirmation;
  std::optional<interop::Obstacle> obstacle;  ///< Why the class cannot be asked to do all of the plan.

  /// 0: the class does the same. 1: it differs. 3: not all of the plan can be asked of it, so there is no verdict.
  ExitCode verdict() const;
};

/// Plays `planned`, which was read for the profile of that line, in the model, and what its share partitions were asked
/// on `reference`, too.
ReplayedOn replayed_on(Planned planned, interop::KafkaLine line, interop::Answerer& reference,
                       interop::NameTable& names);

/// Starts the class, plays, prints.
ExitCode replay_on(const ReplayOnOptions& options);

}  // namespace sharelock::cli
