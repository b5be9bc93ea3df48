// A fault as a value: a name, when it is possible, how it strikes, how it heals. One file and one line each.
#pragma once

#include <span>
#include <string_view>

#include "base/chance.h"
#include "model/world/partition_world.h"
#include "sim/scenario.h"

namespace sharelock {

class Simulation;

/// What is going to happen to one store request; times count from the moment it is sent.
struct StoreFate {
  TimeMs applied_after = 0;
  TimeMs answered_after = 0;
  bool applied = true;
  bool repeated = false;  ///< A copy of it arrives at the store, too.
  TimeMs repeated_after = 0;
  KafkaError error = KafkaError::none;  ///< The answer, in place of the store's own.
};

/// What a fault may look at and do.
class FaultHands {
 public:
  FaultHands(Simulation& simulation, Chance& chance) : simulation_{simulation}, chance_{chance} {}

  const PartitionWorld& world() const;
  const Scenario& scenario() const;
  Chance& chance() { return chance_; }
  /// The step happens `delay` from now, if it is possible then.
  void later(TimeMs delay, const Step& step);
  /// From now on a member processes its records ten times slower, or at its own speed again.
  void set_slow(MemberId id, bool slow);
  /// A member that died is noticed and starts again, `delay` from now.
  void bring_back(TimeMs delay, MemberId id);
  /// The share coordinator resigns. False if there is none that could: requests reach the store directly.
  bool resign_coordinator();
  /// One of the members for which `wanted(member)` holds, drawn; nobody if it holds for none.
  template <class Wanted>
  MemberId draw_member(Wanted&& wanted) {
    std::uint32_t count = 0;
    for (std::uint32_t id = 1; id <= world().member_count(); ++id) count += wanted(world().member(MemberId{id}));
    if (count == 0) return nobody;
    std::uint64_t chosen = chance_.below(count);
    for (std::uint32_t id = 1;; ++id)
      if (wanted(world().member(MemberId{id})) && chosen-- == 0) return MemberId{id};
  }

 private:
  Simulation& simulation_;
  Chance& chance_;
};

struct Fault {
  std::string_view name;
  std::string_view sentence;
  /// Strikes, with its odds once a second of virtual time; false if it is not possible now. Null: it does not.
  bool (*strike)(FaultHands&) = nullptr;
  /// Strikes a request to the store, with its odds for each. Null: it does not.
  void (*strike_request)(StoreFate&, Chance&) = nullptr;
  /// How late news reach a broker (a connection broke, another leads), with its odds for each. Null: it does not.
  TimeMs (*delay_news)(Chance&) = nullptr;
  bool needs_persisters = false;  ///< Drawn only where requests go through persisters.
  /// Undoes what it did, before liveness is judged. Null: nothing lasts.
  void (*heal)(FaultHands&) = nullptr;
  bool administration = false;  ///< It strikes only in a world with administration.
};

/// Every fault, in the order of `sharelock list faults`.
std::span<const Fault* const> all_faults();

}  // namespace sharelock
