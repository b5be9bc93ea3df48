// The model of the persister behind the protocol of the coordination oracle: the same requests, the same answers.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/named_topics.h"
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

  /// Executes a request (for `persister.new` itself: nothing) and appends the answer, as the oracle writes it.
  /// @throws simdjson::simdjson_error  if the request is not as the protocol says.
  void handle(JsonElement request, std::string& answer);

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

  std::string_view name_of_group(GroupId group) const { return groups_[group.value() - 1]; }
  void change_metadata(JsonElement request);
  void begin_call(JsonElement request, std::string& answer);
  void send(std::int32_t draw);
  void put_on_network(const PersisterOutbox& created, std::int32_t draw);
  void drive_network(PersisterOutbox& out);
  void end(const Open& request, KafkaError error, PersisterOutbox& out);
  bool answer_request(JsonElement request);
  std::vector<AnsweredEntry> results_of(JsonElement request, const Open& of) const;
  void advance(TimeMs to);

  void tell(const PersisterOutbox& out);
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
  std::vector<NodeId> nodes_;
  std::optional<std::vector<std::optional<NodeId>>> leaders_;  ///< Empty: the metadata has no state topic.
  std::map<NodeId, Connection> connections_;
  std::vector<Open> open_;  ///< By id.
  std::vector<Backoff> backoffs_;
  std::map<PersisterCallId, std::vector<SharePartitionKey>> calls_;
  std::int64_t next_request_ = 1;
  std::uint64_t next_call_ = 1;
  std::int32_t jitter_ = 1000;
  std::string events_;
};

}  // namespace sharelock::interop
