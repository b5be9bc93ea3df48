// The way of a world's requests to the store as Kafka goes it: a persister in each broker and in the group coordinator,
// connections that carry batches of entries, a share coordinator whose log is replicated late, that resigns and is
// loaded again.
//
// Owns:             what is on its way, and which steps of the world each thing that happens there amounts to.
// Knows nothing of: when something happens, and whether an answer is lost: whoever drives it says so.
// Therefore:        a world needs to know only that requests are applied, answered, lost and repeated, and a plan of
//                   its steps can be played without any of this.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/store/persister.h"
#include "model/world/partition_world.h"

namespace sharelock {

/// Something that can happen on the way. `serial` says to what; it is 0 where there is only one.
struct StoreEvent {
  enum class Kind : std::uint8_t {
    arrives,     ///< A request of a persister arrives at the coordinator.
    replicated,  ///< All that the coordinator has written is replicated: it has happened, and may be answered.
    answered,    ///< The answer arrives at the persister, not before that.
    given_up,    ///< The persister gives an attempt up; the request, or what it did, may still be under way.
    backed_off,  ///< A persister's pause is over.
    resigns,     ///< The coordinator resigns, and what was not replicated is lost.
    loaded,      ///< A coordinator has loaded the log.
    cleaned,     ///< The coordinator's periodic jobs run: idle keys get a snapshot, records that are not needed go.
  } kind;
  std::uint32_t serial = 0;

  friend bool operator==(const StoreEvent&, const StoreEvent&) = default;
};

class StorePath {
 public:
  /// What it needs of whoever drives it.
  class Driver {
   public:
    virtual ~Driver() = default;
    virtual const PartitionWorld& world() const = 0;
    /// The step is taken now; it is possible.
    virtual void take(const Step& step) = 0;
    /// From now on the event can happen. For a pause: after which failed attempt, from 1.
    virtual void can_happen(StoreEvent event, std::int32_t attempt) = 0;
  };

  /// The store of a new world: every group is initialised, or with administration none.
  explicit StorePath(const WorldSettings& settings);

  /// The world has asked for something (seen::StoreAsked).
  void asked(const PartitionWorld& world, GroupId group, std::uint32_t request);
  /// The world has stored where a group begins, by itself (StoreCause::start): the coordinator has it, too.
  void stored_start(GroupId group, Driver& driver);
  /// Persisters send what they can.
  void send(Driver& driver);

  /// Says that the answer to a request which has not arrived yet will never be seen,
  void lose_answer(std::uint32_t serial);
  /// or that the request itself will never arrive.
  void lose_request(std::uint32_t serial);
  /// Everything that can happen now.
  std::vector<StoreEvent> possible() const;
  /// False, and nothing changed, if it cannot.
  bool happen(StoreEvent event, TimeMs now, Driver& driver);

  /// What the coordinator knows of a group; null while it is not loaded, or while not all of it is replicated.
  const KeyState* known(GroupId group) const;

 private:
  /// A request of the world, which is the only entry of a persister's call.
  struct Asked {
    GroupId group;
    std::uint32_t id;
  };
  /// A request of a persister.
  struct Sent {
    std::uint32_t serial;
    std::size_t persister;
    PersisterRequestId id;
    StateRequest request;
    std::vector<Asked> asked{};           ///< By entry.
    std::vector<std::uint32_t> copies{};  ///< By entry: the copy in the world that stands for it; 0: there is none.
    std::vector<AnsweredEntry> answers{};
    bool arrived = false;
    bool answer_lost = false;
    bool given_up = false;
    bool over = false;  ///< What it does has happened, or never will.
  };
  struct Pause {
    std::uint32_t serial;
    std::size_t persister;
    PersisterHandlerId handler;
  };

  Sent* find(std::uint32_t serial);
  bool can(StoreEvent event) const;
  bool is_loaded() const { return coordinator_.partition(0).is_loaded(); }
  static PersisterCallId call_of(const Asked& asked);
  static Asked asked_by(PersisterCallId call);
  void take_over(std::size_t persister, const PersisterOutbox& out, Driver& driver);
  void arrive(Sent& sent, TimeMs now, Driver& driver);
  void replicate(Driver& driver);
  void happened(Sent& sent, Driver& driver);
  void make_copy(Sent& sent, std::size_t entry, Driver& driver) const;
  void answer(std::uint32_t serial, Driver& driver);
  void give_up(Sent& sent, Driver& driver);
  void end_pause(std::uint32_t serial);
  void resign(Driver& driver);
  void load(Driver& driver);
  void clean(TimeMs now, Driver& driver);
  void call_done(const persister_effect::CallDone& done, Driver& driver);

  Profile profile_;
  ShareCoordinator coordinator_;
  std::array<Persister, broker_count + 1> persisters_;  ///< By broker; the last one is the group coordinator's.
  std::vector<Sent> sent_;
  std::vector<std::uint32_t> unreplicated_;  ///< What arrived since, in this order.
  std::vector<Pause> pauses_;
  std::uint32_t next_serial_ = 1;
};

}  // namespace sharelock
