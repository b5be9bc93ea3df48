// What the oracle shows of a persister after each request, written from the model: events and state.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "interop/coordination/persister_world.h"
#include "interop/coordination/state_json.h"
#include "model/store/coordinator_key.h"

namespace sharelock::interop {
namespace {

void append_entry(std::string& out, const RequestedEntry& entry) {
  const auto put = [&](std::string_view name, std::int64_t value) {
    fmt::format_to(std::back_inserter(out), R"(,"{}":{})", name, value);
  };
  fmt::format_to(std::back_inserter(out), R"({{"partition":{})", entry.key.partition);
  if (const auto* initialize = std::get_if<InitializeEntry>(&entry.entry)) {
    put("stateEpoch", initialize->state_epoch);
    put("startOffset", initialize->start_offset);
  } else if (const auto* write = std::get_if<WriteEntry>(&entry.entry)) {
    put("stateEpoch", write->state_epoch);
    put("leaderEpoch", write->leader_epoch);
    put("startOffset", write->start_offset);
    put("deliveryCompleteCount", write->delivery_complete_count);
    append_batches(out += R"(,"batches":)", write->batches);
  } else if (const auto* read = std::get_if<ReadEntry>(&entry.entry)) {
    put("leaderEpoch", read->leader_epoch);
  } else if (const auto* summary = std::get_if<SummaryEntry>(&entry.entry)) {
    put("leaderEpoch", summary->leader_epoch);
  }
  out += '}';
}

/// `[a,b,c]` of a list of ids.
void append_ids(std::string& out, std::span<const PersisterHandlerId> ids) {
  out += '[';
  for (const PersisterHandlerId& id : ids)
    fmt::format_to(std::back_inserter(out), "{}{}", &id == ids.data() ? "" : ",", id.value());
  out += ']';
}

}  // namespace

std::string& PersisterWorld::event(std::string_view kind) {
  if (!events_.empty()) events_ += ',';
  fmt::format_to(std::back_inserter(events_), R"({{"e":"{}")", kind);
  return events_;
}

void PersisterWorld::append_lookup(const Open& request, const SharePartitionKey& key) {
  fmt::format_to(std::back_inserter(event("request")), R"(,"id":{},"node":{},"api":"lookup","keyType":2,"key":)",
                 request.id, request.node.value());
  append_quoted(events_, coordinator_key(name_of_group(key.group), topics_.text(key.topic), key.partition));
  events_ += '}';
}

/// Topics by name; within each the entries as they stand.
void PersisterWorld::append_request(const Open& request, const StateRequest& what) {
  fmt::format_to(std::back_inserter(event("request")), R"(,"id":{},"node":{},"api":"{}","group":)", request.id,
                 request.node.value(), state_verbs[request.kind]);
  append_quoted(events_, name_of_group(what.group));
  std::vector<RequestedEntry> entries = what.entries;
  std::ranges::stable_sort(entries, {}, [](const RequestedEntry& entry) { return entry.key.topic; });
  events_ += R"(,"topics":[)";
  TopicId topic = no_topic;
  for (const RequestedEntry& entry : entries) {
    if (entry.key.topic != topic) {
      events_ += topic == no_topic ? R"({"topic":)" : R"(]},{"topic":)";
      topic = entry.key.topic;
      append_quoted(events_, topics_.name(topic));
      events_ += R"(,"partitions":[)";
    } else {
      events_ += ',';
    }
    append_entry(events_, entry);
  }
  events_ += "]}]}";
}

void PersisterWorld::tell(const PersisterOutbox& out) {
  for (const PersisterEffect& effect : out) {
    if (const auto* backoff = std::get_if<persister_effect::BackoffBegun>(&effect)) {
      const TimeMs due = now_ + persister_backoff_ms(backoff->attempt, jitter_);
      backoffs_.push_back({due, backoff->handler});
      std::ranges::sort(backoffs_);
      if (!told_) continue;
      fmt::format_to(std::back_inserter(event("backoff")), R"(,"handler":{},"attempt":{},"due":{}}})",
                     backoff->handler.value(), backoff->attempt, due);
    } else if (const auto* done = std::get_if<persister_effect::CallDone>(&effect); done && told_) {
      append_done(*done);
    }
  }
}

void PersisterWorld::append_done(const persister_effect::CallDone& done) {
  const auto call = calls_.extract(done.call);
  std::vector<std::pair<SharePartitionKey, StateResult>> results;
  for (std::size_t i = 0; i < done.results.size(); ++i) results.emplace_back(call.mapped()[i], done.results[i]);
  std::ranges::stable_sort(results, {}, &std::pair<SharePartitionKey, StateResult>::first);
  fmt::format_to(std::back_inserter(event("done")), R"(,"call":{},"results":[)", done.call.value());
  for (const auto& [key, result] : results) {
    if (key != results.front().first) events_ += ',';
    append_state_result(events_, topics_.name(key.topic), key.partition, result);
  }
  events_ += "]}";
}

void PersisterWorld::append_buckets(std::string& answer) const {
  std::vector<Persister::Bucket> buckets{persister_.buckets().begin(), persister_.buckets().end()};
  std::ranges::sort(buckets, {}, [](const Persister::Bucket& bucket) {
    return std::tuple{bucket.node, bucket.kind, bucket.group};
  });
  answer += R"(,"buckets":[)";
  const char* separator = "";
  for (const Persister::Bucket& bucket : buckets) {
    fmt::format_to(std::back_inserter(answer), R"({}[{},"{}",)", separator, bucket.node.value(),
                   state_verbs[bucket.kind]);
    append_quoted(answer, name_of_group(bucket.group));
    append_ids(answer += ',', bucket.handlers);
    answer += ']';
    separator = ",";
  }
  std::vector<Persister::InFlight> busy{persister_.in_flight().begin(), persister_.in_flight().end()};
  std::ranges::sort(busy, {}, [](const Persister::InFlight& one) { return std::pair{one.node, one.kind}; });
  answer += R"(],"inFlight":[)";
  separator = "";
  for (const auto& [node, kind] : busy) {
    fmt::format_to(std::back_inserter(answer), R"({}[{},"{}"])", separator, node.value(), state_verbs[kind]);
    separator = ",";
  }
  answer += ']';
}

void PersisterWorld::append_state(std::string& answer) const {
  append_ids(answer += R"({"queue":)", persister_.queue());
  append_buckets(answer);
  answer += R"(,"handlers":[)";
  const char* separator = "";
  for (const Persister::Handler& handler : persister_.handlers()) {
    const std::string node = handler.coordinator ? std::to_string(handler.coordinator->value()) : "null";
    fmt::format_to(std::back_inserter(answer), "{}[{},{},{},{}]", separator, handler.id.value(), node, handler.attempts,
                   handler.lookups);
    separator = ",";
  }
  answer += R"(],"requests":[)";
  separator = "";
  for (const Open& request : open_) {
    fmt::format_to(std::back_inserter(answer), "{}[{},{},{}]", separator, request.id, request.node.value(),
                   request.sent);
    separator = ",";
  }
  answer += R"(],"backoffs":[)";
  separator = "";
  for (const Backoff& backoff : backoffs_) {
    fmt::format_to(std::back_inserter(answer), "{}[{},{}]", separator, backoff.handler.value(), backoff.due);
    separator = ",";
  }
  answer += "]}";
}

}  // namespace sharelock::interop
