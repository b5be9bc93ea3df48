#include "checker/explore/verdict_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/byte_size.h"

namespace sharelock::explore {
namespace {

using Json = nlohmann::ordered_json;

std::string_view ending_name(const Report& report) {
  if (report.liveness && !report.liveness->holds()) return "violated";
  switch (report.verdict.ending) {
    case Ending::complete:
      return "complete";
    case Ending::violated:
      return "violated";
    case Ending::out_of_memory:
    case Ending::interrupted:
      return "truncated";
  }
  return "";
}

std::string headline(const Report& report) {
  const Verdict& verdict = report.verdict;
  const std::string where = report.options.order == Order::breadth_first
                                ? fmt::format("after level {}", verdict.diameter)
                                : fmt::format("after {} states", verdict.states);
  switch (verdict.ending) {
    case Ending::complete:
      if (report.liveness && !report.liveness->holds()) return "VIOLATED  " + report.liveness->goal;
      return "HELD  every reachable state was searched";
    case Ending::violated:
      return "VIOLATED  " + verdict.counterexample->violation.claim;
    case Ending::out_of_memory:
      return fmt::format("TRUNCATED {}  the memory limit is reached", where);
    case Ending::interrupted:
      return fmt::format("TRUNCATED {}  the search was interrupted", where);
  }
  return "";
}

void add_steps(std::string& text, const std::vector<ToldStep>& steps, std::size_t number) {
  for (const ToldStep& step : steps)
    text += fmt::format("    {:>3}  {:<40}  {}\n", number++, step.step, fmt::join(step.changes, "; "));
}

void add_lasso(std::string& text, const Lasso& lasso) {
  text += fmt::format("  how it gets there\n      0  {}\n", fmt::join(lasso.beginning, "; "));
  add_steps(text, lasso.stem, 1);
  text += lasso.loop.empty() ? "  what repeats: nothing more needs to happen\n" : "  what repeats\n";
  add_steps(text, lasso.loop, lasso.stem.size() + 1);
  text += "  what never happens in it\n";
  for (const std::string& never : lasso.never) text += fmt::format("    {}\n", never);
}

void add_story(std::string& text, const Report& report) {
  if (const auto& story = report.verdict.counterexample) {
    text += fmt::format("\n  {}\n      0  {}\n", story->violation.what, fmt::join(story->beginning, "; "));
    add_steps(text, story->steps, 1);
    if (report.options.order == Order::depth_first)
      text += "  depth first: there may be a much shorter way\n";
    else if (report.options.reduce)
      text += "  shortest among the steps that --reduce takes; without it there may be a shorter way\n";
  }
  if (!report.liveness) return;
  const Liveness& liveness = *report.liveness;
  text += fmt::format("\n  eventually: {}  ({} such states)\n", liveness.goal, liveness.goal_states);
  if (liveness.goal_lost) {
    text += "  from here it cannot be reached any more, even without further faults\n";
    add_lasso(text, *liveness.goal_lost);
  } else {
    text += "  from every state it can be reached without further faults\n";
    if (liveness.goal_avoided) {
      text += "  but a fair run without further faults need not reach it\n";
      add_lasso(text, *liveness.goal_avoided);
    } else {
      text += "  and every fair run without further faults reaches it\n";
    }
  }
}

double reduction_factor(const Verdict& verdict) {
  return verdict.transitions == 0 ? 1 : static_cast<double>(verdict.enabled) / static_cast<double>(verdict.transitions);
}

double average_out_degree(const Verdict& verdict) {
  return verdict.expanded == 0 ? 0 : static_cast<double>(verdict.transitions) / static_cast<double>(verdict.expanded);
}

std::vector<std::string> never_taken(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const StepCount& step : verdict.steps)
    if (step.taken == 0) names.push_back(step.name);
  return names;
}

Json to_json(const std::vector<ToldStep>& steps) {
  Json list = Json::array();
  for (const ToldStep& step : steps) list.push_back({{"step", step.step}, {"changes", step.changes}});
  return list;
}

Json to_json(const Lasso& lasso) {
  return {{"beginning", lasso.beginning},
          {"stem", to_json(lasso.stem)},
          {"loop", to_json(lasso.loop)},
          {"never", lasso.never}};
}

}  // namespace

