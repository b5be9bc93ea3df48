// From what a verb found to what a report says of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/report.h"
#include "reports/words.h"

namespace sharelock {
namespace {

using Verdict = ReportCase::Verdict;

/// A case for each claim, all of which held.
std::vector<ReportCase> all_held(const std::vector<ClaimJudged>& claims) {
  std::vector<ReportCase> cases;
  for (const ClaimJudged& claim : claims) cases.push_back({Verdict::held, claim.id, claim.sentence, ""});
  return cases;
}

void mark(std::vector<ReportCase>& cases, const std::string& claim, Verdict verdict, const std::string& what) {
  const auto found = std::ranges::find(cases, claim, &ReportCase::name);
  if (found == cases.end()) return;
  found->verdict = verdict;
  found->what = what;
}

void mark(ReportSection& section, const RunResult& story) {
  mark(section.cases, story.broken->id, story.expected ? Verdict::expected : Verdict::violated, story.broken->what);
  section.stories.push_back(story);
}

void add_profile(ReportSection& section, const std::string& profile, const std::vector<std::string>& switches) {
  section.judged.emplace_back("profile", profile);
  if (!switches.empty()) section.judged.emplace_back("switches", fmt::format("{}", fmt::join(switches, " ")));
}

void add_met(ReportSection& section, const std::vector<std::pair<std::string, std::uint64_t>>& met) {
  for (const auto& [name, count] : met) (count > 0 ? section.seen : section.never_seen).push_back(name);
}

/// Situations that a scenario asks for and that never came are failures of their own.
void add_wanted(ReportSection& section, const std::vector<std::string>& never_met) {
  for (const std::string& name : never_met)
    section.cases.push_back({Verdict::never_seen, name, "a situation that the scenario asks for", "was never met"});
}

std::string simulated(std::int64_t ms) {
  return fmt::format("{}.{:03} s", ms / 1'000, ms % 1'000);
}

}  // namespace

bool Report::violated() const {
  return std::ranges::any_of(sections, [](const ReportSection& section) { return section.verdict == "violated"; });
}

ReportSection section_of(const RunResult& result, const std::vector<ClaimJudged>& claims) {
  static constexpr std::array verdicts{"held", "violated", "never seen"};
  ReportSection section{.scenario = result.scenario,
                        .verdict = verdicts[static_cast<std::size_t>(result.verdict)],
                        .judged = {},
                        .thoroughness = {},
                        .seen = {},
                        .never_seen = {},
                        .cases = all_held(claims),
                        .stories = {},
                        .again = result.replay};
  add_profile(section, result.profile, result.switches);
  section.judged.emplace_back("seed", std::to_string(result.seed));
  section.judged.emplace_back("digest", result.digest);
  section.thoroughness = {{"steps", std::to_string(result.steps)}, {"simulated time", simulated(result.simulated_ms)}};
  add_met(section, result.met);
  add_wanted(section, result.never_met);
  if (result.broken) mark(section, result);
  return section;
}

ReportSection section_of(const CampaignResult& result, const std::vector<ClaimJudged>& claims) {
  ReportSection section{.scenario = result.scenario,
                        .verdict = !result.broken.empty()     ? "violated"
                                   : result.never_met.empty() ? "held"
                                                              : "never seen",
                        .judged = {},
                        .thoroughness = {},
                        .seen = {},
                        .never_seen = {},
                        .cases = all_held(claims),
                        .stories = {},
                        .again = {}};
  add_profile(section, result.profile, result.switches);
  section.judged.emplace_back("seeds", fmt::format("{} from {} on", result.seeds, result.first_seed));
  section.judged.emplace_back("digest", result.digest);
  section.thoroughness = {{"seeds", std::to_string(result.seeds)},
                          {"steps", std::to_string(result.steps)},
                          {"simulated time", simulated(result.simulated_ms)}};
  add_met(section, result.met);
  add_wanted(section, result.never_met);
  for (const CampaignResult::Broken& broken : result.broken)
    mark(section.cases, broken.claim, result.as_expected ? Verdict::expected : Verdict::violated,
         fmt::format("by {}, the first is {}", counted(broken.seeds, "seed"), broken.first_seed));
  if (!result.first) return section;
  section.stories.push_back(*result.first);
  section.again = result.first->replay;
  return section;
}

ReportSection section_of(const CheckResult& result, const std::vector<ClaimJudged>& claims) {
  static constexpr std::array verdicts{"held", "violated", "truncated"};
  ReportSection section{.scenario = result.scenario,
                        .verdict = verdicts[static_cast<std::size_t>(result.verdict)],
                        .judged = {},
                        .thoroughness = {},
                        .seen = {},
                        .never_seen = result.never_taken,
                        .cases = all_held(claims),
                        .stories = {},
                        .again = result.again};
  add_profile(section, result.profile, result.switches);
  section.judged.insert(section.judged.end(), result.bounds.begin(), result.bounds.end());
  section.judged.emplace_back("searched", result.method);
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  for (const CheckRound& round : result.rounds) {
    states += round.states;
    transitions += round.transitions;
    section.seconds += round.seconds;
  }
  section.thoroughness = {{"complete to", round_words(result.complete())},
                          {"rounds", std::to_string(result.rounds.size())},
                          {"states", std::to_string(states)},
                          {"transitions", std::to_string(transitions)}};
  if (result.story) mark(section, *result.story);
  return section;
}

ReportSection section_of(const FuzzResult& result, const std::vector<ClaimJudged>& claims) {
  ReportSection section{.scenario = result.scenario,
                        .verdict = result.story ? "violated" : "held",
                        .judged = {},
                        .thoroughness = {},
                        .seen = {},
                        .never_seen = {},
                        .cases = all_held(claims),
                        .stories = {},
                        .again = result.again};
  add_profile(section, result.profile, result.switches);
  section.judged.emplace_back("seed", std::to_string(result.seed));
  section.judged.insert(section.judged.end(), result.bounds.begin(), result.bounds.end());
  section.judged.emplace_back("digest", result.digest);
  section.thoroughness = {{"cases", std::to_string(result.cases)},
                          {"steps", std::to_string(result.steps)},
                          {"traits", std::to_string(result.traits)}};
  add_met(section, result.met);
  section.never_seen.insert(section.never_seen.end(), result.never_taken.begin(), result.never_taken.end());
  if (result.story) mark(section, *result.story);
  return section;
}

namespace {

ReportCase case_of(const MutantResult& mutant, std::string_view way, const MutantSearch& search) {
  ReportCase made{search.found ? Verdict::held : Verdict::never_seen, fmt::format("{} by {}", mutant.id, way),
                  fmt::format("{} is found", mutant.name), ""};
  if (!search.found)
    made.what =
        fmt::format("not found in {:.0f} s, {} states or cases, {} steps", search.seconds, search.size, search.steps);
  return made;
}

ReportSection section_of(const CleanWorld& world, const std::vector<ClaimJudged>& claims) {
  ReportSection section{.scenario = world.scenario,
                        .verdict = world.broken.empty() ? "held" : "violated",
                        .judged = {{"profile", "ideal"}},
                        .thoroughness = {{"complete to", world.complete_to},
                                         {"states", std::to_string(world.states)},
                                         {"transitions", std::to_string(world.transitions)},
                                         {"cases", std::to_string(world.cases)},
                                         {"steps", std::to_string(world.steps)}},
                        .seen = world.seen,
                        .never_seen = world.never_seen,
                        .cases = all_held(claims),
                        .stories = {},
                        .again = {}};
  mark(section.cases, world.broken.substr(0, world.broken.find(' ')), Verdict::violated, world.broken);
  return section;
}

}  // namespace

std::vector<ReportSection> sections_of(const MutantsResult& result, const std::vector<ClaimJudged>& claims) {
  ReportSection all{.scenario = "mutants",
                    .verdict = result.all_found() ? "held" : "never seen",
                    .judged = {{"profile", "ideal, with one mutant at a time"}},
                    .thoroughness = {{"budget", fmt::format("{:.0f} s each, {}", result.seconds_each,
                                                            counted(result.jobs, "thread"))}},
                    .seen = {},
                    .never_seen = {},
                    .cases = {},
                    .stories = {},
                    .again = result.again};
  for (const MutantResult& mutant : result.mutants) {
    all.cases.push_back(case_of(mutant, "check", mutant.check));
    all.cases.push_back(case_of(mutant, "fuzz", mutant.fuzz));
    all.seconds += mutant.check.seconds + mutant.fuzz.seconds;
    for (const MutantSearch* search : {&mutant.check, &mutant.fuzz})
      if (search->story) all.stories.push_back(*search->story);
  }
  std::vector<ReportSection> sections{std::move(all)};
  for (const CleanWorld& world : result.ideal) sections.push_back(section_of(world, claims));
  return sections;
}

std::string_view name_of(ReportCase::Verdict verdict) {
  static constexpr std::array<std::string_view, 4> names{"held", "violated", "violated as expected", "never seen"};
  return names[static_cast<std::size_t>(verdict)];
}

}  // namespace sharelock
