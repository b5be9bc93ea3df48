// The model of the share coordinator behind the protocol of the coordination oracle: the same requests, the same
// answers.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop/coordination/json_access.h"
#include "interop/coordination/named_topics.h"
#include "interop/protocol/step.h"
#include "model/store/share_coordinator.h"

namespace sharelock::interop {

/// The world that one `shard.new` creates: a share coordinator over an in-memory log, on virtual time.
class ShardWorld {
 public:
  /// @param request  A `shard.new`.
  /// @param groups   Every group id that any request will name, in ascending order.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  ShardWorld(JsonElement request, std::span<const std::string> groups, const Profile& profile);

  /// Decodes a request; `shard.new` itself does nothing.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  Step decode(JsonElement request);
  void handle(JsonElement request, std::string& answer) { decode(request)(&answer); }

  const ShareCoordinator& coordinator() const { return coordinator_; }
  /// What is known of a key; null if it is not initialised, or its shard is not loaded.
  const KeyState* find(std::string_view group, std::string_view topic, std::int32_t partition) const;
  /// How many partitions a topic has; 0 if it does not exist.
  std::int32_t partitions_of(std::string_view topic) const { return image_.partitions_of(topics_.id(topic)); }

 private:
  struct Due {
    TimeMs at;
    std::uint64_t order;
    CoordinatorJob job;
  };

  GroupId group_id(std::string_view name) const;
  std::int32_t state_partition(const SharePartitionKey& key) const;
  RequestedEntry requested(std::string_view verb, SharePartitionKey key, JsonElement entry) const;

  /// What is particular to a request. False: its shard is not loaded.
  using Work = std::function<bool(std::string* answer)>;
  /// What a metadata request changes.
  struct MetadataChange {
    std::vector<std::pair<TopicId, std::int32_t>>
        partitions;  ///< Topics that are created or grow, and how many they get.
    std::vector<TopicId> deleted;
    std::optional<bool> share_feature;
  };

  Work work(std::string_view verb, JsonElement request);
  Work log_work(std::string_view verb, JsonElement request);
  Work one_entry(std::string_view verb, JsonElement request);
  Work several_entries(std::string_view verb, JsonElement request);
  MetadataChange metadata_change(JsonElement request) const;
  void advance(TimeMs by);
  void change_metadata(const MetadataChange& change);
  void load(std::int32_t shard, std::optional<std::int32_t> records_per_snapshot);
  std::optional<Offset> prune(std::int32_t shard, std::optional<Offset> to);
  Offset revert(std::int32_t shard, std::size_t operations);
  /// Carries out what the coordinator asked for, as the oracle's surroundings do: at once.
  void settle(StoreOutbox& out);

  void append_results(std::string& answer, std::span<const AnsweredEntry> results) const;
  void append_key(std::string& answer, const SharePartitionKey& key) const;
  void append_record(std::string& answer, std::int32_t shard, Offset offset) const;
  void append_state(std::string& answer, std::int32_t shard, const SharePartitionKey& key) const;
  void append_dump(std::string& answer) const;
  void append_log(std::string& answer, std::int32_t shard) const;
  void append_common(std::string& answer) const;

  std::span<const std::string> groups_;  ///< Group n is groups_[n - 1].
  NamedTopics topics_;
  Profile profile_;
  ShareCoordinatorConfiguration configuration_;
  ShareCoordinator coordinator_;
  TimeMs now_;
  Topics image_;
  std::vector<Due> timers_;
  std::uint64_t armed_ = 0;

  bool told_ = true;     ///< Of the request in progress; its effects follow.
  std::string records_;  ///< Shown when they are written: an operation may prune what it wrote.
  std::vector<SharePartitionKey> touched_;
  std::string events_;
};

}  // namespace sharelock::interop
