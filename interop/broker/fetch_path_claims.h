// Claims about a broker's whole fetch path: several partitions in one fetch, reads that go on by themselves, remote
// reads. A world has one partition, so what needs more of them shows here alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/chance.h"
#include "interop/broker/broker_world.h"
#include "interop/coordination/life.h"

namespace sharelock::interop {

/// LOCK: a fetch lock is held by a fetch that is not over and believes to hold it, and what a fetch believes to hold it
/// holds. Empty if so; otherwise what is wrong. To be asked between requests.
std::optional<std::string> broken_lock(const BrokerWorld& world);

/// WAKE: no fetch waits that would acquire something if it were checked, with no check to come. As `broken_lock`.
std::optional<std::string> missed_wake(const BrokerWorld& world);

/// PROG: no fetch waits that would acquire something, or read it from remote storage, if nothing were remembered of
/// earlier reads. As `broken_lock`.
std::optional<std::string> misleading_memory(const BrokerWorld& world);

/// TOLD: whatever a member holds, the answer of a fetch has said so. As `broken_lock`.
std::optional<std::string> untold_acquisition(const BrokerWorld& world);

/// The first request of a life after which one of them is broken.
struct BrokenLife {
  std::string claim;
  std::string what;
  std::size_t request = 0;
};

/// Plays a life of a broker and judges it after each request. WAKE and PROG are not judged while a fetch waits that
/// waited when something changed of which no broker hears: errors of the script, tiers, configuration, aborted
/// transactions. PROG is not judged once the script has set the end of a log, which may then be where no log has it.
std::optional<BrokenLife> judge_broker_life(const Life& life, const Profile& profile);

/// The life without any request that can be left out: it ends with that after which the same claim is broken.
Life shortened(Life life, const BrokenLife& broken, const Profile& profile);

}  // namespace sharelock::interop
