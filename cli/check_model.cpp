#include "cli/check_model.h"

#include <chrono>
#include <csignal>
#include <cstdio>

namespace sharelock::cli {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

extern "C" void ask_to_stop(int signal) {
  stop_asked = 1;
  // Whoever asks twice does not want to wait.
  std::signal(signal, SIG_DFL);
}

}  // namespace

bool asked_to_stop() {
  static const bool listening = [] {
    std::signal(SIGINT, ask_to_stop);
    std::signal(SIGTERM, ask_to_stop);
    return true;
  }();
  return listening && stop_asked != 0;
}

void watch(explore::SearchOptions& search, StatusLine& status, const std::string& words) {
  using Clock = std::chrono::steady_clock;
  search.progress = [&status, words, before = explore::Progress{},
                     then = Clock::now()](const explore::Progress& now) mutable {
    const Clock::time_point at = Clock::now();
    const double seconds = std::chrono::duration<double>(at - then).count();
    status.show(words + to_line(now, static_cast<double>(now.states - before.states) / seconds));
    before = now;
    then = at;
  };
  search.interrupted = asked_to_stop;
}

void print(const explore::Report& report, bool json) {
  const std::string text = json ? to_json(report).dump(2) + "\n" : to_text(report);
  std::fputs(text.c_str(), stdout);
}

ExitCode exit_code(const explore::Report& report) {
  if (report.verdict.counterexample || (report.liveness && !report.liveness->holds())) return ExitCode::violated;
  return report.verdict.is_complete() ? ExitCode::held : ExitCode::budget_spent;
}

}  // namespace sharelock::cli
