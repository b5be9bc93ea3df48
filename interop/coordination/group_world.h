// The model of the group coordinator's share groups behind the protocol of the coordination oracle: the same requests,
// the same answers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/life.h"
#include "model/group/share_group_coordinator.h"

namespace sharelock::interop {

/// The world that one `group.new` creates: one shard over an in-memory log, on virtual time.
class GroupWorld {
 public:
  /// @param names  All names that any request will use; they outlive this.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  GroupWorld(JsonElement request, const LifeNames& names, const Profile& profile);

  /// Executes a request (for `group.new` itself: nothing) and appends the answer, as the oracle writes it.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  void handle(JsonElement request, std::string& answer);

  /// Null if there is no such group.
  const ShareGroup* find(std::string_view group) const { return coordinator_.find(group_id(group)); }
  const GroupMember* find(std::string_view group, std::string_view member) const;
  /// How many partitions a topic has; 0 if it does not exist.
  std::int32_t partitions_of(std::string_view topic) const;
  std::string_view name_of(TopicId topic) const { return names_.topics.name(topic.value()); }

 private:
  struct SessionTimer {
    TimeMs at;
    GroupId group;
    MemberId member;
  };

  GroupId group_id(std::string_view name) const { return GroupId{names_.groups.rank(name)}; }
  MemberId member_id(std::string_view name) const { return MemberId{names_.members.rank(name)}; }
  TopicName topic_name(std::string_view name) const { return TopicName{names_.topics.rank(name)}; }
  TopicId topic_id(std::string_view name) const { return TopicId{names_.topics.rank(name)}; }
  TopicNames topic_names(JsonElement list) const;
  TopicPartitions topic_partitions(JsonElement by_topic) const;
  std::string timer_key(GroupId group, MemberId member) const;
  GroupSurroundings around() const { return {now_, configuration_, image_, profile_}; }

  KafkaError execute(std::string_view verb, JsonElement request, std::string& shown);
  KafkaError heartbeat(JsonElement request, std::string& shown);
  KafkaError alter(JsonElement request, std::string& shown);
  KafkaError begin_delete_offsets(JsonElement request, std::string& shown);
  void complete_delete_offsets(JsonElement request);
  KafkaError begin_delete_group(JsonElement request, std::string& shown);
  void advance(TimeMs by);
  void change_metadata(JsonElement request);
  void load();
  /// Carries out what the coordinator asked for, as the oracle's surroundings do.
  void settle(GroupOutbox& out);

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
  std::map<std::string, SessionTimer> timers_;  ///< By key: those that are due together fire in this order.

  // Effects of the request in progress.
  std::string records_;
  std::string events_;
};

}  // namespace sharelock::interop
