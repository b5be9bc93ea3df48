// Kafka's way to the store on virtual time: when requests arrive, when the log is replicated, when a persister gives
// up.
#include "sim/simulation.h"

namespace sharelock {

class Simulation::StoreDriver final : public StorePath::Driver {
 public:
  StoreDriver(Simulation& simulation, const Watcher& watch) : simulation_{simulation}, watch_{watch} {}

  const PartitionWorld& world() const override { return simulation_.world_; }
  void take(const Step& step) override { goes_on_ &= simulation_.take(step, watch_); }
  void can_happen(StoreEvent event, std::int32_t attempt) override;

  /// Nobody has asked to stop.
  bool goes_on() const { return goes_on_; }

 private:
  void sent(StoreEvent event);

  Simulation& simulation_;
  const Watcher& watch_;
  bool goes_on_ = true;
};

void Simulation::StoreDriver::can_happen(StoreEvent event, std::int32_t attempt) {
  Simulation& sim = simulation_;
  switch (event.kind) {
    case StoreEvent::Kind::arrives:
      return sent(event);
    case StoreEvent::Kind::answered:
      return sim.schedule_store(sim.now_ + sim.answer_takes_[event.serial], event);
    case StoreEvent::Kind::backed_off: {
      const auto jitter = static_cast<std::int32_t>(800 + sim.store_chance_.below(400));
      return sim.schedule_store(sim.now_ + persister_backoff_ms(attempt, jitter), event);
    }
    case StoreEvent::Kind::loaded:
      return sim.schedule_store(sim.now_ + sim.weather_chance_.between(10, 2'000), event);
    default:
      return sim.schedule_store(sim.now_ + sim.scenario_->store.draw(sim.store_chance_), event);
  }
}

/// What a fault makes of one attempt. What fails for whoever asks directly is tried again here: a request that is
/// refused or lost never arrives, and one whose answer is not seen in time has its effect all the same.
void Simulation::StoreDriver::sent(StoreEvent event) {
  Simulation& sim = simulation_;
  const StoreFate fate = sim.draw_fate();
  sim.answer_takes_[event.serial] = fate.answered_after - fate.applied_after;
  const bool seen = fate.applied && !fate.repeated && fate.error == KafkaError::none &&
                    fate.answered_after < persister_request_timeout_ms;
  if (seen) return sim.schedule_store(sim.now_ + fate.applied_after, event);
  if (fate.applied) {
    sim.store_path_->lose_answer(event.serial);
    sim.schedule_store(sim.now_ + (fate.repeated ? fate.repeated_after : fate.applied_after), event);
  } else {
    sim.store_path_->lose_request(event.serial);
  }
  const TimeMs waits = std::min(fate.answered_after, persister_request_timeout_ms);
  sim.schedule_store(sim.now_ + waits, {StoreEvent::Kind::given_up, event.serial});
}

/// Does `what`, and then what follows from it for the store, until nothing does.
bool Simulation::on_the_way(const Watcher& watch, const std::function<void(StoreDriver&)>& what) {
  StoreDriver driver{*this, watch};
  what(driver);
  while (!for_the_store_.empty()) {
    for (const auto& [group, request] : std::exchange(for_the_store_, {})) {
      if (request == 0)
        store_path_->stored_start(group, driver);
      else
        store_path_->asked(world_, group, request);
    }
    store_path_->send(driver);
  }
  return driver.goes_on();
}

bool Simulation::happen_on_the_way(StoreEvent event, const Watcher& watch) {
  if (event.kind == StoreEvent::Kind::cleaned) schedule_store(now_ + coordinator_job_interval_ms, event);
  return on_the_way(watch, [&](StoreDriver& driver) { store_path_->happen(event, now_, driver); });
}

}  // namespace sharelock
