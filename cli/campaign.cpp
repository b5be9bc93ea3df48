#include "cli/campaign.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace sharelock::cli {
namespace {

/// What is kept of one seed.
struct Seed {
  bool done = false;
  bool as_expected = false;
  std::string claim;
  std::uint64_t steps = 0;
  TimeMs simulated_ms = 0;
  std::string digest;
  std::vector<std::string> met;
};

/// The seeds of a campaign, handed out in order.
class Workers {
 public:
  Workers(const Scenario& scenario, const CampaignRequest& request)
      : scenario_{scenario}, request_{request}, seeds_(request.seeds), begun_{Clock::now()} {}

  std::vector<Seed> run() {
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < request_.jobs; ++i) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    report(true);
    return std::move(seeds_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  TimeMs elapsed_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun_).count();
  }

  void work() {
    for (std::uint64_t i = next_++; i < seeds_.size(); i = next_++) {
      if (request_.for_ms > 0 && elapsed_ms() >= request_.for_ms) return;
      RunRequest request = request_.run;
      request.seed += i;
      const RunResult result = run_scenario(scenario_, request);
      Seed& seed = seeds_[i];
      seed = {true,
              as_expected(result),
              result.broken ? result.broken->id : "",
              result.steps,
              result.simulated_ms,
              result.digest,
              {}};
      for (const auto& [name, count] : result.met) seed.met.push_back(name);
      ++done_;
      violations_ += result.broken.has_value();
      steps_ += result.steps;
      simulated_ms_ += result.simulated_ms;
      report(false);
    }
  }

  /// For whoever watches; how fast it went is nothing that may differ on standard output.
  void report(bool last) {
    const std::lock_guard lock{report_mutex_};
    const TimeMs now = elapsed_ms();
    constexpr TimeMs pause = 500;
    const bool watched = isatty(STDERR_FILENO) != 0;
    if (!last && (!watched || now - reported_at_ < pause)) return;
    reported_at_ = now;
    const std::uint64_t rate = steps_ * 1000 / static_cast<std::uint64_t>(std::max<TimeMs>(now, 1));
    fmt::print(stderr, "{}{} of {} seeds, {} violations, {} steps/s, {} s simulated in {}.{:03} s{}",
               watched ? "\r" : "", done_.load(), seeds_.size(), violations_.load(), rate, simulated_ms_.load() / 1000,
               now / 1000, now % 1000, last ? "\n" : "  ");
    std::fflush(stderr);
  }

  const Scenario& scenario_;
  const CampaignRequest& request_;
  std::vector<Seed> seeds_;
  Clock::time_point begun_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> violations_{0};
  std::atomic<std::uint64_t> steps_{0};
  std::atomic<TimeMs> simulated_ms_{0};
  std::mutex report_mutex_;
  TimeMs reported_at_ = 0;
};

void add_broken(CampaignResult& result, const std::string& claim, std::uint64_t seed) {
  const auto found = std::ranges::find(result.broken, claim, &CampaignResult::Broken::claim);
  if (found == result.broken.end())
    result.broken.push_back({claim, 1, seed});
  else
    ++found->seeds;
}

}  // namespace

CampaignResult run_campaign(const Scenario& scenario, const CampaignRequest& request) {
  const std::vector<Seed> seeds = Workers{scenario, request}.run();
  CampaignResult result;
  result.scenario = scenario.name;
  result.profile = request.run.profile;
  result.first_seed = request.run.seed;
  std::map<std::string, std::uint64_t, std::less<>> met;
  Digest digest;
  std::optional<std::uint64_t> first_broken;
  const auto expectation = std::ranges::find(scenario.expect.on, *profile_named(request.run.profile));
  const bool violation_wanted =
      !scenario.expect.violated.empty() && (scenario.expect.on.empty() || expectation != scenario.expect.on.end());
  bool wrong = false;
  for (std::uint64_t i = 0; i < seeds.size(); ++i) {
    const Seed& seed = seeds[i];
    if (!seed.done) {
      result.budget_spent = true;
      continue;
    }
    ++result.seeds;
    result.steps += seed.steps;
    result.simulated_ms += seed.simulated_ms;
    for (const std::string& name : seed.met) ++met[name];
    for (const char c : seed.digest) digest.add({static_cast<std::uint64_t>(c)});
    if (seed.claim.empty()) continue;
    add_broken(result, seed.claim, request.run.seed + i);
    wrong |= !seed.as_expected;
    if (!first_broken) first_broken = request.run.seed + i;
  }
  for (const Situation& situation : all_situations())
    result.met.emplace_back(situation.name, met[std::string{situation.name}]);
  for (const std::string& wanted : scenario.expect.sometimes)
    if (met[wanted] == 0) result.never_met.push_back(wanted);
  result.as_expected = !wrong && (result.broken.empty() == !violation_wanted);
  result.digest = digest.text();
  if (first_broken) {
    RunRequest again = request.run;
    again.seed = *first_broken;
    Plan plan;
    result.first = explain(scenario, again, plan);
  }
  return result;
}

}  // namespace sharelock::cli
