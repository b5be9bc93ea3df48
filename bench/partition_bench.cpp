// What a share partition costs: copying a small one, and each operation against the size of the window.
//
//   cmake --preset bench && cmake --build --preset bench && build/bench/bench/partition_bench
#include <benchmark/benchmark.h>

#include <array>
#include <memory>

#include "bench/allocations.h"
#include "model/partition/share_partition.h"

namespace sharelock {
namespace {

constexpr MemberId m1{1};
constexpr std::array accept{AcknowledgeType::accept};
constexpr std::array release{AcknowledgeType::release};

/// A share partition with what surrounds it, writes answered at once.
struct Bench {
  Profile profile{ProfileName::v4_4};
  GroupConfiguration group{.max_record_locks = 1'000'000};
  LogLookups log;
  TimeMs now = 0;
  Outbox out;
  SharePartition partition{0, around(), PartitionState::active};

  Surroundings around() const { return {now, profile, group, log}; }

  void acquire(Offset first, Offset last, std::int32_t batch_size) {
    const LogBatch batch{first, last};
    AcquireRequest request{
        .batch_size = batch_size, .max_records = 1'000'000, .fetch_offset = first, .batches = {&batch, 1}};
    benchmark::DoNotOptimize(partition.acquire(m1, request, around(), out));
  }
  void acknowledge(Offset first, Offset last, std::span<const AcknowledgeType> types) {
    const AcknowledgementBatch batch{first, last, types};
    partition.acknowledge(m1, {&batch, 1}, RequestId{}, around(), out);
    answer_writes();
  }
  void answer_writes() {
    for (std::size_t i = 0; i < out.effects.size(); ++i)
      if (const auto* write = std::get_if<effect::WriteIssued>(&out.effects[i]))
        partition.write_answered(write->id, {}, around(), out);
    out.clear();
  }
  /// `count` batches of one record each, all acquired.
  void fill(Offset count) {
    for (Offset offset = 0; offset < count; ++offset) {
      acquire(offset, offset, 500);
      out.clear();
    }
  }
  /// One batch of `count` records, tracked by offset, all acquired.
  void fill_by_offset(Offset count) {
    acquire(0, count - 1, 1'000'000);
    out.clear();
    acknowledge(count / 2, count / 2, release);
    acquire(count / 2, count / 2, 500);
    out.clear();
  }
};

void copy_of_six_records(benchmark::State& state) {
  Bench bench;
  bench.fill(4);
  bench.acquire(4, 5, 500);
  bench.acknowledge(4, 4, release);
  bench.out.clear();
  const AcknowledgementBatch batch{0, 0, accept};
  bench.partition.acknowledge(m1, {&batch, 1}, RequestId{}, bench.around(), bench.out);  // One write outstanding.
  const std::uint64_t before = allocations();
  for (auto _ : state) {
    SharePartition copy = bench.partition;
    benchmark::DoNotOptimize(copy);
  }
  state.counters["allocations"] = static_cast<double>(allocations() - before);
  state.counters["bytes"] = sizeof(SharePartition);
}
BENCHMARK(copy_of_six_records);

/// Releases a record in the middle, finds it as the next fetch offset, acquires it again: the window stays as it is.
void release_find_acquire(benchmark::State& state) {
  Bench bench;
  bench.fill(state.range(0));
  const Offset middle = state.range(0) / 2;
  for (auto _ : state) {
    bench.acknowledge(middle, middle, release);
    benchmark::DoNotOptimize(bench.partition.next_fetch_offset());
    bench.group.delivery_count_limit = 1'000'000'000;
    bench.acquire(middle, middle, 500);
    bench.out.clear();
  }
}
BENCHMARK(release_find_acquire)->RangeMultiplier(10)->Range(10, 100'000);

/// The same inside one batch that is tracked by offset.
void release_find_acquire_by_offset(benchmark::State& state) {
  Bench bench;
  bench.group.delivery_count_limit = 1'000'000'000;
  bench.fill_by_offset(state.range(0));
  const Offset middle = state.range(0) / 2;
  for (auto _ : state) {
    bench.acknowledge(middle, middle, release);
    benchmark::DoNotOptimize(bench.partition.next_fetch_offset());
    bench.acquire(middle, middle, 500);
    bench.out.clear();
  }
}
BENCHMARK(release_find_acquire_by_offset)->RangeMultiplier(10)->Range(10, 100'000);

/// Accepts the first record and acquires one behind the end: the start offset advances, the window slides.
void slide(benchmark::State& state) {
  Bench bench;
  bench.fill(state.range(0));
  for (auto _ : state) {
    bench.acknowledge(bench.partition.start_offset(), bench.partition.start_offset(), accept);
    const Offset next = bench.partition.next_fetch_offset();
    bench.acquire(next, next, 500);
    bench.out.clear();
  }
}
BENCHMARK(slide)->RangeMultiplier(10)->Range(10, 100'000);

/// The lock of a record in the middle fires and is handled; the record is acquired again.
void expire(benchmark::State& state) {
  Bench bench;
  bench.group.delivery_count_limit = 1'000'000'000;
  bench.fill(state.range(0));
  const Offset middle = state.range(0) / 2;
  for (auto _ : state) {
    const AcquisitionLock lock{LockId{}, m1, middle, middle, 0};
    bench.partition.lock_expiry_handled(lock, bench.around(), bench.out);
    bench.answer_writes();
    benchmark::DoNotOptimize(bench.partition.next_fetch_offset());
    bench.acquire(middle, middle, 500);
    bench.out.clear();
  }
}
BENCHMARK(expire)->RangeMultiplier(10)->Range(10, 100'000);

/// Accepts the next record of one batch that is tracked by offset: the start offset moves inside it.
void advance_by_offset(benchmark::State& state) {
  const Offset count = state.range(0);
  auto bench = std::make_unique<Bench>();
  bench->fill_by_offset(count);
  const SharePartition filled = bench->partition;
  Offset next = 0;
  for (auto _ : state) {
    if (next == count - 1) {
      state.PauseTiming();
      bench->partition = filled;
      next = 0;
      state.ResumeTiming();
    }
    bench->acknowledge(next, next, accept);
    ++next;
  }
}
BENCHMARK(advance_by_offset)->RangeMultiplier(10)->Range(100, 100'000);

}  // namespace
}  // namespace sharelock

BENCHMARK_MAIN();
