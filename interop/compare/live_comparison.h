// Random operations on the model and on the real class, compared after each, until something differs or enough was
// done.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/chance.h"
#include "interop/compare/run_pair.h"
#include "interop/compare/situations.h"
#include "interop/generate/run_generator.h"
#include "interop/harness/answer_writer.h"
#include "interop/oracle/answerer.h"

namespace sharelock::interop {

/// What was done so far. Operations count when their answers were compared.
struct ComparisonCounts {
  std::uint64_t runs = 0;
  std::uint64_t operations = 0;
  std::array<std::uint64_t, std::variant_size_v<Request::Operation>> per_operation{};
  std::map<std::int16_t, std::uint64_t> per_error;  ///< By code; answers of calls and completions.
  std::uint64_t aborted = 0;                        ///< Calls that threw.
  std::uint64_t refused = 0;                        ///< Requests that the protocol refused.
  std::array<std::uint64_t, 32> runs_per_theme{};
  SituationCounts situations;
};

/// A run whose answers differ, as generated: not shrunk yet.
struct DifferingRun {
  std::uint64_t run;  ///< Its number, from 0.
  std::string_view theme;
  std::vector<Request> operations;  ///< Up to and with the first difference.
};

class LiveComparison {
 public:
  /// @param names  For members and fetches of all runs; must outlive this.
  LiveComparison(KafkaLine line, const Profile& profile, std::uint64_t seed, Answerer& reference, NameTable& names);

  /// Compares until something differs, or `wanted(operations)` says that nothing more is to be generated. Whole runs
  /// are compared, so that it may be a few operations more. Afterwards the reference has answered everything.
  /// @param progress  Called now and then, with what was compared.
  std::optional<DifferingRun> compare(const std::function<bool(std::uint64_t)>& wanted,
                                      const std::function<void(const ComparisonCounts&)>& progress);

  const ComparisonCounts& counts() const { return counts_; }

 private:
  /// Some runs, on their way: what was asked, and what the model answered.
  struct Block {
    struct Run {
      std::uint64_t number;
      std::string_view theme;
      std::size_t first;  ///< Its first operation within the block.
    };
    std::string requests;
    std::string answers;
    std::vector<std::size_t> request_ends;
    std::vector<std::size_t> answer_ends;
    std::vector<Run> runs;
  };

  void generate(Block& block);
  void generate_run(Block& block);
  void count(const Before& before, const Request& request, const Answer& answer);
  std::optional<DifferingRun> check(const Block& block);
  DifferingRun differing_run(const Block& block, std::size_t index) const;

  KafkaLine line_;
  Answerer& reference_;
  NameTable& names_;
  Chance chance_;
  std::vector<std::uint32_t> theme_weights_;
  std::uint64_t generated_ = 0;
  std::uint64_t next_run_ = 0;
  ScriptedPartition scripted_;
  AnswerWriter writer_;
  std::deque<Block> in_flight_;
  std::string space_;
  ComparisonCounts counts_;
};

}  // namespace sharelock::interop