std::string how(const SearchOptions& options) {
  std::string text = options.order == Order::breadth_first ? "breadth first" : "depth first";
  text += options.storage == Storage::exact ? ", exact" : ", hash compaction";
  if (options.symmetry) text += ", symmetry";
  if (options.reduce) text += ", reduction";
  return text;
}

std::string to_text(const Report& report) {
  const Verdict& v = report.verdict;
  std::string text = fmt::format("{}  {}\n", report.model, headline(report));
  add_story(text, report);
  text += fmt::format("\n  searched  {}\n", how(report.options));
  text += fmt::format("  states    {} in {} {}, transitions {}\n", v.states,
                      report.options.order == Order::breadth_first ? "levels to depth" : "paths to depth", v.diameter,
                      v.transitions);
  text += fmt::format("  steps     {} to {} of a state, {:.2f} on average; states without any: {}\n", v.out_degree_min,
                      v.out_degree_max, average_out_degree(v), v.dead_ends);
  if (const auto never = never_taken(v); !never.empty())
    text += fmt::format("  never     {}\n", fmt::join(never, ", "));
  if (report.options.reduce)
    text += fmt::format("  reduced   {:.2f} possible steps for each that was taken\n", reduction_factor(v));
  if (report.options.storage == Storage::compact)
    text += fmt::format("  omitted   {:.2g} states expected to be taken for others, by 64 bits of hash\n",
                        v.expected_omissions);
  text += fmt::format("  cost      {:.2f} s, {:.2f} M states/s, {} of memory at most, {:.1f} bytes per state\n",
                      v.seconds, v.seconds > 0 ? static_cast<double>(v.states) / v.seconds / 1e6 : 0,
                      show_byte_size(v.peak_rss_bytes), v.bytes_per_state());
  return text;
}

Json to_json(const Report& report) {
  const Verdict& v = report.verdict;
  Json json{{"model", report.model},
            {"verdict", ending_name(report)},
            {"order", report.options.order == Order::breadth_first ? "breadth-first" : "depth-first"},
            {"storage", report.options.storage == Storage::exact ? "exact" : "compact"},
            {"symmetry", report.options.symmetry},
            {"reduce", report.options.reduce},
            {"states", v.states},
            {"transitions", v.transitions},
            {"diameter", v.diameter},
            {"dead_ends", v.dead_ends},
            {"out_degree", {{"min", v.out_degree_min}, {"average", average_out_degree(v)}, {"max", v.out_degree_max}}},
            {"seconds", v.seconds},
            {"bytes_per_state", v.bytes_per_state()},
            {"peak_rss_bytes", v.peak_rss_bytes}};
  if (ending_name(report) == "truncated") {
    json["truncated_by"] = v.ending == Ending::out_of_memory ? "memory" : "interruption";
    if (report.options.order == Order::breadth_first) json["truncated_after_level"] = v.diameter;
  }
  Json& steps = json["steps"] = Json::object();
  for (const StepCount& step : v.steps) steps[step.name] = step.taken;
  json["steps_never_taken"] = never_taken(v);
  if (report.options.reduce) json["reduction_factor"] = reduction_factor(v);
  if (report.options.storage == Storage::compact) json["expected_omissions"] = v.expected_omissions;
  if (const auto& story = v.counterexample)
    json["counterexample"] = {{"claim", story->violation.claim},
                              {"what", story->violation.what},
                              {"shortest", report.options.order == Order::breadth_first && !report.options.reduce},
                              {"beginning", story->beginning},
                              {"steps", to_json(story->steps)}};
  if (const auto& liveness = report.liveness) {
    json["liveness"] = {{"goal", liveness->goal}, {"goal_states", liveness->goal_states}, {"holds", liveness->holds()}};
    if (liveness->goal_lost) json["liveness"]["goal_lost"] = to_json(*liveness->goal_lost);
    if (liveness->goal_avoided) json["liveness"]["goal_avoided"] = to_json(*liveness->goal_avoided);
  }
  return json;
}

std::string to_line(const Progress& progress, double states_per_second) {
  return fmt::format("level {}  {:.2f} M states  {:.2f} M/s  frontier {}  table {:.0f} %", progress.level,
                     static_cast<double>(progress.states) / 1e6, states_per_second / 1e6, progress.frontier,
                     progress.table_load * 100);
}

}  // namespace sharelock::explore
