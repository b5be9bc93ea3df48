// The model of the group coordinator's share groups behind the protocol of the coordination oracle: the same requests,
// the same answers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop/coordination/life.h"
#include "interop/protocol/step.h"
#include "model/group/share_group_coordinator.h"

namespace sharelock::interop {

/// The world that one `group.new` creates: one shard over an in-memory log, on virtual time.
class GroupWorld {
 public:
  /// @param names  All names that any request will use; they outlive this.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  GroupWorld(JsonElement request, const LifeNames& names, const Profile& profile);

  /// Decodes a request; `group.new` itself does nothing.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  Step decode(JsonElement request);
  void handle(JsonElement request, std::string& answer) { decode(request)(&answer); }

  /// Null if there is no such group.
  const ShareGroup* find(std::string_view group) const { return coordinator_.find(group_id(group)); }
  const GroupMember* find(std::string_view group, std::string_view member) const;
  /// How many partitions a topic has; 0 if it does not exist.
  std::int32_t partitions_of(std::string_view topic) const;
  std::string_view name_of(TopicId topic) const { return names_.topics.name(topic.value()); }

 private:
  using SessionTimer = std::pair<GroupId, MemberId>;

  GroupId group_id(std::string_view name) const { return GroupId{names_.groups.rank(name)}; }
  MemberId member_id(std::string_view name) const { return MemberId{names_.members.rank(name)}; }
  TopicName topic_name(std::string_view name) const { return TopicName{names_.topics.rank(name)}; }
  TopicId topic_id(std::string_view name) const { return TopicId{names_.topics.rank(name)}; }
  TopicNames topic_names(JsonElement list) const;
  TopicPartitions topic_partitions(JsonElement by_topic) const;
  std::string timer_text(const SessionTimer& timer) const;
  GroupSurroundings around() const { return {now_, configuration_, image_, profile_}; }

  /// What is particular to a request; `shown` is null if nothing is told.
  using Work = std::function<KafkaError(std::string* shown)>;
  /// What a metadata request changes.
  struct MetadataChange {
    std::vector<std::pair<TopicName, ClusterTopic>> topics;  ///< Created or grown.
    std::vector<std::pair<TopicName, TopicId>> deleted;
  };

  Work work(std::string_view verb, JsonElement request);
  Work heartbeat(JsonElement request);
  Work alter(JsonElement request);
  Work begin_delete_offsets(JsonElement request);
  Work complete_delete_offsets(JsonElement request);
  Work set_initialised(std::string_view verb, JsonElement request);
  KafkaError begin_delete_group(GroupId group, std::string* shown);
  void advance(TimeMs by);
  MetadataChange metadata_change(JsonElement request) const;
  void change_metadata(const MetadataChange& change);
  void load();
  /// Carries out what the coordinator asked for, as the oracle's surroundings do.
  void settle(GroupOutbox& out);

  void append_altered(std::string& out, const AlterOffsetsAnswer& answer) const;
  void append_topics(std::string& out, const TopicPartitions& topics) const;
  void append_topics(std::string& out, const std::optional<TopicPartitions>& topics) const;
  void append_initialise(std::string& out, const InitialiseRequest* request) const;
  void append_group(std::string& out, GroupId id, const ShareGroup& group) const;
  void append_member(std::string& out, GroupId group, MemberId id, const GroupMember& member) const;
  void append_delivery(std::string& out, const DeliveryStates& states) const;
  void append_groups(std::string& out) const;

  const LifeNames& names_;
  Profile profile_;
  ShareGroupConfiguration configuration_;
  TimeMs now_;
  std::map<TopicName, std::uint32_t> hashes_;  ///< Of the topics' ids.
  ClusterImage image_;
  ShareGroupCoordinator coordinator_;
  GroupRecords log_;
  std::map<SessionTimer, TimeMs> timers_;  ///< When they are due.

  bool told_ = true;  ///< Of the request in progress; its effects follow.
  std::string records_;
  std::string events_;
};

}  // namespace sharelock::interop
