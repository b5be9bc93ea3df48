// The storm: which faults strike and how often, drawn once for a run; and the calm after it.
#include "sim/simulation.h"

namespace sharelock {

const PartitionWorld& FaultHands::world() const {
  return simulation_.world();
}
const Scenario& FaultHands::scenario() const {
  return *simulation_.scenario_;
}
void FaultHands::later(TimeMs delay, const Step& step) {
  simulation_.schedule(simulation_.now_ + delay, step);
}
void FaultHands::set_slow(MemberId id, bool slow) {
  simulation_.worker(id).slow = slow;
}

void FaultHands::bring_back(TimeMs delay, MemberId id) {
  for (std::size_t connection = 0; connection < broker_count; ++connection)
    later(delay, {.kind = StepKind::disconnect_noticed, .member = id});
  later(delay, {.kind = StepKind::restart, .member = id});
}

bool FaultHands::resign_coordinator() {
  if (!simulation_.store_path_) return false;
  simulation_.schedule_store(simulation_.now_, {StoreEvent::Kind::resigns});
  return true;
}

/// Most runs lack most faults, and some have one of them all the time: a run where everything breaks at once hides as
/// much as a run where nothing does.
void Simulation::draw_weather() {
  const Weather& weather = scenario_->weather;
  if (weather.kind == Weather::Kind::listed)
    for (const auto& [fault, odds] : weather.odds) odds_[fault] = odds;
  if (weather.kind != Weather::Kind::drawn) return;
  for (std::size_t i = 0; i < odds_.size(); ++i) {
    if (all_faults()[i]->administration && !scenario_->world.administration) continue;
    if (all_faults()[i]->needs_persisters && !store_path_) continue;
    if (!weather_chance_.happens({1, 3})) continue;
    const bool frequent = weather_chance_.happens({1, 3});
    odds_[i] = {static_cast<std::uint32_t>(frequent ? weather_chance_.between(10, 40) : weather_chance_.between(1, 5)),
                100};
  }
}

/// One second of the storm.
void Simulation::strike() {
  if (healed_) return;
  FaultHands hands{*this, weather_chance_};
  for (std::size_t i = 0; i < odds_.size(); ++i) {
    const Fault& fault = *all_faults()[i];
    if (fault.strike == nullptr || odds_[i].part == 0 || !weather_chance_.happens(odds_[i])) continue;
    strikes_[i] += fault.strike(hands);
  }
  agenda_.schedule(now_ + 1'000, {Event::Kind::weather, 0, {}});
}

void Simulation::heal() {
  healed_ = true;
  look_if_finished_ = true;
  FaultHands hands{*this, weather_chance_};
  for (const Fault* fault : all_faults())
    if (fault->heal != nullptr) fault->heal(hands);
}

}  // namespace sharelock
