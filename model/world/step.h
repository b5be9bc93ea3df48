// What can happen in a world, one small thing at a time.
//
// Owns:             the kinds of steps and how a step is written down.
// Knows nothing of: whether a step is possible now, and who picks it.
// Therefore:        a step names its object by role and cause, never by a running id, so that leaving out one step of a
//                   plan does not rename the objects of the others.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "model/partition/requests.h"
#include "model/store/share_partition_key.h"

namespace sharelock {

enum class StepKind : std::uint8_t {
  // A member's client
  fetch,          ///< Sends a ShareFetch that carries the acknowledgements which wait.
  acknowledge,    ///< The application acknowledges records that it holds; nothing is sent yet.
  commit,         ///< Sends the waiting acknowledgements in a ShareAcknowledge.
  close,          ///< Sends the waiting acknowledgements and ends the session.
  crash,          ///< Dies without a word: its connection stays open as far as the broker knows.
  disconnect,     ///< Its connection breaks.
  restart,        ///< Starts again, or connects again, with a new session.
  member_learns,  ///< Its client learns which broker leads now: its next request goes there, in a new session.
  // The network between member and leader
  request_arrives,
  response_arrives,
  disconnect_noticed,  ///< The broker learns that the connection broke.
  // The leader
  check_fetch,    ///< A waiting fetch that was woken is tried again.
  fetch_expires,  ///< The maximum wait of a waiting fetch is over.
  lock_fires,
  lock_handled,
  leader_moves,   ///< The other broker is made leader, in a new leader epoch. Nobody knows it yet.
  broker_learns,  ///< A broker learns who leads now: a former leader gives its share partitions up.
  // Administration
  configure,  ///< A group's configuration is changed to its nth other one, or back (0).
  // The store and the dead-letter queue
  store_applies,
  store_applies_alike,  ///< The store refuses a write, and answers it like another one that travels with it (CV-6).
  store_answers,
  store_copied,   ///< The network makes a copy of a request to the store, which arrives for itself.
  store_repeats,  ///< Such a copy arrives, perhaps long after the request was answered. Nobody hears of its outcome.
  store_reloads,  ///< The store is loaded from its latest snapshots: what it knew of leaders before is gone (CV-3).
  dead_letter_answers,
  // The log
  append,
  append_transactional,
  commit_transaction,
  abort_transaction,
  compact,
  log_start_moves,
  replication_stops,
  replication_resumes,
  // The leader again. (Kinds keep their numbers: digests are made of them.)
  log_read_ends,  ///< The log read that a fetch attempt waits for has ended: the attempt goes on.
  // The group coordinator
  heartbeat,                ///< A member's heartbeat and its answer: it joins, or learns what is assigned to it.
  leave,                    ///< A member leaves its group.
  member_expires,           ///< The coordinator's session of a member that died is over.
  group_coordinator_moves,  ///< Another broker loads the coordinator from its log. Nobody waits for outcomes any more.
  initialise_overdue,       ///< The retry interval of what is being initialised is over.
  alter_offsets,            ///< A group that is empty is to begin at another offset.
  partition_created,        ///< The topic grows: the world's partition is there.
};
inline constexpr std::size_t step_kind_count = static_cast<std::size_t>(StepKind::partition_created) + 1;

/// A broker by what it is while the step happens, whether it knows it or not.
enum class BrokerRole : std::uint8_t { none, leader, other };

/// Why something was asked of the store.
enum class StoreCause : std::uint8_t {
  load,
  acknowledgement,
  session_end,
  lock_expiry,
  dead_letter,
  archive,
  start,
  initialise,  ///< By the group coordinator; all others by a share partition.
};
inline constexpr std::size_t store_cause_count = static_cast<std::size_t>(StoreCause::initialise) + 1;

/// One thing that happens. Which fields mean something depends on the kind; the others keep their default.
struct Step {
  auto order() const { return std::tie(kind, broker, group, member, cause, type, error, first, last, nth); }

  StepKind kind{};
  AcknowledgeType type{};  ///< acknowledge: how. compact, append: unused.
  StoreCause cause{};      ///< Store steps: what the request was made for.
  BrokerRole broker{};     ///< broker_learns: which of the two.
  KafkaError error{};      ///< store_answers: `none` is the store's own answer, anything else replaces it.
  GroupId group{};         ///< Lock, store and dead-letter steps.
  MemberId member{};       ///< Who acts, whose lock or request it is, or which producer (transactions).
  Offset first = 0;        ///< The range of an acknowledgement, a lock, a store request, a compaction.
  Offset last = 0;         ///< append: the number of records is last - first + 1.
  std::uint32_t nth = 0;   ///< Of several locks, requests or connections of that name: so many older ones are passed.
  /// Where to look first: a running id of the world. A convenience for whoever just scheduled the step; no part of it.
  std::uint32_t hint = 0;

  friend bool operator==(const Step& a, const Step& b) { return a.order() == b.order(); }
  friend auto operator<=>(const Step& a, const Step& b) { return a.order() <=> b.order(); }
};

/// Which fields a kind of step uses, and what it is called where plans are written.
struct StepForm {
  StepKind kind;
  std::string_view name;
  bool group = false;
  bool member = false;
  bool range = false;
  bool cause = false;
  bool type = false;
  bool error = false;
  bool broker = false;
  bool connection = false;      ///< Concerns one of the member's connections; `nth` tells which.
  bool producer = false;        ///< `member` is a producer.
  bool administration = false;  ///< Happens only in a world with administration.

  /// Whether `member` is the member that the step is of.
  bool by_member() const { return member && !group && !producer; }
  /// Whether a step can concern one of several things of its name.
  bool counts() const { return group || connection; }
};
const StepForm& form_of(StepKind kind);

std::string_view name_of(StoreCause cause);
std::string_view name_of(AcknowledgeType type);
std::optional<AcknowledgeType> acknowledge_type_named(std::string_view name);

/// As plans write it: `lock-fires group=1 member=2 range=5-9`.
std::string to_text(const Step& step);
/// The step of that text; empty if it is none.
std::optional<Step> step_of(std::string_view text);

}  // namespace sharelock
