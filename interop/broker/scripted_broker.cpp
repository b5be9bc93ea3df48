#include "interop/broker/scripted_broker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "interop/broker/broker_dump.h"
#include "interop/protocol/json_text.h"
#include "interop/protocol/request_parts.h"

namespace sharelock::interop {
namespace {

GroupConfiguration default_configuration() {
  GroupConfiguration group;
  group.max_record_locks = 200;
  return group;
}

void append_error(std::string& out, KafkaError error) {
  fmt::format_to(std::back_inserter(out), R"({{"name":"{}","code":{},"abort":true}})", name_of(error),
                 static_cast<std::int16_t>(error));
}

}  // namespace

ScriptedBroker::ScriptedBroker(KafkaLine line, const Profile& profile)
    : line_{line},
      profile_{profile},
      world_{std::make_unique<BrokerWorld>(profile, default_configuration(), 0, 2000, 30'000)} {}

void ScriptedBroker::handle(Json request, std::string& answer) {
  const std::size_t begin = answer.size();
  try {
    const JsonFields fields{request};
    const std::string_view op = fields.text("op");
    append_string(answer += "{\"op\":", op);
    if (const auto id = fields.raw("id")) (answer += ",\"id\":") += simdjson::minify(*id);
    world_->events.clear();
    std::string result;
    std::optional<KafkaError> thrown;
    try {
      run(op, fields, result);
    } catch (const Thrown& error) {
      thrown = error.error;
      world_->settle();
      world_->resume();
    }
    ((answer += ",\"result\":{") += result) += '}';
    if (thrown) append_error(answer += ",\"error\":", *thrown);
    ((answer += ",\"events\":[") += world_->events) += ']';
    append_shown(fields.text("show", dump_), answer);
    answer += '}';
  } catch (const BadInput& refused) {
    if (answer.size() == begin) answer += "{\"op\":null";
    append_string(answer += ",\"error\":{\"class\":\"BadInput\",\"message\":", refused.what());
    answer += "}}";
  }
}

void ScriptedBroker::append_shown(std::string_view mode, std::string& answer) {
  if (mode == "full" || mode == "both") append_state(answer += ",\"state\":", *world_);
  if (mode == "hash") {
    std::string state;
    append_state(state, *world_);
    append_hash(answer += ",\"hash\":\"", fnv1a(state));
    answer += '"';
  }
  if (mode == "text" || mode == "both") {
    std::string line;
    append_state_line(line, *world_);
    append_string(answer += ",\"text\":", line);
  }
}

/// The request, then what follows every step, then what the other thread had to wait for.
void ScriptedBroker::run(std::string_view op, const JsonFields& request, std::string& result) {
  const bool has_other = request.has("during");
  if (has_other) world_->during = other_thread(request);
  const auto tell_other = [&] {
    const bool ran = !world_->during;
    world_->during = nullptr;
    world_->concurrent = false;
    if (has_other) (result += result.empty() ? "\"during\":" : ",\"during\":") += ran ? "true" : "false";
  };
  try {
    call(op, request, result);
    world_->settle();
  } catch (...) {
    tell_other();
    throw;
  }
  tell_other();
  world_->resume();
}

std::function<void()> ScriptedBroker::other_thread(const JsonFields& request) {
  std::vector<Json> requests;
  for (const Json each : request.list("during")) requests.push_back(each);
  return [this, requests] {
    for (const Json& each : requests) {
      const JsonFields fields{each};
      const std::string_view op = fields.text("op");
      append_string(world_->event("begin") += ",\"op\":", op);
      world_->events += '}';
      std::string result;
      std::optional<KafkaError> thrown;
      bool refused = false;
      try {
        call(op, fields, result);
      } catch (const Thrown& error) {
        thrown = error.error;
      } catch (const BadInput&) {
        refused = true;
      }
      world_->settle();
      ((world_->event("end") += ",\"result\":{") += result) += '}';
      if (thrown) append_error(world_->events += ",\"error\":", *thrown);
      // The oracle's own exception: an error that Kafka has no code for.
      if (refused) append_error(world_->events += ",\"error\":", KafkaError::unknown_server_error);
      world_->events += '}';
    }
  };
}

void ScriptedBroker::call(std::string_view op, const JsonFields& request, std::string& result) {
  if (op == "reset") return reset(request, result);
  if (op == "config") return configure(request);
  if (op == "state") return;
  if (op == "create") return create(request);
  if (op == "append") return append(request, result);
  if (op == "hw") return high_watermark(request);
  if (op == "truncate" || op == "logStart" || op == "tier") return move_log(op, request);
  if (op == "aborted") return aborted(request);
  if (op == "fail") return fail(request);
  if (op == "role") return role(request);
  if (op == "store") return store(request);
  if (op == "session") return session(request);
  if (op == "fetch") return fetch(request, result);
  if (op == "acknowledge") return acknowledge(request, result);
  if (op == "release") return release(request, result);
  if (op == "advance") return advance(request, result);
  if (op == "fire") return fire(request);
  if (op == "completeRead" || op == "completeWrite" || op == "completeDlq") return complete(op, request);
  if (op == "completeLogRead") return complete_log_read(request, result);
  if (op == "completeRemote") return complete_remote(request, result);
  if (op == "actions") return world_->run_actions();
  if (op == "check") return check(request, result);
  if (op == "disconnect")
    return world_->act([&](BrokerThread& thread, BrokerOutbox&) {
      world_->manager().disconnected(thread, ConnectionId{world_->connections.number_of(request.text("conn"))},
                                     *world_);
    });
  if (op == "feature") {
    if (request.flag("enabled", true)) return;
    return world_->act(
        [&](BrokerThread& thread, BrokerOutbox&) { world_->manager().feature_disabled(thread, *world_); });
  }
  throw BadInput{fmt::format("unknown op: {}", op)};
}

// ----- Broker and configuration

void ScriptedBroker::reset(const JsonFields& request, std::string& result) {
  world_ = std::make_unique<BrokerWorld>(profile_, default_configuration(), request.number("now", 0),
                                         static_cast<std::size_t>(request.integer("maxSessions", 2000)),
                                         request.number("remoteMaxWaitMs", 30'000));
  dump_ = "full";
  configure(request);
  fmt::format_to(std::back_inserter(result), R"("line":"{}","kafka":"{}")", name_of(line_), release_of(line_));
}

void ScriptedBroker::configure(const JsonFields& request) {
  GroupConfiguration& group = world_->group();
  group.max_record_locks = request.integer("maxLocks", group.max_record_locks);
  group.delivery_count_limit = request.integer("limit", group.delivery_count_limit);
  group.lock_duration_ms = request.integer("lockMs", group.lock_duration_ms);
  group.renew_enabled = request.flag("renew", group.renew_enabled);
  group.dead_letter_queue_enabled = request.flag("dlq", group.dead_letter_queue_enabled);
  if (request.has("autoOffsetReset")) group.auto_offset_reset = parse_offset_reset(request.text("autoOffsetReset"));
  const auto mode = [&](std::string_view name, Completing& value) {
    if (request.has(name)) value = request.text(name) == "auto" ? Completing::automatic : Completing::manual;
  };
  mode("reads", world_->modes.reads);
  mode("writes", world_->modes.writes);
  mode("dlqs", world_->modes.dead_letters);
  mode("actions", world_->modes.actions);
  mode("logReads", world_->modes.log_reads);
  world_->modes.draw = request.integer("draw", world_->modes.draw);
  dump_ = request.text("dump", dump_);
}

// ----- Partitions and logs

HostedLog& ScriptedBroker::log(const JsonFields& request) {
  HostedLog* found = world_->log(request.text("tp"));
  if (found == nullptr) throw BadInput{fmt::format("no such partition: {}", request.text("tp"))};
  return *found;
}

void ScriptedBroker::create(const JsonFields& request) {
  const TopicIdPartition what = world_->partition(request.text("tp"));
  if (world_->log(what) != nullptr) throw BadInput{fmt::format("the partition exists: {}", request.text("tp"))};
  world_->create(what, request.integer("epoch", 0), request.number("base", 0));
}

void ScriptedBroker::append(const JsonFields& request, std::string& result) {
  SegmentedLog& into = log(request).log;
  std::vector<SizedLogBatch> batches;
  Offset end = into.end();
  for (const Json item : request.list("batches")) {
    const SizedLogBatch batch = parse_sized_log_batch(item);
    if (batch.batch.base < end) throw BadInput{fmt::format("append: the log ends at {}", end)};
    end = batch.batch.last + 1;
    batches.push_back(batch);
  }
  if (request.flag("roll", false)) {
    if (!into.can_roll()) throw BadInput{"the active segment is empty"};
    into.roll();
  }
  for (const SizedLogBatch& batch : batches) into.append(batch);
  if (request.flag("hw", true)) {
    into.high_watermark = into.last_stable = into.end();
    const TopicIdPartition what = world_->partition(request.text("tp"));
    world_->manager().check_later({no_group, what.topic, what.partition});
  }
  append_field(result, "\"end\":", into.end());
}

void ScriptedBroker::high_watermark(const JsonFields& request) {
  SegmentedLog& moved = log(request).log;
  const Offset to = request.number("to", moved.high_watermark);
  const Offset stable = request.number("stable", to);
  if (to < moved.start || to > moved.end() || stable < moved.start || stable > to)
    throw BadInput{"start <= stable <= high watermark <= end"};
  moved.high_watermark = to;
  moved.last_stable = stable;
  const TopicIdPartition what = world_->partition(request.text("tp"));
  world_->check({no_group, what.topic, what.partition});
}

void ScriptedBroker::move_log(std::string_view op, const JsonFields& request) {
  SegmentedLog& moved = log(request).log;
  const Offset to = request.number("to");
  if (op == "truncate") {
    if (to < moved.start || to > moved.end()) throw BadInput{"to: inside the log"};
    return moved.truncate(to);
  }
  const bool is_start = op == "logStart";
  if (to < (is_start ? moved.start : moved.local_start) || to > moved.high_watermark)
    throw BadInput{is_start ? "to: from the log start to the high watermark"
                            : "to: from the local log start to the high watermark"};
  if (is_start) moved.start = to;
  moved.local_start = std::max(moved.local_start, to);
}

void ScriptedBroker::aborted(const JsonFields& request) {
  std::vector<SegmentedLog::Aborted> list;
  for (const Json item : request.list("list")) {
    const auto values = item.get_array();
    list.push_back({to_number(values.at(0), "first"), to_number(values.at(1), "last"), to_number(values.at(2), "pid")});
  }
  log(request).log.aborted = std::move(list);
}

KafkaError ScriptedBroker::error_named(std::string_view name) const {
  const auto error = sharelock::interop::error_named(line_, name);
  if (!error) throw BadInput{fmt::format("unknown error name: {}", name)};
  return *error;
}

void ScriptedBroker::fail(const JsonFields& request) {
  HostedLog& failing = log(request);
  const auto set = [&](std::string_view name, KafkaError& error) {
    if (request.mentions(name)) error = request.has(name) ? error_named(request.text(name)) : KafkaError::none;
  };
  if (request.mentions("timestamp"))
    failing.by_timestamp = request.has("timestamp") ? std::optional{request.number("timestamp")} : std::nullopt;
  set("read", failing.read_error);
  set("throw", failing.read_throws);
  set("end", failing.end_error);
  set("lookup", failing.lookup_error);
  set("remote", failing.remote_error);
}

void ScriptedBroker::role(const JsonFields& request) {
  constexpr std::array<std::string_view, 5> names{"leader", "follower", "offline", "moved", "deleted"};
  HostedLog& changed = log(request);
  const auto found = std::ranges::find(names, request.text("to"));
  if (found == names.end()) throw BadInput{"to: leader, follower, offline, moved or deleted"};
  changed.epoch = request.integer("epoch", changed.epoch);
  changed.role = static_cast<PartitionRole>(found - names.begin());
  if (changed.role == PartitionRole::leader) return;
  const TopicIdPartition what = world_->partition(request.text("tp"));
  world_->act([&](BrokerThread& thread, BrokerOutbox&) { world_->manager().partition_lost(thread, what); });
  // After a failed log directory nobody checks waiting fetches.
  if (changed.role != PartitionRole::offline) world_->check({no_group, what.topic, what.partition});
}

void ScriptedBroker::store(const JsonFields& request) {
  world_->stored.insert_or_assign(std::string{request.text("sp")}, parse_outcome(request.raw("read"), line_));
}

// ----- Members

std::vector<TopicIdPartition> ScriptedBroker::partitions(const JsonFields& request, std::string_view name) {
  std::vector<TopicIdPartition> named;
  if (!request.has(name)) return named;
  for (const Json item : request.list(name)) {
    const TopicIdPartition what = world_->partition(std::string_view{item.get_string()});
    if (std::ranges::find(named, what) != named.end()) throw BadInput{"a partition is named twice"};
    named.push_back(what);
  }
  return named;
}

void ScriptedBroker::session(const JsonFields& request) {
  ShareFetchHead head;
  head.session = {GroupId{world_->groups.number_of(request.text("group"))},
                  MemberId{world_->members.number_of(request.text("member"))}};
  for (const TopicIdPartition what : partitions(request, "partitions")) head.fetch.push_back({what, true});
  head.forget = partitions(request, "forget");
  head.epoch = request.integer("epoch", 0);
  head.acknowledges = request.flag("acks", false);
  head.connection = ConnectionId{world_->connections.number_of(request.text("conn", "c"))};
  ShareFetchBegun begun;
  world_->act(
      [&](BrokerThread& thread, BrokerOutbox&) { begun = world_->manager().new_context(thread, head, *world_); });
  if (begun.error != KafkaError::none) throw Thrown{begun.error};
}

void ScriptedBroker::fetch(const JsonFields& request, std::string& result) {
  ShareFetchParameters parameters;
  parameters.mode = request.text("mode", "BO") == "RL" ? AcquireMode::record_limit : AcquireMode::batch_optimized;
  parameters.isolation = request.text("isolation", "read_uncommitted") == "read_committed"
                             ? Isolation::read_committed
                             : Isolation::read_uncommitted;
  parameters.wait_max_ms = request.number("maxWaitMs", 500);
  parameters.bytes_min = request.integer("minBytes", 1);
  parameters.bytes_max = request.integer("maxBytes", 52'428'800);
  const std::vector<TopicIdPartition> named = partitions(request, "partitions");
  parameters.group = GroupId{world_->groups.number_of(request.text("group"))};
  parameters.member = MemberId{world_->members.number_of(request.text("member"))};
  parameters.epoch = request.integer("epoch", 0);
  parameters.records_max = request.integer("maxRecords", 500);
  parameters.batch_size = request.integer("batchSize", 500);
  append_started(world_->fetch(parameters, named), result);
}

void ScriptedBroker::append_started(const std::optional<std::pair<std::int64_t, bool>>& started, std::string& result) {
  if (!started) throw Thrown{KafkaError::unknown_server_error};
  append_field(result, "\"req\":", started->first);
  append_bool(result += ",\"done\":", started->second);
}

void ScriptedBroker::acknowledge(const JsonFields& request, std::string& result) {
  std::vector<PartitionAcknowledgement> acknowledgements;
  for (const Json item : request.list("acks")) {
    const JsonFields one{item};
    op::Acknowledge parsed;
    PartitionAcknowledgement part{world_->partition(one.text("tp")), {}};
    parse_acknowledgements(one.list("batches"), parsed);
    for (const auto& batch : parsed.batches) {
      const auto first = parsed.types.begin() + batch.first_type;
      part.batches.push_back({batch.first, batch.last, {first, first + batch.type_count}});
    }
    acknowledgements.push_back(std::move(part));
  }
  const GroupId group{world_->groups.number_of(request.text("group"))};
  const MemberId member{world_->members.number_of(request.text("member"))};
  append_started(world_->give_back([&](BrokerThread& thread, RequestId id) {
    world_->manager().acknowledge(thread, id, group, member, std::move(acknowledgements));
  }),
                 result);
}

void ScriptedBroker::release(const JsonFields& request, std::string& result) {
  const GroupId group{world_->groups.number_of(request.text("group"))};
  const MemberId member{world_->members.number_of(request.text("member"))};
  if (!world_->manager().sessions().sessions().contains({group, member}))
    return append_started(world_->give_back_refused(KafkaError::share_session_not_found), result);
  append_started(world_->give_back([&](BrokerThread& thread, RequestId id) {
    world_->manager().release_session(thread, id, group, member);
  }),
                 result);
}

// ----- Time and outcomes

void ScriptedBroker::advance(const JsonFields& request, std::string& result) {
  if (request.has("ms") == request.has("to")) throw BadInput{"advance needs either ms or to"};
  const TimeMs to = request.has("to") ? request.number("to") : world_->now() + request.number("ms");
  if (to < world_->now()) throw BadInput{"time does not run backwards"};
  std::int64_t fired = 0;
  if (request.flag("fire", true))
    fired = world_->advance(to);
  else
    world_->set_time(to);
  append_field(result, "\"now\":", world_->now());
  append_field(result, ",\"fired\":", fired);
}

void ScriptedBroker::fire(const JsonFields& request) {
  if (request.has("lock") == request.has("timer")) throw BadInput{"fire needs either lock or timer"};
  const bool is_lock = request.has("lock");
  const auto index = static_cast<std::size_t>(request.integer(is_lock ? "lock" : "timer", 0));
  const std::size_t alive = is_lock ? world_->locks().alive().size() : world_->fetch_timers().size();
  if (index >= alive) throw BadInput{"no such timer"};
  const auto refuse_early = [&](TimeMs due) {
    if (due > world_->now()) throw BadInput{"the timer is not due"};
  };
  if (is_lock) {
    const AcquisitionLock lock = world_->locks().alive()[index];
    refuse_early(lock.expires_at);
    world_->locks().take(lock.id);
    return world_->fire(lock);
  }
  const auto timer = *std::next(world_->fetch_timers().begin(), static_cast<std::ptrdiff_t>(index));
  refuse_early(timer.due);
  world_->remove(timer);
  world_->fire(timer);
}

void ScriptedBroker::complete(std::string_view op, const JsonFields& request) {
  using Kind = BrokerWorld::HandOver::Kind;
  const Kind kind = op == "completeRead" ? Kind::read : op == "completeWrite" ? Kind::write : Kind::dead_letter;
  const HandOverOutcome outcome = parse_outcome(request.raw(kind == Kind::read ? "read" : "result"), line_);
  const auto hand_over = world_->take(kind, request.number("which", -1));
  if (!hand_over) throw BadInput{"no such outstanding hand-over"};
  world_->complete(*hand_over, outcome);
}

void ScriptedBroker::complete_log_read(const JsonFields& request, std::string& result) {
  const std::int64_t which = request.number("which", -1);
  const auto found = std::ranges::find_if(
      world_->log_reads, [&](const BrokerWorld::LogRead& read) { return which < 0 || read.id.value() == which; });
  if (found == world_->log_reads.end()) throw BadInput{"no such outstanding log read"};
  BrokerWorld::LogRead read = std::move(*found);
  world_->log_reads.erase(found);
  append_field(result, "\"which\":", read.id.value());
  if (request.has("exception")) read.answer = {error_named(request.text("exception")), {}};
  if (read.cancelled) return;
  world_->act([&](BrokerThread& thread, BrokerOutbox&) {
    world_->manager().log_read_ended(thread, read.id, std::move(read.answer), *world_);
  });
}

void ScriptedBroker::complete_remote(const JsonFields& request, std::string& result) {
  const std::int64_t which = request.number("which", -1);
  const auto found = std::ranges::find_if(
      world_->remote_reads, [&](const BrokerWorld::RemoteRead& read) { return which < 0 || read.id.value() == which; });
  if (found == world_->remote_reads.end()) throw BadInput{"no such outstanding remote read"};
  const BrokerWorld::RemoteRead read = *found;
  world_->remote_reads.erase(found);
  append_field(result, "\"which\":", read.id.value());
  RemoteReadAnswer answer;
  if (request.has("error"))
    answer.error = error_named(request.text("error"));
  else
    answer.data =
        world_->log(read.what)
            ->log.read(read.info.offset, read.info.bytes_max, read.info.at_least_one_batch, read.info.isolation)
            .data;
  world_->act([&](BrokerThread& thread, BrokerOutbox& out) {
    world_->manager().remote_read_answered(thread, read.id, std::move(answer), out);
  });
}

void ScriptedBroker::check(const JsonFields& request, std::string& result) {
  const std::string_view key = request.text("key");
  const std::size_t colon = key.find(':');
  const bool has_group = colon != std::string_view::npos;
  const TopicIdPartition what = world_->partition(has_group ? key.substr(colon + 1) : key);
  const GroupId group = has_group ? GroupId{world_->groups.number_of(key.substr(0, colon))} : no_group;
  append_field(result, "\"completed\":", world_->check({group, what.topic, what.partition}));
}

}  // namespace sharelock::interop
