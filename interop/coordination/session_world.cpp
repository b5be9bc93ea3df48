#include "interop/coordination/session_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sharelock::interop {

SessionWorld::SessionWorld(JsonElement request, const LifeNames& names)
    : names_{names}, cache_{static_cast<std::size_t>(number(request, "maxEntries", 1000))} {
  for (const auto topic : request["topicIds"].get_object()) topics_.add(topic.key);
}

ShareSessionKey SessionWorld::session_key(JsonElement request) const {
  return {GroupId{names_.groups.rank(text(request, "group"))}, MemberId{names_.members.rank(text(request, "member"))}};
}

TopicIdPartition SessionWorld::partition(JsonElement element) const {
  return {TopicId{topics_.rank(std::string_view{element.at(0).get_string()})},
          static_cast<std::int32_t>(std::int64_t{element.at(1).get_int64()})};
}

std::vector<RequestedPartition> SessionWorld::partitions(JsonElement request, std::string_view name) const {
  std::vector<RequestedPartition> result;
  if (const auto list = field(request, name))
    for (const JsonElement element : list->get_array()) {
      const bool names_it = element.get_array().size() < 3 || bool{element.at(2).get_bool()};
      result.push_back({partition(element), names_it});
    }
  return result;
}

const ShareFetchContext* SessionWorld::last_context(std::string_view group, std::string_view member) const {
  const auto found = contexts_.find({GroupId{names_.groups.rank(group)}, MemberId{names_.members.rank(member)}});
  return found == contexts_.end() ? nullptr : &found->second;
}

Step SessionWorld::decode(JsonElement request) {
  const std::string_view verb = text(request, "op").substr(std::string_view{"session."}.size());
  return [this, work = work(verb, request)](std::string* answer) {
    events_.clear();
    std::string shown;
    const KafkaError error = work(answer ? &shown : nullptr);
    if (!answer) return;
    // What the class does not expect it throws; a broker answers UNKNOWN_SERVER_ERROR then.
    const std::string_view name =
        error == KafkaError::unknown_server_error ? "exception:RuntimeException" : sharelock::name_of(error);
    fmt::format_to(std::back_inserter(*answer), R"({{"error":"{}",{})", name, shown);
    append_common(*answer);
  };
}

SessionWorld::Work SessionWorld::work(std::string_view verb, JsonElement request) {
  if (verb == "fetch") return fetch(request);
  if (verb == "respond") return respond(request);
  if (verb == "ack")
    return [this, key = session_key(request), epoch = integer(request, "epoch", 0)](std::string*) {
      return cache_.acknowledge(key, epoch);
    };
  if (verb == "release") return [this, key = session_key(request)](std::string* shown) { return release(key, shown); };
  if (verb == "disconnect")
    return [this, connection = ConnectionId{names_.connections.rank(text(request, "connection"))}](std::string* shown) {
      disconnect(connection, shown != nullptr);
      return KafkaError::none;
    };
  if (verb == "clear")
    return [this](std::string*) {
      for (const auto& [key, session] : cache_.sessions()) keep(session);
      cache_.clear();
      return KafkaError::none;
    };
  return [](std::string*) { return KafkaError::none; };
}

SessionWorld::Work SessionWorld::fetch(JsonElement request) {
  ShareFetchHead head{session_key(request),
                      static_cast<std::int32_t>(number(request, "epoch")),
                      ConnectionId{names_.connections.rank(text(request, "connection"))},
                      false,
                      partitions(request, "fetch"),
                      {}};
  if (const auto acknowledges = field(request, "acks")) head.acknowledges = bool{acknowledges->get_bool()};
  for (const RequestedPartition& forgotten : partitions(request, "forget")) head.forget.push_back(forgotten.what);
  return [this, head](std::string* shown) {
    if (head.epoch == initial_epoch)
      if (const auto former = cache_.sessions().find(head.session); former != cache_.sessions().end())
        keep(former->second);
    auto [error, context] = cache_.fetch(head);
    if (error != KafkaError::none) return error;
    if (shown) append_context(*shown, context);
    contexts_.insert_or_assign(head.session, std::move(context));
    return KafkaError::none;
  };
}

void SessionWorld::append_context(std::string& out, const ShareFetchContext& context) const {
  out += context.kind == ShareFetchContext::Kind::final ? R"("context":"FinalContext",)"
                                                        : R"("context":"ShareSessionContext",)";
  std::string valid;
  std::string erroneous;
  std::vector<RequestedPartition> nameless;
  for (const RequestedPartition& asked : context.partitions)
    if (asked.name_known)
      append_partition(valid, asked.what, "]");
    else
      nameless.push_back(asked);
  std::ranges::sort(nameless, {}, &RequestedPartition::what);
  for (const RequestedPartition& asked : nameless) append_partition(erroneous, asked.what, R"(,"UNKNOWN_TOPIC_ID"])");
  out += R"("valid":[)" + valid + R"(],"erroneous":[)" + erroneous + "],";
}

