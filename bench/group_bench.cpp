// What a share group costs: heartbeats that change nothing, a member that comes and goes, the assignor, with 10, 1,000
// and 10,000 members.
//
//   cmake --preset bench && cmake --build --preset bench && build/bench/bench/group_bench
#include <benchmark/benchmark.h>

#include "model/group/share_group_coordinator.h"
#include "model/group/simple_assignor.h"

namespace sharelock {
namespace {

constexpr GroupId group{1};
constexpr TopicName name{1};
constexpr TopicId topic{1};
constexpr std::int32_t partitions = 100;

/// A group of so many members whose topic is initialised and assigned.
struct Bench {
  explicit Bench(std::int64_t members) {
    configuration.members_max = static_cast<std::int32_t>(members) + 1;
    configuration.assignment_interval = 3'600'000;
    image.set(name, {topic, partitions, 0});
    beat(MemberId{1}, 0, TopicNames{name});
    PartitionSet all;
    for (std::int32_t i = 0; i < partitions; ++i) all.insert(all.end(), i);
    coordinator.initialised(group, {{topic, all}}, around(), out);
    for (std::int64_t i = 2; i <= members; ++i) beat(MemberId{static_cast<std::uint32_t>(i)}, 0, TopicNames{name});
    now += configuration.assignment_interval;
    for (std::int64_t i = 1; i <= members; ++i) beat(MemberId{static_cast<std::uint32_t>(i)}, epoch(i));
  }

  std::int32_t epoch(std::int64_t member) const {
    return coordinator.find(group)->find(MemberId{static_cast<std::uint32_t>(member)})->current.epoch;
  }
  GroupSurroundings around() const { return {now, configuration, image, profile}; }
  HeartbeatAnswer beat(MemberId member, std::int32_t at, std::optional<TopicNames> topics = {}) {
    out.clear();
    return coordinator.heartbeat({group, member, at, std::move(topics), {}, {}}, around(), out);
  }

  Profile profile{ProfileName::v4_4};
  ShareGroupConfiguration configuration;
  ClusterImage image;
  ShareGroupCoordinator coordinator;
  GroupOutbox out;
  TimeMs now = 1;
};

/// Every member in turn says that it is still there.
void heartbeat(benchmark::State& state) {
  const std::int64_t members = state.range(0);
  Bench bench{members};
  const std::int32_t epoch = bench.epoch(1);
  std::uint32_t member = 0;
  for (auto _ : state) {
    member = member % static_cast<std::uint32_t>(members) + 1;
    const HeartbeatAnswer answer = bench.beat(MemberId{member}, epoch);
    if (answer.error != KafkaError::none || !bench.coordinator.find(group)) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(heartbeat)->Arg(10)->Arg(1'000)->Arg(10'000);

/// A member joins and leaves while an assignment is not yet due.
void join_and_leave(benchmark::State& state) {
  Bench bench{state.range(0)};
  const MemberId member{static_cast<std::uint32_t>(state.range(0)) + 1};
  for (auto _ : state) {
    bench.beat(member, 0, TopicNames{name});
    bench.beat(member, -1);
  }
  state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(join_and_leave)->Arg(10)->Arg(1'000)->Arg(10'000);

/// One computation after a member joined.
void assignment(benchmark::State& state) {
  AssignorInput input{{{topic, 0, true, {}}}, {}, true};
  for (std::int32_t i = 0; i < partitions; ++i) input.topics[0].targets.push_back(i);
  input.members.resize(static_cast<std::size_t>(state.range(0)), AssignorMember{{topic}, {}});
  const Assigned before = assign(input);
  for (std::size_t i = 0; i < input.members.size(); ++i)
    for (const auto& [held, numbers] : before.by_member[i])
      input.members[i].previous.emplace_back(held, std::vector<std::int32_t>(numbers.begin(), numbers.end()));
  input.members.push_back({{topic}, {}});
  for (auto _ : state) benchmark::DoNotOptimize(assign(input));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(assignment)->Arg(10)->Arg(1'000)->Arg(10'000);

}  // namespace
}  // namespace sharelock

BENCHMARK_MAIN();
