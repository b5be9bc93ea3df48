#include "sim/simulation.h"

#include <algorithm>

namespace sharelock {

Simulation::Simulation(const Scenario& scenario, std::uint64_t seed)
    : Simulation{scenario, seed, PartitionWorld{scenario.world}} {
  if (scenario.persisters) store_path_.emplace(scenario.world);
  draw_weather();
  start();
}

Simulation::Simulation(const Scenario& scenario, std::uint64_t seed, PartitionWorld world)
    : scenario_{&scenario},
      world_{std::move(world)},
      odds_(all_faults().size(), Ratio{0, 1}),
      strikes_(all_faults().size()),
      network_chance_{seed, "network"},
      store_chance_{seed, "store"},
      handler_chance_{seed, "handler"},
      log_chance_{seed, "log"},
      weather_chance_{seed, "weather"} {
  const Chance members{seed, "members"};
  for (std::size_t i = 0; i < scenario.world.members.size(); ++i)
    workers_.push_back({.to_process = {}, .chance = members.fork(i)});
}

void Simulation::start() {
  TimeMs last = 0;
  for (std::uint32_t i = 0; i < scenario_->plot.size(); ++i) {
    const PlotStep& plot = scenario_->plot[i];
    agenda_.schedule(plot.at, {Event::Kind::plot, i, {}});
    plot_left_ += plot.times;
    last = std::max(last, plot.at + plot.every * static_cast<TimeMs>(plot.times - 1));
  }
  for (std::uint32_t id = 1; id <= workers_.size(); ++id) {
    const TimeMs at = behaviour(MemberId{id}).starts_at;
    schedule(at, {.kind = StepKind::fetch, .member = MemberId{id}});
    beat(MemberId{id}, at);
  }
  healed_ = scenario_->weather.kind == Weather::Kind::calm;
  if (!healed_) {
    agenda_.schedule(1'000, {Event::Kind::weather, 0, {}});
    agenda_.schedule(scenario_->weather.until, {Event::Kind::heal, 0, {}});
    last = std::max(last, scenario_->weather.until);
  }
  if (store_path_) schedule_store(coordinator_job_interval_ms, {StoreEvent::Kind::cleaned});
  deadline_ = last + scenario_->expect.within;
}

SimulationOutcome Simulation::run(const Watcher& watch, std::uint64_t steps_max) {
  const auto outcome = [&](StopReason reason) { return SimulationOutcome{reason, steps_, now_, digest_}; };
  while (steps_ < steps_max) {
    if (std::exchange(look_if_finished_, false) && finished()) return outcome(StopReason::finished);
    const auto entry = agenda_.take();
    if (!entry || entry->at > deadline_) return outcome(StopReason::time_over);
    now_ = entry->at;
    if (!act(entry->what, watch)) return outcome(StopReason::stopped);
  }
  return outcome(StopReason::steps_over);
}

bool Simulation::act(const Event& event, const Watcher& watch) {
  const bool goes_on = act_alone(event, watch);
  return goes_on && (for_the_store_.empty() || on_the_way(watch, [](StoreDriver&) {}));
}

bool Simulation::act_alone(const Event& event, const Watcher& watch) {
  const MemberId id{event.index};
  switch (event.kind) {
    case Event::Kind::step:
      return take(event.step, watch);
    case Event::Kind::plot:
      return play_plot(event.index, watch);
    case Event::Kind::processed:
      return record_processed(id, watch);
    case Event::Kind::renew:
      return renew(id, watch);
    case Event::Kind::weather:
      strike();
      return true;
    case Event::Kind::heal:
      heal();
      return true;
    case Event::Kind::store:
      return happen_on_the_way(event.store, watch);
  }
  return true;
}

bool Simulation::take(const Step& scheduled, const Watcher& watch) {
  const Step step = names_steps_ ? world_.named(scheduled) : scheduled;
  observations_.clear();
  if (!world_.apply(step, now_, observations_)) return true;
  ++steps_;
  std::uint64_t told = observations_.size();
  for (const Observation& seen : observations_) told = told * 31 + seen.index();
  digest_.add({static_cast<std::uint64_t>(now_),
               static_cast<std::uint64_t>(step.kind) | static_cast<std::uint64_t>(step.type) << 8 |
                   static_cast<std::uint64_t>(step.cause) << 16 | static_cast<std::uint64_t>(step.broker) << 24 |
                   static_cast<std::uint64_t>(step.group.value()) << 32,
               step.member.value(), static_cast<std::uint64_t>(step.first), static_cast<std::uint64_t>(step.last),
               told});
  const bool goes_on = watch({now_, step, world_, observations_});
  for (const Observation& seen : observations_) react(seen);
  return goes_on;
}

bool Simulation::play_plot(std::uint32_t index, const Watcher& watch) {
  const PlotStep& plot = scenario_->plot[index];
  --plot_left_;
  look_if_finished_ = true;
  if (plot.every > 0) {
    const auto played = static_cast<std::uint64_t>((now_ - plot.at) / plot.every) + 1;
    if (played < plot.times) agenda_.schedule(now_ + plot.every, {Event::Kind::plot, index, {}});
  }
  return take(plot.step, watch);
}

/// Nothing more will be written, every record is finished, and nothing is under way that could change that.
bool Simulation::finished() const {
  if (plot_left_ > 0 || !healed_) return false;
  if (!world_.partition_exists()) return true;
  const PartitionLog& log = world_.log();
  for (std::uint32_t index = 1; index <= world_.group_count(); ++index) {
    const GroupId id{index};
    const Group& group = world_.group(id);
    const ShareInstance* serving = world_.serving(id);
    if (world_.lacks_service(id)) return false;
    if (!group.store_requests.empty() || !group.dead_letters.empty() || serving == nullptr) return false;
    const Offset start = serving->partition.start_offset();
    if (log.first_visible(start, log.end() - 1, scenario_->world.of(id).isolation) < log.end()) return false;
  }
  for (std::uint32_t id = 1; id <= world_.member_count(); ++id) {
    const Member& member = world_.member(MemberId{id});
    if (member.is_connected() && !member.in_use()->request.acknowledgements.empty()) return false;
  }
  return true;
}

}  // namespace sharelock
