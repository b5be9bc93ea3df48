// The model of the persister behind the protocol of the coordination oracle: the same requests, the same answers.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/named_topics.h"
#include "interop/protocol/step.h"
#include "model/store/persister.h"

namespace sharelock::interop {

/// The world that one `persister.new` creates: a persister, its broker's network and metadata, on virtual time.
class PersisterWorld {
 public:
  /// What the network knows of a node.
  enum class Connection : std::uint8_t { up, connecting, failed, unauthenticated };

  /// A request that is not answered.
  struct Open {
    std::int64_t id;  ///< As the protocol shows it.
    PersisterRequestId request;
    NodeId node;
    bool is_lookup;
    std::vector<SharePartitionKey> keys;  ///< Of its entries, as they stand in it.
    Persister::Kind kind;
    TimeMs created;
    bool sent = false;
  };

  /// @param request  A `persister.new`.
  /// @param groups   Every group id that any request will name, in ascending order.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  PersisterWorld(JsonElement request, std::span<const std::string> groups);

  /// Decodes a request; `persister.new` itself does nothing.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  Step decode(JsonElement request);
  void handle(JsonElement request, std::string& answer) { decode(request)(&answer); }

  const Persister& persister() const { return persister_; }
  std::span<const Open> open() const { return open_; }
  const NamedTopics& topics() const { return topics_; }
  /// How long until the next back-off is over; empty if none runs.
  std::optional<TimeMs> next_backoff() const;

 private:
  struct Backoff {
    TimeMs due;
    PersisterHandlerId handler;
    friend auto operator<=>(const Backoff&, const Backoff&) = default;
  };

  /// What is particular to a request. False: there is nothing to do it with.
  using Work = std::function<bool(std::string* answer)>;
  /// What the metadata says from a request on.
  struct Metadata {
    std::vector<NodeId> nodes;
    std::optional<std::vector<std::optional<NodeId>>> leaders;  ///< Empty: it has no state topic.
  };
  /// An answer as the script gives it; the request that it is for tells what of it counts.
  struct ScriptedAnswer {
    struct Entry {
      TopicId topic;
      std::int32_t partition;
      KafkaError error;
      ReadState read;
      Summary summary;
    };
    std::int64_t which;
    KafkaError transport = KafkaError::none;  ///< It failed, or has no body.
    std::optional<LookupAnswer> lookup;
    std::vector<Entry> entries;
  };

  std::string_view name_of_group(GroupId group) const { return groups_[group.value() - 1]; }
  static Metadata metadata_of(JsonElement request);
  Work work(std::string_view verb, JsonElement request);
  Work begin_call(JsonElement request);
  ScriptedAnswer scripted_answer(JsonElement request) const;
  void send(std::int32_t draw);
  void put_on_network(const PersisterOutbox& created, std::int32_t draw);
  void drive_network(PersisterOutbox& out);
  void end(const Open& request, KafkaError error, PersisterOutbox& out);
  bool answer_request(const ScriptedAnswer& scripted);
  static std::vector<AnsweredEntry> results_of(const ScriptedAnswer& scripted, const Open& of);
  void advance(TimeMs to);

  void tell(const PersisterOutbox& out);
  void append_done(const persister_effect::CallDone& done);
  void append_request(const Open& request, const StateRequest& what);
  void append_lookup(const Open& request, const SharePartitionKey& key);
  std::string& event(std::string_view kind);
  void append_state(std::string& answer) const;
  void append_buckets(std::string& answer) const;

  std::span<const std::string> groups_;  ///< Group n is groups_[n - 1].
  NamedTopics topics_;
  Persister persister_;
  std::int32_t state_partitions_;
  TimeMs now_;
  Metadata metadata_;
  std::map<NodeId, Connection> connections_;
  std::vector<Open> open_;  ///< By id.
  std::vector<Backoff> backoffs_;
  std::map<PersisterCallId, std::vector<SharePartitionKey>> calls_;
  std::int64_t next_request_ = 1;
  std::uint64_t next_call_ = 1;
  std::int32_t jitter_ = 1000;
  bool told_ = true;  ///< Of the request in progress; its effects follow.
  std::string events_;
};

}  // namespace sharelock::interop
