// Breadth-first search, by any number of threads, with an outcome that does not depend on their number.
//
// A level is expanded in rounds, a round in chunks:
//   expand   every thread takes chunks, makes their successors and drops those that are known; the table is only read
//   claim    every thread puts the remaining ones of its own shards into the table, in step order: the first is new
//   number   the new states of each chunk get a range of numbers, in the order of the chunks
//   place    every thread writes the new states of its chunks, and judges them
// So states are numbered in the order in which one thread would have found them, whoever found them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "checker/explore/chunk.h"
#include "checker/explore/crew.h"
#include "checker/explore/expander.h"
#include "checker/explore/known_states.h"
#include "checker/explore/model.h"
#include "checker/explore/verdict.h"

namespace sharelock::explore {

template <Model M>
class BreadthFirst {
 public:
  BreadthFirst(const M& model, const SearchOptions& options, KnownStates& known)
      : known_{&known},
        crew_{options.jobs},
        chunks_(options.jobs == 1 ? 1 : options.jobs * chunks_per_job),
        next_(options.jobs) {
    for (Chunk& chunk : chunks_) chunk.by_owner.resize(options.jobs);
    for (unsigned job = 0; job < options.jobs; ++job) expanders_.emplace_back(model, options);
    tallies_.assign(options.jobs, std::vector<Tally>(chunks_.size()));
  }

  /// Expands some of the states from `first` on, and none beyond `level_end`. Returns the first that is left. Sets
  /// full() when the new states did not fit, in which case only those that do were added.
  StateIndex advance(StateIndex first, StateIndex level_end) {
    const StateIndex enough = first + std::min(states_per_advance, level_end - first);
    while (first < enough && !full_) first = round(first, level_end);
    return first;
  }

  /// The sums over all threads, and the first violation in step order of what was expanded so far.
  Counters counters() {
    Counters sum = expanders_.front().counters();
    for (std::size_t i = 1; i < expanders_.size(); ++i) sum.add(expanders_[i].counters());
    return sum;
  }
  std::optional<Finding> least() {
    std::optional<Finding> least;
    for (Expander<M>& expander : expanders_)
      if (expander.least()) keep_least(least, *expander.least());
    return least;
  }
  /// The parent at which memory ran out; states before it were expanded wholly.
  std::optional<StateIndex> full() const { return full_; }

  /// Takes over what was counted and found before a checkpoint.
  void go_on_from(const Counters& counters, const std::optional<Finding>& least) {
    expanders_.front().counters() = counters;
    expanders_.front().least() = least;
  }

 private:
  // Small enough that what was asked for is still near when it is looked at.
  static constexpr StateIndex chunk_states = 24;
  // Large enough that threads seldom wait for each other.
  static constexpr std::size_t chunks_per_job = 64;

  // So many that looking at the clock in between costs nothing.
  static constexpr StateIndex states_per_advance = 1024;

  /// What one job claimed of one chunk.
  struct Tally {
    std::uint64_t states = 0;
    std::uint64_t bytes = 0;
    bool lost = false;  ///< The table had no room for some of it.
  };

  struct alignas(64) Next {
    std::atomic<std::size_t> chunk = 0;
  };

  StateIndex round(StateIndex first, StateIndex level_end) {
    std::size_t count = 0;
    for (; count < chunks_in_round_ && first < level_end; ++count) {
      const StateIndex states = std::min(chunk_states, level_end - first);
      chunks_[count].reset(first, states);
      first += states;
    }
    in_round_ = std::span{chunks_}.first(count);
    expand(level_end);
    claim();
    number();
    place();
    limit_next_round();
    return first;
  }

  /// Where states are large or have many successors, rounds are short: all buffers together stay within bounds.
  void limit_next_round() {
    constexpr std::uint64_t bytes_max = std::uint64_t{8} << 20;
    std::uint64_t bytes = 1;
    for (const Chunk& chunk : in_round_) bytes += chunk.bytes.size() + chunk.candidates.size() * sizeof(Candidate);
    const std::uint64_t fitting = bytes_max * in_round_.size() / bytes;
    chunks_in_round_ =
        std::clamp<std::size_t>(fitting, std::min<std::size_t>(crew_.jobs(), chunks_.size()), chunks_.size());
  }

  auto is_mine(unsigned job) const {
    return [job, jobs = crew_.jobs()](std::size_t shard) { return shard % jobs == job; };
  }

  /// Calls `work(chunk, job, stretch)` for every chunk of the round. Each thread begins with a stretch of its own, for
  /// neighbours lead to the same states, which are near to whoever looked at them last; then it helps the others.
  template <class Work>
  void for_each_chunk(const Work& work) {
    const std::size_t jobs = crew_.jobs();
    const auto begin_of = [&](std::size_t stretch) { return in_round_.size() * stretch / jobs; };
    for (std::size_t stretch = 0; stretch < jobs; ++stretch) next_[stretch].chunk = begin_of(stretch);
    crew_.run([&](unsigned job) {
      for (std::size_t turn = 0; turn < jobs; ++turn) {
        const std::size_t stretch = (job + turn) % jobs;
        for (std::size_t i = next_[stretch].chunk++; i < begin_of(stretch + 1); i = next_[stretch].chunk++)
          work(in_round_[i], job, stretch);
      }
    });
  }

  void expand(StateIndex level_end) {
    for_each_chunk([&](Chunk& chunk, unsigned job, std::uint64_t stretch) {
      expanders_[job].expand(chunk, *known_, level_end, round_ * crew_.jobs() + stretch);
    });
    ++round_;
  }

