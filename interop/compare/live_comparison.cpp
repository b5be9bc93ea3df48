#include "interop/compare/live_comparison.h"

#include <algorithm>

#include "interop/protocol/request_parser.h"
#include "interop/protocol/request_writer.h"

namespace sharelock::interop {
namespace {

/// So many operations are sent together, and so many blocks are on their way: the class never waits for the model.
constexpr std::size_t block_operations = 4000;
constexpr std::size_t blocks_in_flight = 3;

std::string_view part(const std::string& text, const std::vector<std::size_t>& ends, std::size_t index) {
  const std::size_t begin = index == 0 ? 0 : ends[index - 1];
  return std::string_view{text}.substr(begin, ends[index] - begin);
}

}  // namespace

LiveComparison::LiveComparison(KafkaLine line, const Profile& profile, std::uint64_t seed, Answerer& reference,
                               NameTable& names)
    : line_{line},
      reference_{reference},
      names_{names},
      chance_{seed, "conform"},
      scripted_{line, profile},
      writer_{names} {
  for (const Theme& theme : all_themes()) theme_weights_.push_back(theme.runs);
}

std::optional<DifferingRun> LiveComparison::compare(const std::function<bool(std::uint64_t)>& wanted,
                                                    const std::function<void(const ComparisonCounts&)>& progress) {
  std::optional<DifferingRun> found;
  for (;;) {
    while (!found && in_flight_.size() < blocks_in_flight && wanted(generated_)) {
      generate(in_flight_.emplace_back());
      reference_.send(in_flight_.back().requests);
    }
    if (in_flight_.empty()) return found;
    const Block block = std::move(in_flight_.front());
    in_flight_.pop_front();
    if (found)
      for (std::size_t i = 0; i < block.answer_ends.size(); ++i) reference_.receive();
    else
      found = check(block);
    progress(counts_);
  }
}

void LiveComparison::generate(Block& block) {
  while (block.answer_ends.size() < block_operations) generate_run(block);
}

void LiveComparison::generate_run(Block& block) {
  const std::uint64_t number = next_run_++;
  Chance chance = chance_.fork(number);
  const std::size_t which = chance.weighted(theme_weights_);
  const Theme& theme = all_themes()[which];
  ++counts_.runs_per_theme[which];
  block.runs.push_back({number, theme.name, block.answer_ends.size()});
  RunGenerator generator{line_, theme, chance, names_};
  for (std::size_t i = 0; i < generator.length(); ++i) {
    const Request request = generator.next(scripted_);
    append_request(block.requests, request, names_);
    block.requests += '\n';
    block.request_ends.push_back(block.requests.size());
    const Before before{scripted_};
    const Answer& answer = scripted_.execute(request);
    count(before, request, answer);
    writer_.append(block.answers, request, answer, scripted_);
    block.answer_ends.push_back(block.answers.size());
    ++generated_;
  }
}

void LiveComparison::count(const Before& before, const Request& request, const Answer& answer) {
  ++counts_.per_operation[request.operation.index()];
  if (answer.refusal) {
    ++counts_.refused;
    return;
  }
  if (answer.error) {
    ++counts_.per_error[static_cast<std::int16_t>(answer.error->error)];
    counts_.aborted += answer.error->aborted;
  }
  for (const Event& event : answer.events)
    if (const auto* done = std::get_if<event::RequestDone>(&event);
        done && done->error != KafkaError::none && !answer.error)
      ++counts_.per_error[static_cast<std::int16_t>(done->error)];
  counts_.situations.observe(before, request, answer, scripted_);
}

std::optional<DifferingRun> LiveComparison::check(const Block& block) {
  std::optional<DifferingRun> found;
  for (std::size_t i = 0; i < block.answer_ends.size(); ++i) {
    const std::string_view reference = reference_.receive();
    if (found) continue;
    ++counts_.operations;
    if (compare_answers(reference, part(block.answers, block.answer_ends, i), space_)) found = differing_run(block, i);
  }
  counts_.runs += block.runs.size();
  return found;
}

/// The operations of the run that differs at this place of the block, read back from what was sent.
DifferingRun LiveComparison::differing_run(const Block& block, std::size_t index) const {
  const auto after = std::ranges::upper_bound(block.runs, index, {}, &Block::Run::first);
  const Block::Run& run = *(after - 1);
  DifferingRun found{run.number, run.theme, {}};
  RequestParser parser{line_, names_};
  for (std::size_t i = run.first; i <= index; ++i)
    found.operations.push_back(parser.parse(part(block.requests, block.request_ends, i)));
  return found;
}

}  // namespace sharelock::interop
