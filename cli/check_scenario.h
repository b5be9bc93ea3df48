// Checking a scenario: everything that can happen in its world, in rounds that grow.
#pragma once

#include "checker/explore/verdict.h"
#include "cli/rounds.h"
#include "cli/run_scenario.h"
#include "reports/check_result.h"

namespace sharelock::cli {

struct CheckRequest {
  RunRequest run;                   ///< Its seed is of no use.
  explore::SearchOptions search{};  ///< But for symmetry.
  std::optional<bool> symmetry{};   ///< Empty: where it pays.
  std::function<bool()> stop{};     ///< True: time is over. May be empty.
};

/// A search of the world of a scenario in rounds that grow in faults, deviations and records, the cheapest first.
class ScenarioCheck {
 public:
  /// Both must outlive the search.
  /// @throws InputError  if there are more members than a search can name.
  ScenarioCheck(const Scenario& scenario, const CheckRequest& request);

  /// What the next round would be; null if there is none, or nothing more to be found out.
  const RoundBounds* next() const;
  /// How many transitions it is expected to have.
  double expected() const { return rounds_.expected(); }
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
  Rounds rounds_;
  CheckResult result_;
  Plan plan_;
};

/// All rounds of a scenario; `plan` gets the plan of the story.
CheckResult check_scenario(const Scenario& scenario, const CheckRequest& request, Plan& plan);

}  // namespace sharelock::cli
