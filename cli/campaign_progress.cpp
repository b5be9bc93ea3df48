#include "cli/campaign_progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace sharelock::cli {
namespace {

/// `7 s`, `12 min`, `3 h`: as exactly as a person wants to know.
std::string about(TimeMs ms) {
  constexpr TimeMs second = 1'000;
  constexpr TimeMs minute = 60 * second;
  constexpr TimeMs hour = 60 * minute;
  if (ms < 2 * minute) return fmt::format("{} s", ms / second);
  if (ms < 2 * hour) return fmt::format("{} min", ms / minute);
  return fmt::format("{} h", ms / hour);
}

/// What is left, of seeds and of time; empty where nothing is, or nobody knows.
std::string left(const CampaignProgress& progress, const CampaignRequest& request, TimeMs elapsed_ms) {
  const std::uint64_t seeds = request.seeds ? *request.seeds - std::min(*request.seeds, progress.seeds) : 0;
  TimeMs time = request.for_ms > 0 ? std::max<TimeMs>(request.for_ms - elapsed_ms, 0) : -1;
  if (request.seeds && progress.seeds_run > 0) {
    const TimeMs needed = elapsed_ms * static_cast<TimeMs>(seeds) / static_cast<TimeMs>(progress.seeds_run);
    time = time < 0 ? needed : std::min(time, needed);
  }
  std::string text = request.seeds ? fmt::format(", {} left", seeds) : "";
  if (time > 0) text += fmt::format(", {} to go", about(time));
  return text;
}

}  // namespace

std::string progress_line(const CampaignProgress& progress, const CampaignRequest& request, TimeMs elapsed_ms) {
  const TimeMs elapsed = std::max<TimeMs>(elapsed_ms, 1);
  const std::uint64_t rate = progress.steps * 1'000 / static_cast<std::uint64_t>(elapsed);
  return fmt::format("{} seeds{}: {} violated, {} of {} situations, {} k steps/s, {} simulated ({}x)", progress.seeds,
                     left(progress, request, elapsed_ms), progress.violations, progress.situations,
                     all_situations().size(), rate / 1'000, about(progress.simulated_ms),
                     progress.simulated_ms / elapsed);
}

CampaignDisplay::~CampaignDisplay() {
  if (last_.seeds_run > 0) line_.leave(progress_line(last_, request_, elapsed_ms()));
}

void CampaignDisplay::show(const CampaignProgress& progress) {
  constexpr TimeMs pause = 500;
  const TimeMs now = elapsed_ms();
  last_ = progress;
  if (now - shown_at_ < pause) return;
  shown_at_ = now;
  line_.show(progress_line(progress, request_, now));
}

TimeMs CampaignDisplay::elapsed_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count();
}

}  // namespace sharelock::cli
