// Plays recorded traces on the model and on the real class: what was recorded as answers does not count.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "interop/oracle/answerer.h"
#include "interop/trace/replay.h"

namespace sharelock::interop {

class LiveReplay {
 public:
  /// @param on_difference  Called once for each trace that differs; `expected` is what the class answered just now.
  LiveReplay(KafkaLine line, const Profile& profile, Answerer& reference,
             std::function<void(const TraceDifference&)> on_difference);

  /// @throws InputError  if the file cannot be read, or is no file of traces, or holds none.
  void file(LineSource& lines);
  void file(const std::string& path);

  const ReplayCounts& counts() const { return counts_; }

 private:
  struct Recorded {
    std::uint32_t line;
    std::string text;
    Request request;
  };

  void play(const std::string& file);

  KafkaLine line_;
  Profile profile_;
  Answerer& reference_;
  std::function<void(const TraceDifference&)> on_difference_;
  NameTable names_;
  RequestParser parser_;
  std::vector<Recorded> trace_;  ///< The trace that is being read.
  ReplayCounts counts_;
};

}  // namespace sharelock::interop
