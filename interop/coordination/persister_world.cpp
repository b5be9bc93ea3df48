#include "interop/coordination/persister_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <tuple>

#include "interop/coordination/state_json.h"
#include "interop/protocol/kafka_line.h"
#include "model/store/coordinator_key.h"

namespace sharelock::interop {
namespace {

constexpr std::array<std::string_view, 4> connection_names{"up", "connecting", "failed", "unauthenticated"};

KafkaError error_of(JsonElement object) {
  if (!field(object, "error")) return KafkaError::none;
  return error_named(KafkaLine::v4_4, text(object, "error")).value();
}

/// What the network client's report of a failed request counts as (section 5.4).
KafkaError failure_named(std::string_view name) {
  if (name == "disconnected" || name == "timedOut") return KafkaError::network_exception;
  return error_named(KafkaLine::v4_4, name == "version" ? "UNSUPPORTED_VERSION" : "SASL_AUTHENTICATION_FAILED").value();
}

bool names_coordinators(JsonElement request) {
  const auto coordinators = field(request, "coordinators");
  return coordinators && coordinators->get_array().size() > 0;
}

NodeId node_of(JsonElement element) {
  return NodeId{static_cast<std::int32_t>(std::int64_t{element.get_int64()})};
}

}  // namespace

PersisterWorld::PersisterWorld(JsonElement request, std::span<const std::string> groups)
    : groups_{groups},
      topics_{request},
      state_partitions_{integer(request, "numPartitions", 1)},
      now_{number(request, "now", 0)} {
  change_metadata(request);
}

std::optional<TimeMs> PersisterWorld::next_backoff() const {
  if (backoffs_.empty()) return std::nullopt;
  return backoffs_.front().due - now_;
}

void PersisterWorld::handle(JsonElement request, std::string& answer) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"persister."}.size());
  jitter_ = integer(request, "jitter", 1000);
  events_.clear();
  answer.clear();
  answer += '{';
  if (verb == "call") {
    begin_call(request, answer);
  } else if (verb == "metadata") {
    change_metadata(request);
  } else if (verb == "node") {
    const auto found = std::ranges::find(connection_names, text(request, "connection"));
    connections_[NodeId{integer(request, "node", 0)}] = static_cast<Connection>(found - connection_names.begin());
  } else if (verb == "send") {
    send(integer(request, "draw", 0));
  } else if (verb == "answer") {
    if (!answer_request(request)) {
      answer += R"("exception":"IllegalArgumentException"})";
      return;
    }
  } else if (verb == "advance") {
    advance(now_ + number(request, "ms"));
  }
  answer += R"("events":[)" + events_ + R"(],"state":)";
  append_state(answer);
  answer += '}';
}

// ----- Surroundings

void PersisterWorld::change_metadata(JsonElement request) {
  nodes_.clear();
  if (const auto nodes = field(request, "nodes"))
    for (const JsonElement node : nodes->get_array()) nodes_.push_back(node_of(node));
  leaders_.reset();
  const auto leaders = field(request, "leaders");
  if (!leaders) return;
  leaders_.emplace();
  for (const JsonElement leader : leaders->get_array())
    leaders_->push_back(leader.is_null() ? std::nullopt : std::optional{node_of(leader)});
}

void PersisterWorld::begin_call(JsonElement request, std::string& answer) {
  const std::string_view verb = text(request, "api");
  const auto group = std::ranges::find(groups_, text(request, "group"));
  const GroupId group_id{static_cast<std::uint32_t>(group - groups_.begin() + 1)};
  const PersisterCallId id{next_call_++};
  std::vector<RequestedEntry> entries;
  for (const JsonElement topic : request["entries"].get_array())
    for (const JsonElement entry : topic["partitions"].get_array()) {
      const SharePartitionKey key{group_id, topics_.id(text(topic, "topic")), integer(entry, "partition", 0)};
      const std::string name = coordinator_key(name_of_group(group_id), topics_.text(key.topic), key.partition);
      entries.push_back({key, state_partition_of(name, state_partitions_), state_entry(verb, entry)});
      calls_[id].push_back(key);
    }
  persister_.call(id, std::move(entries));
  fmt::format_to(std::back_inserter(answer), R"("call":{},)", id.value());
}

// ----- The sender

void PersisterWorld::send(std::int32_t draw) {
  BrokerView brokers{.any_alive = !nodes_.empty()};
  if (leaders_) brokers.state_partition_leaders = *leaders_;
  PersisterOutbox out;
  persister_.send(brokers, out);
  put_on_network(out, draw);
  std::erase_if(out, [](const PersisterEffect& effect) {
    return std::holds_alternative<persister_effect::RequestSent>(effect) ||
           std::holds_alternative<persister_effect::LookupSent>(effect);
  });
  drive_network(out);
  // What hash tables decide on is ascending here: back-offs by handler, then calls.
  std::ranges::stable_sort(out, {}, [](const PersisterEffect& effect) {
    const auto* backoff = std::get_if<persister_effect::BackoffBegun>(&effect);
    return backoff != nullptr ? std::pair{0, backoff->handler.value()}
                              : std::pair{1, std::get<persister_effect::CallDone>(effect).call.value()};
  });
  tell(out);
}

