// Writes what can be seen of a scripted share partition, byte for byte as the oracle writes it for the real class.
#pragma once

#include <functional>
#include <string>

#include "interop/harness/scripted_partition.h"
#include "interop/protocol/name_table.h"

namespace sharelock::interop {

/// The complete state as canonical JSON (protocol 2.3).
void append_state(std::string& out, ScriptedPartition& scripted, const NameTable& names);

/// The state line of the specification (0.2): `S=0 E=9 N=10 D=0 G=- | [0-9 AQ1@m1]`.
void append_state_line(std::string& out, const SharePartition& partition, const NameTable& names);

/// `EMPTY`, `ACTIVE`...
std::string_view name_of(PartitionState state);

// Parts of the complete state, without braces around them.

/// From the start offset to the gap: `"S":0,"E":9,...,"gap":null`.
void append_bookkeeping(std::string& out, const SharePartition& partition);
/// The log position that was read last: `"meta":{...}`.
void append_fetch_metadata(std::string& out, const SharePartition& partition);
/// The window: `"units":[...]`.
/// @param is_cancelled  whether the lock of a slot was cancelled, before or after it fired
void append_units(std::string& out, const SharePartition& partition, const NameTable& names,
                  const std::function<bool(LockId)>& is_cancelled);

/// `AV`, `AQ`, `AK`, `AG` or `AR`.
std::string_view short_name(RecordState state);

/// The fields of an outstanding hand-over, without braces, as its event and the state show them.
void append_hand_over(std::string& out, const Event& issued, std::span<const StateBatch> batches);

}  // namespace sharelock::interop