SessionWorld::Work SessionWorld::respond(JsonElement request) {
  std::vector<FetchedPartition> fetched;
  for (const JsonElement element : request["partitions"].get_array()) {
    const auto error = kafka_error_of(std::string_view{element.at(3).get_string()});
    fetched.push_back({partition(element), element.at(2).get_bool(), error.value_or(KafkaError::unknown_server_error)});
  }
  return [this, key = session_key(request), fetched](std::string* shown) {
    const ShareFetchContext& context = contexts_.at(key);
    ShareSession* session = cache_.find(context.session);
    if (const auto gone = closed_.find(context.session); !session && gone != closed_.end()) session = &gone->second;
    auto [error, included] = compose_response(context, session, fetched);
    if (!shown) return error;
    std::ranges::sort(included);
    std::string list;
    for (const TopicIdPartition what : included) append_partition(list, what, "]");
    *shown += R"("included":[)" + list + "],";
    return error;
  };
}

KafkaError SessionWorld::release(ShareSessionKey key, std::string* shown) {
  const auto closed = cache_.release(key);
  if (!closed) return KafkaError::share_session_not_found;
  keep(*closed);
  if (!shown) return KafkaError::none;
  std::vector<TopicIdPartition> released;
  for (const SessionPartition& held : closed->partitions()) released.push_back(held.what);
  std::ranges::sort(released);
  std::string list;
  for (const TopicIdPartition what : released) append_partition(list, what, R"(,"UNKNOWN_TOPIC_OR_PARTITION"])");
  *shown += R"("released":[)" + list + "],";
  return KafkaError::none;
}

void SessionWorld::disconnect(ConnectionId connection, bool told) {
  SessionOutbox out;
  cache_.disconnected(connection, out);
  for (const SessionEffect& effect : out) {
    const auto* left = std::get_if<session_effect::MemberLeft>(&effect);
    if (left) keep(left->session);
    if (!told) continue;
    if (!events_.empty()) events_ += ',';
    if (left)
      events_ += fmt::format(R"({{"event":"memberLeave","group":"{}","member":"{}"}})",
                             names_.groups.name(left->session.key.group.value()),
                             names_.members.name(left->session.key.member.value()));
    else
      events_ += fmt::format(R"({{"event":"groupEmpty","group":"{}"}})",
                             names_.groups.name(std::get<session_effect::GroupEmpty>(effect).group.value()));
  }
}

void SessionWorld::keep(const ShareSession& closed) {
  closed_.insert_or_assign(closed.id, closed);
}

void SessionWorld::append_partition(std::string& out, TopicIdPartition what, std::string_view rest) const {
  fmt::format_to(std::back_inserter(out), R"({}["{}",{}{})", out.empty() ? "" : ",", name_of(what.topic),
                 what.partition, rest);
}

void SessionWorld::append_sessions(std::string& answer) const {
  answer += R"("sessions":[)";
  for (const auto& [key, session] : cache_.sessions()) {
    if (answer.back() != '[') answer += ',';
    std::string held;
    for (const SessionPartition& partition : session.partitions())
      append_partition(held, partition.what, fmt::format(",{},{}]", partition.name_known, partition.requires_update));
    fmt::format_to(std::back_inserter(answer),
                   R"({{"group":"{}","member":"{}","epoch":{},"connection":"{}","cachedSize":{},"partitions":[{}]}})",
                   names_.groups.name(key.group.value()), names_.members.name(key.member.value()), session.epoch,
                   names_.connections.name(session.connection.value()), session.partitions().size(), held);
  }
  answer += "],";
}

void SessionWorld::append_common(std::string& answer) const {
  if (!events_.empty()) answer += R"("events":[)" + events_ + "],";
  append_sessions(answer);
  fmt::format_to(std::back_inserter(answer), R"("totalPartitions":{},"members":{{)", cache_.partition_count());
  const char* separator = "";
  for (const auto& [group, count] : cache_.members()) {
    fmt::format_to(std::back_inserter(answer), R"({}"{}":{})", separator, names_.groups.name(group.value()), count);
    separator = ",";
  }
  answer += R"(},"connections":{)";
  separator = "";
  for (const auto& [connection, opened] : cache_.connections()) {
    fmt::format_to(std::back_inserter(answer), R"({}"{}":["{}","{}",{}])", separator,
                   names_.connections.name(connection.value()), names_.groups.name(opened.session.group.value()),
                   names_.members.name(opened.session.member.value()), opened.stale);
    separator = ",";
  }
  fmt::format_to(std::back_inserter(answer), R"(}},"evictions":{}}})", cache_.evictions());
}

}  // namespace sharelock::interop