/// Requests of one iteration come by node, then look-ups before the five kinds, then by group.
void PersisterWorld::put_on_network(const PersisterOutbox& created, std::int32_t draw) {
  for (const PersisterEffect& effect : created)
    if (const auto* lookup = std::get_if<persister_effect::LookupSent>(&effect)) {
      const NodeId node = nodes_[static_cast<std::size_t>(draw) % nodes_.size()];
      open_.push_back({next_request_++, lookup->id, node, true, {lookup->key}, 0, now_});
      append_lookup(open_.back(), lookup->key);
    }
  std::vector<const persister_effect::RequestSent*> requests;
  for (const PersisterEffect& effect : created)
    if (const auto* request = std::get_if<persister_effect::RequestSent>(&effect)) requests.push_back(request);
  std::ranges::sort(requests, {}, [](const persister_effect::RequestSent* request) {
    return std::tuple{request->node, request->request.entries.front().entry.index(), request->request.group};
  });
  for (const persister_effect::RequestSent* request : requests) {
    Open open{
        next_request_++, request->id, request->node, false, {}, request->request.entries.front().entry.index(), now_};
    for (const RequestedEntry& entry : request->request.entries) open.keys.push_back(entry.key);
    append_request(open, request->request);
    open_.push_back(std::move(open));
  }
}

/// What the broker's send thread does with requests that are not on their way: they go out when the connection stands;
/// they fail with it, or when they are too old.
void PersisterWorld::drive_network(PersisterOutbox& out) {
  const auto connection = [&](NodeId node) {
    const auto found = connections_.find(node);
    return found == connections_.end() ? Connection::up : found->second;
  };
  for (Open& request : open_)
    if (connection(request.node) == Connection::up) request.sent = true;
  std::vector<Open> failed;
  std::set<NodeId> too_old;  // In each iteration only the first one of a node.
  std::erase_if(open_, [&](const Open& request) {
    if (request.sent) return false;
    const bool lost = connection(request.node) != Connection::connecting;
    const bool ends =
        lost || (now_ - request.created > persister_request_timeout_ms && too_old.insert(request.node).second);
    if (ends) failed.push_back(request);
    return ends;
  });
  for (const Open& request : failed)
    end(request,
        failure_named(connection(request.node) == Connection::unauthenticated ? "authentication" : "disconnected"),
        out);
}

void PersisterWorld::end(const Open& request, KafkaError error, PersisterOutbox& out) {
  if (request.is_lookup)
    persister_.lookup_answered(request.request, {.transport = error}, out);
  else
    persister_.answered(request.request, {.transport = error, .results = {}}, out);
}

// ----- Answers

bool PersisterWorld::answer_request(JsonElement request) {
  const auto found = std::ranges::find(open_, number(request, "which"), &Open::id);
  if (found == open_.end() || !found->sent) return false;
  const bool answers = !field(request, "failed") && !field(request, "empty");
  if (answers && found->is_lookup && !names_coordinators(request)) return false;
  const Open of = std::move(*found);
  open_.erase(found);
  PersisterOutbox out;
  if (const auto failed = field(request, "failed")) {
    end(of, failure_named(std::string_view{failed->get_string()}), out);
  } else if (const auto empty = field(request, "empty"); empty && bool{empty->get_bool()}) {
    end(of, KafkaError::unknown_server_error, out);
  } else if (of.is_lookup) {
    const simdjson::dom::array coordinators = request["coordinators"].get_array();
    const JsonElement first = coordinators.at(0);
    LookupAnswer answer{.coordinators = static_cast<std::int32_t>(coordinators.size()), .error = error_of(first)};
    answer.node = NodeId{integer(first, "node", -1)};
    persister_.lookup_answered(of.request, answer, out);
  } else {
    persister_.answered(of.request, {KafkaError::none, results_of(request, of)}, out);
  }
  tell(out);
  return true;
}

std::vector<AnsweredEntry> PersisterWorld::results_of(JsonElement request, const Open& of) const {
  std::vector<AnsweredEntry> results;
  const auto topics = field(request, "results");
  if (!topics) return results;
  for (const JsonElement topic : topics->get_array())
    for (const JsonElement entry : topic["partitions"].get_array()) {
      const SharePartitionKey key{of.keys.front().group, topics_.id(text(topic, "topic")),
                                  integer(entry, "partition", 0)};
      StateResult result{error_of(entry), {}};
      const std::int32_t state_epoch = integer(entry, "stateEpoch", 0);
      const Offset start_offset = number(entry, "startOffset", -1);
      if (result.error == KafkaError::none && state_verbs[of.kind] == "read")
        result.data = ReadState{state_epoch, start_offset, batches(entry, "batches")};
      if (result.error == KafkaError::none && state_verbs[of.kind] == "summary")
        result.data = Summary{state_epoch, integer(entry, "leaderEpoch", 0), start_offset,
                              integer(entry, "deliveryCompleteCount", -1)};
      results.push_back({key, 0, std::move(result), 0});
    }
  return results;
}

void PersisterWorld::advance(TimeMs to) {
  while (!backoffs_.empty() && backoffs_.front().due <= to) {
    const Backoff over = backoffs_.front();
    backoffs_.erase(backoffs_.begin());
    persister_.backoff_ended(over.handler);
  }
  now_ = to;
}

}  // namespace sharelock::interop
