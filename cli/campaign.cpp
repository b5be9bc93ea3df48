#include "cli/campaign.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "checker/explore/checkpoint_file.h"
#include "cli/campaign_file.h"

namespace sharelock::cli {
namespace {

/// Sums up seeds in their order, whatever the order in which they finish.
class Sum {
 public:
  explicit Sum(std::uint64_t first_seed) { result_.first_seed = first_seed; }

  bool has(std::uint64_t index) const { return index < result_.seeds || ahead_.contains(index); }

  void add(std::uint64_t index, SeedResult seed) {
    ahead_.emplace(index, std::move(seed));
    for (auto next = ahead_.begin(); next != ahead_.end() && next->first == result_.seeds; next = ahead_.erase(next))
      take(next->second);
  }

  const CampaignResult& result() const { return result_; }
  bool all_wanted() const { return all_wanted_; }
  std::size_t situations() const { return met_.size(); }

  CampaignResult finish() {
    result_.digest = digest_.text();
    for (const Situation& situation : all_situations())
      result_.met.emplace_back(situation.name, met_[std::string{situation.name}]);
    return std::move(result_);
  }

 private:
  void take(const SeedResult& seed) {
    const std::uint64_t number = result_.first_seed + result_.seeds++;
    result_.steps += seed.steps;
    result_.simulated_ms += seed.simulated_ms;
    for (const std::string& name : seed.met) ++met_[name];
    for (const char c : seed.digest) digest_.add({static_cast<std::uint64_t>(c)});
    if (seed.claim.empty()) return;
    all_wanted_ &= seed.as_expected;
    const auto found = std::ranges::find(result_.broken, seed.claim, &CampaignResult::Broken::claim);
    if (found == result_.broken.end())
      result_.broken.push_back({seed.claim, 1, number});
    else
      ++found->seeds;
  }

  CampaignResult result_;
  std::map<std::uint64_t, SeedResult> ahead_;  ///< Finished before a seed that comes earlier.
  std::map<std::string, std::uint64_t, std::less<>> met_;
  Digest digest_;
  bool all_wanted_ = true;  ///< Each violation is one that the scenario asks for.
};

SeedResult kept_of(const RunResult& run) {
  SeedResult seed{.as_expected = as_expected(run),
                  .claim = run.broken ? run.broken->id : "",
                  .steps = run.steps,
                  .simulated_ms = run.simulated_ms,
                  .digest = run.digest,
                  .met = {}};
  for (const auto& [name, count] : run.met) seed.met.push_back(name);
  return seed;
}

/// Hexadecimal; of the program and the text.
std::string fingerprint(const std::string& text) {
  const explore::Digest digest = explore::digest_of(text);
  return fmt::format("{:016x}{:016x}", digest[0], digest[1]);
}

CampaignIdentity identity_of(const CampaignRequest& request) {
  return {{"program", fingerprint("")},
          {"scenario", fmt::format("{} {}", request.run.file, fingerprint(request.run.text))},
          {"profile", request.run.profile},
          {"switches", fmt::format("{}", fmt::join(request.run.switches, " "))},
          {"first seed", std::to_string(request.run.seed)},
          {"number of seeds", request.seeds ? std::to_string(*request.seeds) : "as many as fit"}};
}

/// The threads of a campaign. Seeds are handed out in order.
class Crew {
 public:
  Crew(const Scenario& scenario, const CampaignRequest& request)
      : scenario_{scenario}, request_{request}, sum_{request.run.seed}, begun_{Clock::now()} {
    if (request.file.empty()) return;
    file_ = std::make_unique<CampaignFile>(request.file, identity_of(request),
                                           [&](std::uint64_t index, SeedResult seed) { note(index, std::move(seed)); });
  }

  Sum run() {
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < request_.jobs; ++i) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    if (trouble_) std::rethrow_exception(trouble_);
    if (file_) file_->commit();
    return std::move(sum_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void work() {
    try {
      while (const std::optional<std::uint64_t> index = next()) finish(*index, run_seed(*index));
    } catch (...) {
      const std::lock_guard lock{mutex_};
      if (!trouble_) trouble_ = std::current_exception();
    }
  }

  std::optional<std::uint64_t> next() {
    const std::lock_guard lock{mutex_};
    while (sum_.has(next_)) ++next_;
    const bool late = request_.for_ms > 0 && Clock::now() - begun_ >= std::chrono::milliseconds{request_.for_ms};
    if (late || trouble_ || (request_.seeds && next_ >= *request_.seeds)) return std::nullopt;
    return next_++;
  }

  RunResult run_seed(std::uint64_t index) const {
    RunRequest request = request_.run;
    request.seed += index;
    return run_scenario(scenario_, request);
  }

  void finish(std::uint64_t index, const RunResult& run) {
    const std::lock_guard lock{mutex_};
    SeedResult seed = kept_of(run);
    if (file_) file_->add(index, seed);
    ++progress_.seeds_run;
    progress_.steps += seed.steps;
    progress_.simulated_ms += seed.simulated_ms;
    note(index, std::move(seed));
    if (request_.watch) request_.watch(progress_);
  }

  void note(std::uint64_t index, SeedResult seed) {
    ++progress_.seeds;
    progress_.violations += !seed.claim.empty();
    sum_.add(index, std::move(seed));
    progress_.situations = sum_.situations();
  }

  const Scenario& scenario_;
  const CampaignRequest& request_;
  std::mutex mutex_;
  Sum sum_;
  CampaignProgress progress_;
  std::unique_ptr<CampaignFile> file_;
  std::uint64_t next_ = 0;
  std::exception_ptr trouble_;
  Clock::time_point begun_;
};

}  // namespace

CampaignResult run_campaign(const Scenario& scenario, const CampaignRequest& request, Plan* plan) {
  Sum sum = Crew{scenario, request}.run();
  const bool all_wanted = sum.all_wanted();
  CampaignResult result = sum.finish();
  result.scenario = scenario.name;
  result.profile = request.run.profile;
  result.switches = request.run.switches;
  result.budget_spent = request.seeds && result.seeds < *request.seeds;
  for (const std::string& wanted : scenario.expect.sometimes)
    if (std::ranges::count(result.met, std::pair{wanted, std::uint64_t{0}}) > 0) result.never_met.push_back(wanted);
  const bool violation_wanted = wants_violation(scenario.expect, *profile_named(request.run.profile));
  result.as_expected = all_wanted && result.broken.empty() != violation_wanted;
  if (result.broken.empty()) return result;
  RunRequest again = request.run;
  again.seed = result.broken.front().first_seed;
  Plan shortened;
  result.first = explain(scenario, again, plan != nullptr ? *plan : shortened);
  return result;
}

}  // namespace sharelock::cli
