// Checking a scenario: everything that can happen in its world, in rounds that grow.
#pragma once

#include "checker/explore/verdict.h"
#include "cli/run_scenario.h"
#include "reports/check_result.h"

namespace sharelock::cli {

struct CheckRequest {
  RunRequest run;                   ///< Its seed is of no use.
  explore::SearchOptions search{};  ///< But for symmetry.
  std::optional<bool> symmetry{};   ///< Empty: where it pays.
  std::function<bool()> stop{};     ///< True: time is over. May be empty.
};

/// One round: everything that can happen with so many faults, records and deviations at most.
struct RoundBounds {
  std::uint32_t faults = 0;
  std::optional<std::uint32_t> deviations{};  ///< Empty: any number.
  std::int64_t records = 0;

  /// How much there can be besides what is asked for.
  std::uint32_t level() const { return faults + deviations.value_or(0); }
};

/// A search of the world of a scenario in rounds that grow: first with nothing unusual, then with one fault or one
/// deviation, and so on; each with one record, then two, and so on. So short stories come first. A round is begun when
/// the one before is complete.
class ScenarioCheck {
 public:
  /// Both must outlive the search.
  /// @throws InputError  if there are more members than a search can name.
  ScenarioCheck(const Scenario& scenario, const CheckRequest& request);

  /// What the next round would be; null if there is none, or nothing more to be found out.
  const RoundBounds* next() const;
  /// Searches the next round. What breaks a claim is shortened and told.
  void search_next();

  const CheckResult& result() const { return result_; }
  /// Of the story; empty if there is none.
  const Plan& plan() const { return plan_; }

 private:
  explore::Verdict search(const RoundBounds& round) const;
  void conclude(const explore::Verdict& verdict);

  const Scenario& scenario_;
  const CheckRequest& request_;
  std::vector<RoundBounds> rounds_;
  CheckResult result_;
  Plan plan_;
};

/// All rounds of a scenario; `plan` gets the plan of the story.
CheckResult check_scenario(const Scenario& scenario, const CheckRequest& request, Plan& plan);

}  // namespace sharelock::cli
