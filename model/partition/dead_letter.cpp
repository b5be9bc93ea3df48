// Phase 2 of the dead-letter queue (4.4, KIP-1191): hand a range over, then archive it whatever came of that (section
// 7).
#include "model/partition/share_partition.h"
#include "model/partition/states_of.h"

namespace sharelock {

/// SP-133, each range for itself.
void SharePartition::hand_to_dead_letter_queue(std::span<const WorkItem> items, Outbox& out) {
  for (const WorkItem& item : items) {
    if (item.state != RecordState::archiving) continue;
    const HandOverId id{next_hand_over_++};
    dead_letters_.add({id, item});
    out.effects.emplace_back(effect::DeadLetterIssued{id, item.first, item.last, item.delivery_count, item.cause});
  }
}

void SharePartition::dead_letter_answered(HandOverId id, const Surroundings& around, Outbox& out) {
  tell(asked::DeadLetterAnswered{id}, &around);
  const std::optional<PendingDeadLetter> hand_over = dead_letters_.take(id);
  if (!hand_over) return;
  const WorkItem& item = hand_over->item;
  for_each_state(item, [](InFlightState& state, Offset, Offset) { state.archive(); });  // It has no lock any more.
  complete_count_ += from_start(item.first, item.last);
  const auto first_batch = static_cast<std::uint32_t>(out.batches.size());
  out.batches.push_back({item.first, item.last, RecordState::archived, item.delivery_count});
  WorkItems held;
  hold_archived(first_batch, held, around.profile, out);
  issue_write(WriteKind::dead_letter, RequestId{}, first_batch, std::move(held), out);
  forget_detached();
}

}  // namespace sharelock
