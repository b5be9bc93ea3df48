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

NodeId node_of(JsonElement element) {
  return NodeId{static_cast<std::int32_t>(std::int64_t{element.get_int64()})};
}

}  // namespace

PersisterWorld::Metadata PersisterWorld::metadata_of(JsonElement request) {
  Metadata told;
  if (const auto nodes = field(request, "nodes"))
    for (const JsonElement node : nodes->get_array()) told.nodes.push_back(node_of(node));
  const auto leaders = field(request, "leaders");
  if (!leaders) return told;
  told.leaders.emplace();
  for (const JsonElement leader : leaders->get_array())
    told.leaders->push_back(leader.is_null() ? std::nullopt : std::optional{node_of(leader)});
  return told;
}

PersisterWorld::PersisterWorld(JsonElement request, std::span<const std::string> groups)
    : groups_{groups},
      topics_{request},
      state_partitions_{integer(request, "numPartitions", 1)},
      now_{number(request, "now", 0)},
      metadata_{metadata_of(request)} {}

std::optional<TimeMs> PersisterWorld::next_backoff() const {
  if (backoffs_.empty()) return std::nullopt;
  return backoffs_.front().due - now_;
}

Step PersisterWorld::decode(JsonElement request) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"persister."}.size());
  return [this, jitter = integer(request, "jitter", 1000), work = work(verb, request)](std::string* answer) {
    told_ = answer != nullptr;
    jitter_ = jitter;
    events_.clear();
    if (answer) *answer = '{';
    const bool done = work(answer);
    if (!answer) return;
    if (!done) {
      *answer += R"("exception":"IllegalArgumentException"})";
      return;
    }
    *answer += R"("events":[)" + events_ + R"(],"state":)";
    append_state(*answer);
    *answer += '}';
  };
}

PersisterWorld::Work PersisterWorld::work(std::string_view verb, JsonElement request) {
  const auto always = [](auto act) -> Work {
    return [act](std::string*) {
      act();
      return true;
    };
  };
  if (verb == "call") return begin_call(request);
  if (verb == "metadata") return always([this, told = metadata_of(request)] { metadata_ = told; });
  if (verb == "node") {
    const auto found = std::ranges::find(connection_names, text(request, "connection"));
    return always([this, node = NodeId{integer(request, "node", 0)},
                   is = static_cast<Connection>(found - connection_names.begin())] { connections_[node] = is; });
  }
  if (verb == "send") return always([this, draw = integer(request, "draw", 0)] { send(draw); });
  if (verb == "answer")
    return [this, scripted = scripted_answer(request)](std::string*) { return answer_request(scripted); };
  if (verb == "advance") return always([this, by = number(request, "ms")] { advance(now_ + by); });
  return always([] {});
}

PersisterWorld::Work PersisterWorld::begin_call(JsonElement request) {
  const std::string_view verb = text(request, "api");
  const auto group = std::ranges::find(groups_, text(request, "group"));
  const GroupId group_id{static_cast<std::uint32_t>(group - groups_.begin() + 1)};
  std::vector<RequestedEntry> entries;
  for (const JsonElement topic : request["entries"].get_array())
    for (const JsonElement entry : topic["partitions"].get_array()) {
      const SharePartitionKey key{group_id, topics_.id(text(topic, "topic")), integer(entry, "partition", 0)};
      const std::string name = coordinator_key(name_of_group(group_id), topics_.text(key.topic), key.partition);
      entries.push_back({key, state_partition_of(name, state_partitions_), state_entry(verb, entry)});
    }
  return [this, entries](std::string* answer) {
    const PersisterCallId id{next_call_++};
    for (const RequestedEntry& entry : entries) calls_[id].push_back(entry.key);
    if (answer) fmt::format_to(std::back_inserter(*answer), R"("call":{},)", id.value());
    persister_.call(id, entries);
    return true;
  };
}

// ----- The sender

void PersisterWorld::send(std::int32_t draw) {
  BrokerView brokers{.any_alive = !metadata_.nodes.empty()};
  if (metadata_.leaders) brokers.state_partition_leaders = *metadata_.leaders;
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
      const NodeId node = metadata_.nodes[static_cast<std::size_t>(draw) % metadata_.nodes.size()];
      open_.push_back({next_request_++, lookup->id, node, true, {lookup->key}, 0, now_});
      if (told_) append_lookup(open_.back(), lookup->key);
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
    if (told_) append_request(open, request->request);
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

PersisterWorld::ScriptedAnswer PersisterWorld::scripted_answer(JsonElement request) const {
  ScriptedAnswer scripted{.which = number(request, "which"), .lookup = {}, .entries = {}};
  if (const auto failed = field(request, "failed"))
    scripted.transport = failure_named(std::string_view{failed->get_string()});
  else if (const auto empty = field(request, "empty"); empty && bool{empty->get_bool()})
    scripted.transport = KafkaError::unknown_server_error;
  if (const auto named = field(request, "coordinators"); named && named->get_array().size() > 0) {
    const simdjson::dom::array coordinators = named->get_array();
    const JsonElement first = coordinators.at(0);
    scripted.lookup = {.coordinators = static_cast<std::int32_t>(coordinators.size()), .error = error_of(first)};
    scripted.lookup->node = NodeId{integer(first, "node", -1)};
  }
  const auto topics = field(request, "results");
  if (!topics) return scripted;
  for (const JsonElement topic : topics->get_array())
    for (const JsonElement entry : topic["partitions"].get_array()) {
      const std::int32_t state_epoch = integer(entry, "stateEpoch", 0);
      const Offset start_offset = number(entry, "startOffset", -1);
      scripted.entries.push_back({topics_.id(text(topic, "topic")), integer(entry, "partition", 0), error_of(entry),
                                  ReadState{state_epoch, start_offset, batches(entry, "batches")},
                                  Summary{state_epoch, integer(entry, "leaderEpoch", 0), start_offset,
                                          integer(entry, "deliveryCompleteCount", -1)}});
    }
  return scripted;
}

bool PersisterWorld::answer_request(const ScriptedAnswer& scripted) {
  const auto found = std::ranges::find(open_, scripted.which, &Open::id);
  if (found == open_.end() || !found->sent) return false;
  const bool answers = scripted.transport == KafkaError::none;
  if (answers && found->is_lookup && !scripted.lookup) return false;
  const Open of = std::move(*found);
  open_.erase(found);
  PersisterOutbox out;
  if (!answers)
    end(of, scripted.transport, out);
  else if (of.is_lookup)
    persister_.lookup_answered(of.request, *scripted.lookup, out);
  else
    persister_.answered(of.request, {KafkaError::none, results_of(scripted, of)}, out);
  tell(out);
  return true;
}

std::vector<AnsweredEntry> PersisterWorld::results_of(const ScriptedAnswer& scripted, const Open& of) {
  std::vector<AnsweredEntry> results;
  for (const auto& [topic, partition, error, read, summary] : scripted.entries) {
    StateResult result{error, {}};
    if (error == KafkaError::none && state_verbs[of.kind] == "read") result.data = read;
    if (error == KafkaError::none && state_verbs[of.kind] == "summary") result.data = summary;
    results.push_back({{of.keys.front().group, topic, partition}, 0, std::move(result), 0});
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
