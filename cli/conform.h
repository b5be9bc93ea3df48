// The options of `sharelock conform` and what its forms of use share.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "interop/protocol/kafka_line.h"
#include "model/profile/profile.h"

namespace sharelock::cli {

struct ConformOptions {
  std::vector<std::string> traces;  ///< Files to replay.
  std::string against;              ///< The line of Kafka whose real class is compared; empty: none.
  std::string part = "partition";   ///< Which part is compared live.
  std::uint64_t operations = 0;     ///< 0: not given.
  std::string duration;             ///< As in `60s`; empty: not given.
  std::uint64_t seed = 1;
  std::string profile;                ///< Empty: that of the line of Kafka.
  std::vector<std::string> switches;  ///< `SWITCH=VALUE`, applied to the model after the profile.
  std::string save;                   ///< Where a difference is written as a trace.
  bool json = false;

  /// The switches of the model when it is compared with that line.
  /// @throws InputError  for a profile or switch that does not exist.
  Profile profile_for(interop::KafkaLine line) const;
  /// The switches as they stand on a command line; begins with a blank unless empty.
  std::string switch_arguments() const;
};

/// `60s`, `5m`, `2h`, or seconds without a unit. @throws InputError  for anything else.
std::chrono::seconds parse_duration(const std::string& text);

/// A value of a difference: JSON if it is one; what is absent is said in words.
nlohmann::ordered_json value_of(const std::string& text);

/// Replays recorded traces of any kind on the model; with `against`, on the real class too, whose answers count then.
ExitCode conform_traces(const ConformOptions& options);

/// Random operations on the model and on the real class.
ExitCode conform_against(const ConformOptions& options);

}  // namespace sharelock::cli
