// The model's share partition together with scripted surroundings: it executes the requests of the oracle's protocol
// and gives the answers that the oracle gives for the real class.
//
// Owns:             virtual clock and timer, outstanding hand-overs, the numbering of hand-overs and requests.
// Knows nothing of: JSON, files, processes.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interop/harness/virtual_timer.h"
#include "interop/protocol/answer.h"
#include "interop/protocol/kafka_line.h"
#include "interop/protocol/request.h"
#include "model/partition/share_partition.h"

namespace sharelock::interop {

/// A hand-over that waits for its outcome.
struct Pending {
  enum class Kind : std::uint8_t { read, write, dead_letter };

  PendingId id;
  Kind kind;
  HandOverId hand_over;                                     ///< What the share partition calls it.
  Event issued;                                             ///< What was reported when it was issued.
  std::vector<StateBatch> batches{};  ///< Of a write.
};

class ScriptedPartition {
 public:
  /// Without a reset it is as the oracle starts: empty, with the default configuration.
  ScriptedPartition(KafkaLine line, const Profile& profile);

  /// Executes one request. The answer is valid until the next call; the request must live as long.
  const Answer& execute(const Request& request);

  KafkaLine line() const { return line_; }
  const SharePartition& partition() const { return partition_; }
  const GroupConfiguration& configuration() const { return group_; }
  TimeMs now() const { return now_; }
  /// In order of issue.
  const std::vector<Pending>& pending() const { return pending_; }
  Completion writes() const { return writes_; }
  Completion dead_letters() const { return dead_letters_; }
  VirtualTimer& timer() { return timer_; }
  /// How the state is shown unless a request says otherwise.
  DumpMode dump() const { return dump_; }

 private:
  struct StartedRequest {
    std::int64_t number;
    std::optional<KafkaError> done;
  };

  // One for each operation; they fill answer_.
  void run(const op::Reset& reset);
  void run(const op::Configure& change);
  void run(const op::ShowState&) {}
  void run(const op::Initialize& initialize);
  void run(const op::CompleteRead& complete);
  void run(const op::Lock& lock);
  void run(const op::Unlock& unlock);
  void run(const op::NextFetchOffset&);
  void run(const op::CanAcquire&);
  void run(const op::Acquire& acquire);
  void run(const op::Acknowledge& acknowledge);
  void run(const op::Release& release);
  void run(const op::MoveLogStart& move);
  void run(const op::Advance& advance);
  void run(const op::Fire& fire);
  void run(const op::CompleteWrite& complete);
  void run(const op::CompleteDeadLetter& complete);
  void run(const op::Drain&);
  void run(const op::Fence&);
  void run(const op::SetFetchMetadata& set);
  void run(const op::GetFetchMetadata& get);
  void run(const op::Refused& refused);

  void refuse(std::string message) { answer_.refusal = std::move(message); }
  void configure(const op::Configure& change);
  template <class Call>
  void start_request(Call&& call);
  template <class Call>
  auto call(Call&& call);
  void interpret(const Outbox& outbox);
  void interpret_entry(const Outbox& outbox, const Effect& effect);
  void issued(Pending::Kind kind, HandOverId hand_over, Event event, std::span<const StateBatch> batches);
  bool is_automatic(Pending::Kind kind) const;
  std::optional<Pending> take(Pending::Kind kind, PendingId id);
  void complete(const Pending& pending, const HandOverOutcome& outcome);
  std::int64_t drain(bool force);
  std::int64_t advance_to(TimeMs target);
  void fire(const AcquisitionLock& lock);
  Surroundings around() const { return {now_, profile_, group_, lookups_}; }
  Outbox& borrow_outbox();

  KafkaLine line_;
  Profile profile_;
  GroupConfiguration group_;
  LogLookups lookups_;
  bool dlq_feature_ = false;
  std::optional<std::string> dlq_topic_;
  Completion writes_ = Completion::manual;
  Completion dead_letters_ = Completion::manual;
  DumpMode dump_ = DumpMode::full;
  TimeMs now_ = 0;
  VirtualTimer timer_;
  SharePartition partition_;
  std::vector<Pending> pending_;
  PendingId next_pending_ = 0;
  std::int64_t next_request_ = 0;

  Answer answer_;
  std::optional<StartedRequest> started_;  ///< The asynchronous request of the operation at hand.
  bool starting_ = false;                  ///< Its call has not returned yet: its completion is reported afterwards.
  std::deque<Outbox> outboxes_;            ///< One for each level of in-line completions.
  std::size_t outboxes_used_ = 0;
};

}  // namespace sharelock::interop