  void claim() {
    std::uint64_t ordinal = 0;
    for (Chunk& chunk : in_round_) {
      chunk.ordinal = ordinal;
      ordinal += chunk.candidates.size();
    }
    known_->make_room(known_->size() + ordinal,
                      [&] { crew_.run([&](unsigned job) { known_->fill_table(is_mine(job)); }); });
    crew_.run([&](unsigned job) {
      for (std::size_t i = 0; i < in_round_.size(); ++i) {
        if (i + 1 < in_round_.size()) ask_for(in_round_[i + 1], job);
        tallies_[job][i] = claim(in_round_[i], job);
      }
    });
  }

  /// What expanding brought near may be far again, or near another processor, when its chunk is claimed.
  void ask_for(const Chunk& chunk, unsigned job) const {
    for (const std::uint32_t i : chunk.by_owner[job]) prefetch(known_->table().home_address(chunk.candidates[i].hash));
  }

  /// Until they are numbered, new states stand in the table as if each candidate of the round would get a number.
  Tally claim(Chunk& chunk, unsigned job) {
    Tally tally;
    const auto first_ordinal = static_cast<StateIndex>(known_->size() + chunk.ordinal);
    for (const std::uint32_t i : chunk.by_owner[job]) {
      Candidate& candidate = chunk.candidates[i];
      const Bytes encoding = chunk.encoding(i);
      const StateIndex same = known_->table().find(candidate.hash, [&](StateIndex index) {
        return index >= known_->size() && is_candidate(index - known_->size(), candidate.hash, encoding);
      });
      if (same != no_state) continue;
      candidate.slot = known_->table().insert(candidate.hash, first_ordinal + i);
      if (candidate.slot == StateTable::no_slot) {
        candidate.slot = Candidate::lost;
        tally.lost = true;
        continue;
      }
      ++tally.states;
      tally.bytes += encoding.size();
    }
    return tally;
  }

  bool is_candidate(std::uint64_t ordinal, std::uint64_t hash, Bytes encoding) const {
    const auto after = std::ranges::upper_bound(in_round_, ordinal, {}, &Chunk::ordinal);
    const Chunk& chunk = *std::prev(after);
    const std::size_t i = ordinal - chunk.ordinal;
    return chunk.candidates[i].hash == hash && same_bytes(chunk.encoding(i), encoding);
  }

  void number() {
    Tally all;
    for (std::size_t i = 0; i < in_round_.size(); ++i) {
      Chunk& chunk = in_round_[i];
      chunk.first_found = known_->size() + all.states;
      chunk.begin_found = known_->store().encoded_bytes_found() + all.bytes;
      Tally of_chunk;
      for (unsigned job = 0; job < crew_.jobs(); ++job) {
        of_chunk.states += tallies_[job][i].states;
        of_chunk.bytes += tallies_[job][i].bytes;
        of_chunk.lost |= tallies_[job][i].lost;
      }
      if (of_chunk.lost || !known_->fits(all.states + of_chunk.states, all.bytes + of_chunk.bytes)) {
        const Tally fitting = cut(chunk, all);
        all.states += fitting.states, all.bytes += fitting.bytes;
        in_round_ = in_round_.first(i + 1);
        break;
      }
      all.states += of_chunk.states, all.bytes += of_chunk.bytes;
    }
    found_ = all;
  }

  /// Drops the candidates of `chunk` from the first new one on that does not fit; what is before them takes `before`.
  Tally cut(Chunk& chunk, const Tally& before) {
    Tally fitting;
    for (std::size_t i = 0; i < chunk.candidates.size(); ++i) {
      if (chunk.candidates[i].slot == StateTable::no_slot) continue;
      const std::size_t size = chunk.encoding(i).size();
      const bool fits = known_->fits(before.states + fitting.states + 1, before.bytes + fitting.bytes + size);
      if (!fits || chunk.candidates[i].slot == Candidate::lost) {
        full_ = chunk.first + chunk.candidates[i].at.place();
        const std::size_t end = chunk.candidates[i].begin;
        chunk.candidates.resize(i);
        chunk.bytes.shrink(end);
        break;
      }
      ++fitting.states;
      fitting.bytes += size;
    }
    return fitting;
  }

  void place() {
    for_each_chunk([&](const Chunk& chunk, unsigned job, std::uint64_t) { place(chunk, expanders_[job]); });
    for (const Chunk& chunk : in_round_)
      known_->parents().add_chunk({chunk.first, static_cast<StateIndex>(chunk.first_found)});
    known_->store().grow(found_.states, found_.bytes);
  }

  void place(const Chunk& chunk, Expander<M>& expander) {
    auto index = static_cast<StateIndex>(chunk.first_found);
    std::uint64_t begin = chunk.begin_found;
    for (std::size_t i = 0; i < chunk.candidates.size(); ++i) {
      const Candidate& candidate = chunk.candidates[i];
      if (candidate.slot == StateTable::no_slot) continue;
      const Bytes encoding = chunk.encoding(i);
      known_->store().place(index, begin, candidate.hash, encoding);
      known_->table().put(candidate.slot, index);
      known_->parents().set(index, candidate.at.place());
      expander.judge(chunk.first + candidate.at.place(), candidate.at.step(), encoding);
      begin += encoding.size();
      ++index;
    }
  }

  KnownStates* known_;
  Crew crew_;
  std::vector<Expander<M>> expanders_;
  std::vector<Chunk> chunks_;
  std::size_t chunks_in_round_ = 1;
  std::span<Chunk> in_round_;
  std::vector<std::vector<Tally>> tallies_;  ///< By job, then by chunk of the round.
  Tally found_;
  std::vector<Next> next_;  ///< For each stretch of the round.
  std::optional<StateIndex> full_;
  std::uint64_t round_ = 0;
};

}  // namespace sharelock::explore
