// How the share coordinator merges state batches (BC-1 to BC-9): per offset the higher delivery count wins, among equal
// counts the higher state. Which list a batch came from is irrelevant: newer does not beat older.
//
// Owns:             clipping, priority, the canonical form of a list.
// Knows nothing of: epochs, records, requests.
// Therefore:        the lists are a join-semilattice: order and duplication of writes do not matter (SP-122).
#pragma once

#include <span>

#include "model/store/state_batches.h"

namespace sharelock {

/// The one canonical list of `existing` and `incoming` from `start_offset` on: ascending, disjoint, neighbours with
/// equal state and count merged, covering exactly what the two cover (BC-3).
///
/// Neither list need be sorted or disjoint. A start offset of -1 clips nothing.
/// 4.2 and 4.3 sometimes leave such neighbours unmerged (BC-6); offset by offset the result is the same.
/// Complexity: linear in the batches if both lists are sorted and disjoint, otherwise n log n.
StateBatches combine(std::span<const StateBatch> existing, std::span<const StateBatch> incoming, Offset start_offset);

/// `stored = combine(stored, incoming, start_offset)`, looking only at the batches that can change.
///
/// Precondition: `stored` is canonical.
/// Complexity: logarithmic in `stored` for what is looked at; linear for moving what lies behind a change of length.
void combine_into(StateBatches& stored, std::span<const StateBatch> incoming, Offset start_offset);

}  // namespace sharelock
