// A share coordinator with one shard and a few keys, for tests that read like the scripts of the specification.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/store/share_coordinator.h"
#include "model/store/testing/notation.h"

namespace sharelock::testing_notation {

inline constexpr SharePartitionKey k1{GroupId{1}, TopicId{1}, 0};
inline constexpr SharePartitionKey k2{GroupId{1}, TopicId{1}, 1};

/// What an operation gave: its error and the letters of the records that it wrote.
struct Given {
  KafkaError error;
  std::string records;  ///< S snapshot, u update, T tombstone.

  friend bool operator==(const Given&, const Given&) = default;
};

inline Given ok(std::string_view records = "") {
  return {KafkaError::none, std::string{records}};
}

class SmallStore {
 public:
  /// @param records_per_snapshot  L of the specification, whose scripts use 2.
  explicit SmallStore(ProfileName name = ProfileName::v4_4, std::int32_t records_per_snapshot = 2)
      : profile{name}, coordinator{{.records_per_snapshot = records_per_snapshot}, 1} {
    topics.set(TopicId{1}, 8);
    coordinator.metadata_changed(topics, {}, profile, out);
    coordinator.load(0, profile, out);
    out.clear();
  }

  Given initialize(std::int32_t se, Offset s, SharePartitionKey key = k1) { return does(key, InitializeEntry{se, s}); }
  Given write(std::int32_t le, std::int32_t se, Offset s, std::int32_t d, std::string_view written = "",
              SharePartitionKey key = k1) {
    return does(key, WriteEntry{se, le, instance, s, d, batches(written)});
  }
  /// A write that changes nothing but still is one.
  Given write(SharePartitionKey key = k1) { return write(0, 0, 0, 0, "", key); }
  Given read(std::int32_t le, SharePartitionKey key = k1) { return does(key, ReadEntry{le, instance}); }
  Given erase(SharePartitionKey key = k1) { return does(key, DeleteEntry{}); }
  Given does(SharePartitionKey key, const StateEntry& entry) {
    last = coordinator.handle({key, 0, entry}, now, profile, out);
    return {last.result.error, letters()};
  }
  std::string cold_job() {
    coordinator.snapshot_cold(0, now, out);
    return letters();
  }
  /// A new leader of the state partition replays what is retained.
  void reload() { coordinator.load(0, profile, out); }
  void prune() {
    if (const auto to = partition().shard().redundant_offset()) coordinator.pruned(0, *to);
  }

  StatePartition& partition() { return coordinator.partition(0); }
  const KeyState* known(SharePartitionKey key = k1) { return partition().shard().find(key); }
  const ShareSnapshot& state(SharePartitionKey key = k1) { return known(key)->state; }

  Profile profile;
  ShareCoordinator coordinator;
  Topics topics;
  TimeMs now = 0;
  std::int32_t instance = 0;
  AnsweredEntry last;  ///< The answer to the last operation.
  StoreOutbox out;

 private:
  std::string letters() {
    std::string written;
    for (const StoreEffect& effect : out)
      if (const auto* record = std::get_if<store_effect::RecordAppended>(&effect))
        written += "SuT"[partition().record(record->offset).value.index()];
    out.clear();
    return written;
  }
};

}  // namespace sharelock::testing_notation
