// How far a campaign is, in one line for whoever watches standard error; nothing where that is no terminal.
#pragma once

#include <chrono>
#include <string>

#include "base/status_line.h"
#include "cli/campaign.h"

namespace sharelock::cli {

/// What the line says after `elapsed_ms` of wall-clock time.
std::string progress_line(const CampaignProgress& progress, const CampaignRequest& request, TimeMs elapsed_ms);

/// Draws the line, at most twice a second, and leaves the last one standing.
class CampaignDisplay {
 public:
  explicit CampaignDisplay(const CampaignRequest& request) : request_{request}, begun_{Clock::now()} {}
  ~CampaignDisplay();
  CampaignDisplay(const CampaignDisplay&) = delete;
  CampaignDisplay& operator=(const CampaignDisplay&) = delete;

  void show(const CampaignProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  TimeMs elapsed_ms() const;

  const CampaignRequest& request_;
  Clock::time_point begun_;
  TimeMs shown_at_ = -1'000;
  CampaignProgress last_;
  StatusLine line_;
};

}  // namespace sharelock::cli
