// A scenario on virtual time: an agenda of steps, drawn latencies, members that work, faults that strike.
//
// Owns:             when things happen, and everything that chance decides.
// Knows nothing of: what a step does (the world does), what is right (claims do), how it is told (reports do).
// Therefore:        a run is a function of scenario and seed, and the list of its steps is a plan that needs neither.
#pragma once

#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>

#include "base/chance.h"
#include "base/digest.h"
#include "model/world/partition_world.h"
#include "model/world/store_path.h"
#include "sim/agenda.h"
#include "sim/fault.h"
#include "sim/scenario.h"

namespace sharelock {

/// One step that was taken, as it is handed to whoever watches.
struct Taken {
  TimeMs at;
  const Step& step;
  const PartitionWorld& world;  ///< After the step.
  const Observations& observations;
};

/// Sees every step. False stops the run.
using Watcher = std::function<bool(const Taken&)>;

enum class StopReason : std::uint8_t {
  finished,    ///< Every record is finished, nothing is under way.
  stopped,     ///< The watcher said so.
  time_over,   ///< The time to finish is over, and something is not finished.
  steps_over,  ///< The limit on steps was reached.
};

struct SimulationOutcome {
  StopReason reason = StopReason::finished;
  std::uint64_t steps = 0;
  TimeMs ended_at = 0;
  Digest digest;
};

class Simulation {
 public:
  /// `scenario` must outlive the simulation.
  Simulation(const Scenario& scenario, std::uint64_t seed);

  /// Goes on from `world` at `now` in calm weather: what is under way arrives, the dead come back, replication resumes,
  /// open transactions end, the members work on. The plot itself is over, but for what it repairs.
  Simulation(const Scenario& scenario, PartitionWorld world, TimeMs now);

  /// The whole simulator: take, advance, act, record, watch, react, until nothing is left to do.
  SimulationOutcome run(const Watcher& watch, std::uint64_t steps_max = ~std::uint64_t{0});

  /// From now on steps are handed to the watcher as a plan needs them: by name alone.
  void name_steps() { names_steps_ = true; }

  const PartitionWorld& world() const { return world_; }
  /// How often each fault strikes in this run, by index into all_faults(); a part of 0 is never.
  const std::vector<Ratio>& odds() const { return odds_; }
  /// How often each fault has struck.
  const std::vector<std::uint64_t>& strikes() const { return strikes_; }

 private:
  friend class FaultHands;

  /// What the agenda holds: a step of the world, or something that the simulator does itself.
  struct Event {
    enum class Kind : std::uint8_t { step, plot, processed, renew, weather, heal, store } kind = Kind::step;
    std::uint32_t index = 0;  ///< Which plot step or member.
    Step step{};
    StoreEvent store{};
  };
  using Handle = Agenda<Event>::Handle;

  /// An application at work on what it was given.
  struct Worker {
    boost::container::deque<OffsetSpan> to_process;
    bool processing = false;
    bool slow = false;
    Handle processed{};
    Handle fetch_expires{};
    Handle renew{};
    Handle heartbeat{};
    Chance chance;
  };

  struct LockKey {
    std::uint32_t group;
    std::uint32_t instance;
    std::uint32_t lock;
    friend bool operator==(const LockKey&, const LockKey&) = default;
    friend std::size_t hash_value(const LockKey& key) {
      return (std::uint64_t{key.group} << 52) ^ (std::uint64_t{key.instance} << 32) ^
             (key.lock * 0x9e37'79b9'7f4a'7c15U);
    }
  };

  // simulation.cpp
  Simulation(const Scenario& scenario, std::uint64_t seed, PartitionWorld world);
  void start();
  bool finished() const;
  bool take(const Step& step, const Watcher& watch);
  bool act(const Event& event, const Watcher& watch);
  bool act_alone(const Event& event, const Watcher& watch);
  void schedule(TimeMs at, const Step& step) { agenda_.schedule(at, {Event::Kind::step, 0, step}); }
  bool play_plot(std::uint32_t index, const Watcher& watch);
  bool after_storm() const { return healed_ && scenario_->weather.kind != Weather::Kind::calm; }

  // settle.cpp
  void take_up(GroupId id);
  void take_up(MemberId id);

  // reactions.cpp
  void react(const Observation& seen);
  void react_to_store_request(const seen::StoreAsked& asked);
  StoreFate draw_fate();
  void expire(GroupId group, MemberId id);
  TimeMs news_delay();
  void arm(const seen::LockArmed& armed);
  void disarm(GroupId group, InstanceNumber instance, LockId lock);

  // store_way.cpp
  /// share.coordinator.state.topic.prune.interval.ms, ...cold.partition.snapshot.interval.ms
  static constexpr TimeMs coordinator_job_interval_ms = 300'000;
  class StoreDriver;
  bool on_the_way(const Watcher& watch, const std::function<void(StoreDriver&)>& what);
  bool happen_on_the_way(StoreEvent event, const Watcher& watch);
  void schedule_store(TimeMs at, StoreEvent event) { agenda_.schedule(at, {Event::Kind::store, 0, {}, event}); }

  // workers.cpp
  Worker& worker(MemberId id) { return workers_[id.value() - 1]; }
  const Behaviour& behaviour(MemberId id) const { return scenario_->behaviours[id.value() - 1]; }
  void go_on(MemberId id, TimeMs at);
  void begin_record(MemberId id);
  bool record_processed(MemberId id, const Watcher& watch);
  bool renew(MemberId id, const Watcher& watch);
  void stop_working(MemberId id);
  void beat(MemberId id, TimeMs at);

  // weather.cpp
  void draw_weather();
  void strike();
  void heal();

  const Scenario* scenario_;
  PartitionWorld world_;
  Agenda<Event> agenda_;
  TimeMs now_ = 0;
  std::uint64_t steps_ = 0;
  Digest digest_;
  Observations observations_;
  std::vector<Worker> workers_;
  boost::unordered_flat_map<LockKey, Handle> locks_;  ///< Looked up only, never walked.
  TimeMs deadline_ = 0;
  bool look_if_finished_ = false;
  bool names_steps_ = false;
  std::uint64_t plot_left_ = 0;
  bool healed_ = false;
  std::vector<Ratio> odds_;
  std::vector<std::uint64_t> strikes_;
  std::optional<StorePath> store_path_;  ///< Where requests to the store go Kafka's way.
  /// What the world asked of it, or stored by itself, in the step at hand: group, request (0: its start offset).
  std::vector<std::pair<GroupId, std::uint32_t>> for_the_store_;
  boost::unordered_flat_map<std::uint32_t, TimeMs> answer_takes_;  ///< By serial. Looked up only.
  Chance network_chance_;
  Chance store_chance_;
  Chance handler_chance_;
  Chance log_chance_;
  Chance weather_chance_;
};

}  // namespace sharelock
