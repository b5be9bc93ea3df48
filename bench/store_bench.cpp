// What the store costs: a write against the number of batches that are stored, combining, copying a small store.
//
//   cmake --preset bench && cmake --build --preset bench && build/bench/bench/store_bench
#include <benchmark/benchmark.h>

#include "bench/allocations.h"
#include "model/store/combiner.h"
#include "model/store/share_coordinator.h"

namespace sharelock {
namespace {

constexpr SharePartitionKey key{GroupId{1}, TopicId{1}, 0};

/// `count` batches of one offset each from `first` on, none of which can be merged with its neighbour.
StateBatches unmergeable(Offset first, std::int64_t count) {
  StateBatches batches;
  for (Offset offset = first; offset < first + count; ++offset)
    batches.push_back({offset, offset, offset % 2 == 0 ? RecordState::available : RecordState::acknowledged, 1});
  return batches;
}

/// A store that holds so many batches of one key.
struct Bench {
  explicit Bench(std::int64_t batches, StatePartition::Log log = StatePartition::Log::none) : partition{log} {
    topics.set(TopicId{1}, 1);
    partition.load({});
    does(InitializeEntry{0, 0});
    does(WriteEntry{0, 0, 0, 0, 0, unmergeable(0, batches)});
  }

  ShardSurroundings around() const { return {0, profile, &topics}; }
  void does(const StateEntry& entry) { benchmark::DoNotOptimize(partition.execute(key, entry, around())); }

  Profile profile{ProfileName::v4_4};
  Topics topics;
  StatePartition partition;
};

/// One batch in the middle of what is stored; nothing moves.
void write_in_place(benchmark::State& state) {
  Bench bench{state.range(0)};
  const StateEntry entry = WriteEntry{0, 0, 0, 0, 0, unmergeable(state.range(0) / 2, 1)};
  for (auto _ : state) bench.does(entry);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_in_place)->Arg(10)->Arg(1'000)->Arg(100'000);

/// Each write moves the start offset by one and adds a batch at the end, as a share partition that keeps up does.
void write_sliding(benchmark::State& state) {
  const std::int64_t batches = state.range(0);
  Bench bench{batches};
  Offset start = 0;
  for (auto _ : state) {
    ++start;
    bench.does(WriteEntry{0, 0, 0, start, 0, unmergeable(start + batches - 1, 1)});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_sliding)->Arg(10)->Arg(1'000)->Arg(100'000);

/// The same with the log, replicated after each write.
void write_sliding_with_log(benchmark::State& state) {
  const std::int64_t batches = state.range(0);
  Bench bench{batches, StatePartition::Log::retained};
  Offset start = 0;
  for (auto _ : state) {
    ++start;
    bench.does(WriteEntry{0, 0, 0, start, 0, unmergeable(start + batches - 1, 1)});
    bench.partition.commit(bench.partition.log_end());
    if (const auto to = bench.partition.shard().redundant_offset()) bench.partition.prune(*to);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_sliding_with_log)->Arg(10)->Arg(1'000)->Arg(100'000);

/// Two lists of so many batches each that overlap everywhere: the cost per batch is to stay nearly the same.
void combine_everywhere(benchmark::State& state) {
  const StateBatches stored = unmergeable(0, state.range(0));
  const StateBatches incoming = unmergeable(1, state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(combine(stored, incoming, 0));
  state.SetItemsProcessed(state.iterations() * state.range(0) * 2);
}
BENCHMARK(combine_everywhere)->Arg(10)->Arg(1'000)->Arg(100'000);

void read_of_a_small_store(benchmark::State& state) {
  Bench bench{3};
  for (auto _ : state) bench.does(ReadEntry{0, 0});
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_of_a_small_store);

void copy_of_a_small_store(benchmark::State& state) {
  const Bench bench{3};
  const std::uint64_t before = allocations();
  for (auto _ : state) {
    StatePartition copy = bench.partition;
    benchmark::DoNotOptimize(copy);
  }
  state.counters["allocations"] = static_cast<double>(allocations() - before);
  state.counters["bytes"] = sizeof(StatePartition);
}
BENCHMARK(copy_of_a_small_store);

}  // namespace
}  // namespace sharelock

BENCHMARK_MAIN();
