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

void append_refused(std::string& out, std::string_view head, const BadInput& refused) {
  append_string((out += head) += ",\"error\":{\"class\":\"BadInput\",\"message\":", refused.what());
  out += "}}";
}

/// The key that all fetches of a partition wait with.
WatchKey watch_key(TopicIdPartition what) {
  return {no_group, what.topic, what.partition};
}

/// Work that has no result and does not fail.
auto silently(auto act) {
  return [act](std::string&) {
    act();
    return KafkaError::none;
  };
}

/// What of it a broker knows.
void apply(const op::Configure& change, GroupConfiguration& group) {
  group.max_record_locks = change.max_locks.value_or(group.max_record_locks);
  group.delivery_count_limit = change.limit.value_or(group.delivery_count_limit);
  group.lock_duration_ms = change.lock_ms.value_or(group.lock_duration_ms);
  group.renew_enabled = change.renew.value_or(group.renew_enabled);
  group.dead_letter_queue_enabled = change.dlq.value_or(group.dead_letter_queue_enabled);
  group.auto_offset_reset = change.auto_offset_reset.value_or(group.auto_offset_reset);
}

}  // namespace

ScriptedBroker::ScriptedBroker(KafkaLine line, const Profile& profile)
    : line_{line},
      profile_{profile},
      world_{std::make_unique<BrokerWorld>(profile, default_configuration(), 0, 2000, 30'000)} {}

Step ScriptedBroker::decode(Json request) {
  std::string head = "{\"op\":null";
  try {
    const JsonFields fields{request};
    const std::string_view op = fields.text("op");
    std::string named;
    append_string(named += "{\"op\":", op);
    if (const auto id = fields.raw("id")) (named += ",\"id\":") += simdjson::minify(*id);
    head = std::move(named);
    Work work = this->work(op, fields);
    std::optional<Others> others;
    if (fields.has("during")) others = other_thread(fields);
    return [this, head, shown = std::string{fields.text("show", "")}, work, others](std::string* answer) {
      world_->tells = answer != nullptr;
      world_->events.clear();
      std::string result;
      try {
        const KafkaError error = run(work, others, result);
        if (!answer) return;
        (((*answer += head) += ",\"result\":{") += result) += '}';
        if (error != KafkaError::none) append_error(*answer += ",\"error\":", error);
        ((*answer += ",\"events\":[") += world_->events) += ']';
        append_shown(shown.empty() ? dump_ : shown, *answer);
        *answer += '}';
      } catch (const BadInput& refused) {
        if (answer) append_refused(*answer, head, refused);
      }
    };
  } catch (const BadInput& refused) {
    return [head, refused](std::string* answer) {
      if (answer) append_refused(*answer, head, refused);
    };
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
KafkaError ScriptedBroker::run(const Work& work, const std::optional<Others>& others, std::string& result) {
  if (others)
    world_->during = [this, &others] {
      for (const Beside& each : *others) run_beside(each);
    };
  const auto other_ran = [&] {
    const bool ran = !world_->during;
    world_->during = nullptr;
    world_->concurrent = false;
    return ran;
  };
  KafkaError error = KafkaError::none;
  try {
    error = work(result);
    if (error == KafkaError::none) world_->settle();
  } catch (const BadInput&) {
    other_ran();
    throw;
  }
  const bool ran = other_ran();
  if (others) (result += result.empty() ? "\"during\":" : ",\"during\":") += ran ? "true" : "false";
  if (error != KafkaError::none) world_->settle();
  world_->resume();
  return error;
}

ScriptedBroker::Others ScriptedBroker::other_thread(const JsonFields& request) {
  Others others;
  for (const Json each : request.list("during")) {
    const JsonFields fields{each};
    const std::string_view op = fields.text("op");
    try {
      others.push_back({std::string{op}, work(op, fields)});
    } catch (const BadInput& refused) {
      others.push_back({std::string{op}, [refused](std::string&) -> KafkaError { throw refused; }});
    }
  }
  return others;
}

void ScriptedBroker::run_beside(const Beside& other) {
  if (world_->tells) {
    append_string(world_->event("begin") += ",\"op\":", other.op);
    world_->events += '}';
  }
  std::string result;
  KafkaError error = KafkaError::none;
  try {
    error = other.work(result);
  } catch (const BadInput&) {
    error = KafkaError::unknown_server_error;  // The oracle's own exception, which Kafka has no code for.
  }
  world_->settle();
  if (!world_->tells) return;
  ((world_->event("end") += ",\"result\":{") += result) += '}';
  if (error != KafkaError::none) append_error(world_->events += ",\"error\":", error);
  world_->events += '}';
}

ScriptedBroker::Work ScriptedBroker::work(std::string_view op, const JsonFields& request) {
  if (op == "reset") return reset(request);
  if (op == "config") return configure(request);
  if (op == "state") return silently([] {});
  if (op == "create") return create(request);
  if (op == "append") return append(request);
  if (op == "hw") return high_watermark(request);
  if (op == "truncate" || op == "logStart" || op == "tier") return move_log(op, request);
  if (op == "aborted") return aborted(request);
  if (op == "fail") return fail(request);
  if (op == "role") return role(request);
  if (op == "store") return store(request);
  if (op == "session") return session(request);
  if (op == "fetch") return fetch(request);
  if (op == "acknowledge") return acknowledge(request);
  if (op == "release") return release(request);
  if (op == "advance") return advance(request);
  if (op == "fire") return fire(request);
  if (op == "completeRead" || op == "completeWrite" || op == "completeDlq") return complete(op, request);
  if (op == "completeLogRead") return complete_log_read(request);
  if (op == "completeRemote") return complete_remote(request);
  if (op == "actions") return silently([this] { world_->run_actions(); });
  if (op == "check") return check(request);
  if (op == "disconnect")
    return silently([this, connection = ConnectionId{world_->connections.number_of(request.text("conn"))}] {
      world_->act(
          [&](BrokerThread& thread, BrokerOutbox&) { world_->manager().disconnected(thread, connection, *world_); });
    });
  if (op == "feature")
    return silently([this, enabled = request.flag("enabled", true)] {
      if (enabled) return;
      world_->act([&](BrokerThread& thread, BrokerOutbox&) { world_->manager().feature_disabled(thread, *world_); });
    });
  throw BadInput{fmt::format("unknown op: {}", op)};
}

// ----- Broker and configuration

ScriptedBroker::Work ScriptedBroker::reset(const JsonFields& request) {
  world_ = std::make_unique<BrokerWorld>(profile_, default_configuration(), request.number("now", 0),
                                         static_cast<std::size_t>(request.integer("maxSessions", 2000)),
                                         request.number("remoteMaxWaitMs", 30'000));
  dump_ = "full";
  std::string nothing;
  configure(request)(nothing);
  return [this](std::string& result) {
    fmt::format_to(std::back_inserter(result), R"("line":"{}","kafka":"{}")", name_of(line_), release_of(line_));
    return KafkaError::none;
  };
}

ScriptedBroker::Work ScriptedBroker::configure(const JsonFields& request) {
  op::Configure change;
  change.max_locks = request.integer_if_there("maxLocks");
  change.limit = request.integer_if_there("limit");
  change.lock_ms = request.integer_if_there("lockMs");
  change.renew = request.flag_if_there("renew");
  change.dlq = request.flag_if_there("dlq");
  if (request.has("autoOffsetReset")) change.auto_offset_reset = parse_offset_reset(request.text("autoOffsetReset"));
  const auto mode = [&](std::string_view name) -> std::optional<Completing> {
    if (!request.has(name)) return std::nullopt;
    return request.text(name) == "auto" ? Completing::automatic : Completing::manual;
  };
  return silently([this, change, reads = mode("reads"), writes = mode("writes"), dead_letters = mode("dlqs"),
                   actions = mode("actions"), log_reads = mode("logReads"), draw = request.integer_if_there("draw"),
                   dump = std::string{request.text("dump", "")}] {
    apply(change, world_->group());
    BrokerWorld::Modes& modes = world_->modes;
    modes.reads = reads.value_or(modes.reads);
    modes.writes = writes.value_or(modes.writes);
    modes.dead_letters = dead_letters.value_or(modes.dead_letters);
    modes.actions = actions.value_or(modes.actions);
    modes.log_reads = log_reads.value_or(modes.log_reads);
    modes.draw = draw.value_or(modes.draw);
    if (!dump.empty()) dump_ = dump;
  });
}

// ----- Partitions and logs

HostedLog& ScriptedBroker::log(std::string_view name) {
  HostedLog* found = world_->log(name);
  if (found == nullptr) throw BadInput{fmt::format("no such partition: {}", name)};
  return *found;
}

ScriptedBroker::Work ScriptedBroker::create(const JsonFields& request) {
  const TopicIdPartition what = world_->partition(request.text("tp"));
  return silently([this, what, epoch = request.integer("epoch", 0), base = request.number("base", 0)] {
    if (world_->log(what) != nullptr) throw BadInput{fmt::format("the partition exists: {}", world_->name_of(what))};
    world_->create(what, epoch, base);
  });
}

ScriptedBroker::Work ScriptedBroker::append(const JsonFields& request) {
  std::vector<SizedLogBatch> batches;
  for (const Json item : request.list("batches")) batches.push_back(parse_sized_log_batch(item));
  return [this, name = std::string{request.text("tp")}, batches, roll = request.flag("roll", false),
          replicated = request.flag("hw", true)](std::string& result) {
    SegmentedLog& into = log(name).log;
    Offset end = into.end();
    for (const SizedLogBatch& batch : batches) {
      if (batch.batch.base < end) throw BadInput{fmt::format("append: the log ends at {}", end)};
      end = batch.batch.last + 1;
    }
    if (roll) {
      if (!into.can_roll()) throw BadInput{"the active segment is empty"};
      into.roll();
    }
    for (const SizedLogBatch& batch : batches) into.append(batch);
    if (replicated) {
      into.high_watermark = into.last_stable = into.end();
      world_->manager().check_later(watch_key(world_->partition(name)));
    }
    append_field(result, "\"end\":", into.end());
    return KafkaError::none;
  };
}

ScriptedBroker::Work ScriptedBroker::high_watermark(const JsonFields& request) {
  const auto given = [&](std::string_view name) {
    return request.has(name) ? std::optional<Offset>{request.number(name)} : std::nullopt;
  };
  return silently(
      [this, name = std::string{request.text("tp")}, given_to = given("to"), given_stable = given("stable")] {
        SegmentedLog& moved = log(name).log;
        const Offset to = given_to.value_or(moved.high_watermark);
        const Offset stable = given_stable.value_or(to);
        if (to < moved.start || to > moved.end() || stable < moved.start || stable > to)
          throw BadInput{"start <= stable <= high watermark <= end"};
        moved.high_watermark = to;
        moved.last_stable = stable;
        world_->check(watch_key(world_->partition(name)));
      });
}

ScriptedBroker::Work ScriptedBroker::move_log(std::string_view op, const JsonFields& request) {
  return silently([this, truncates = op == "truncate", is_start = op == "logStart",
                   name = std::string{request.text("tp")}, to = request.number("to")] {
    SegmentedLog& moved = log(name).log;
    if (truncates) {
      if (to < moved.start || to > moved.end()) throw BadInput{"to: inside the log"};
      return moved.truncate(to);
    }
    if (to < (is_start ? moved.start : moved.local_start) || to > moved.high_watermark)
      throw BadInput{is_start ? "to: from the log start to the high watermark"
                              : "to: from the local log start to the high watermark"};
    if (is_start) moved.start = to;
    moved.local_start = std::max(moved.local_start, to);
  });
}

ScriptedBroker::Work ScriptedBroker::aborted(const JsonFields& request) {
  std::vector<SegmentedLog::Aborted> list;
  for (const Json item : request.list("list")) {
    const auto values = item.get_array();
    list.push_back({to_number(values.at(0), "first"), to_number(values.at(1), "last"), to_number(values.at(2), "pid")});
  }
  return silently([this, name = std::string{request.text("tp")}, list] { log(name).log.aborted = list; });
}

KafkaError ScriptedBroker::error_named(std::string_view name) const {
  const auto error = sharelock::interop::error_named(line_, name);
  if (!error) throw BadInput{fmt::format("unknown error name: {}", name)};
  return *error;
}

ScriptedBroker::Work ScriptedBroker::fail(const JsonFields& request) {
  std::vector<std::pair<KafkaError HostedLog::*, KafkaError>> errors;
  const auto set = [&](std::string_view name, KafkaError HostedLog::*which) {
    if (request.mentions(name))
      errors.emplace_back(which, request.has(name) ? error_named(request.text(name)) : KafkaError::none);
  };
  set("read", &HostedLog::read_error);
  set("throw", &HostedLog::read_throws);
  set("end", &HostedLog::end_error);
  set("lookup", &HostedLog::lookup_error);
  set("remote", &HostedLog::remote_error);
  const auto timestamp = request.has("timestamp") ? std::optional{request.number("timestamp")} : std::nullopt;
  return silently([this, name = std::string{request.text("tp")}, errors, timestamp,
                   sets_timestamp = request.mentions("timestamp")] {
    HostedLog& failing = log(name);
    if (sets_timestamp) failing.by_timestamp = timestamp;
    for (const auto& [which, error] : errors) failing.*which = error;
  });
}

ScriptedBroker::Work ScriptedBroker::role(const JsonFields& request) {
  constexpr std::array<std::string_view, 5> names{"leader", "follower", "offline", "moved", "deleted"};
  const auto found = std::ranges::find(names, request.text("to"));
  if (found == names.end()) throw BadInput{"to: leader, follower, offline, moved or deleted"};
  return silently([this, name = std::string{request.text("tp")}, epoch = request.integer_if_there("epoch"),
                   to = static_cast<PartitionRole>(found - names.begin())] {
    HostedLog& changed = log(name);
    changed.epoch = epoch.value_or(changed.epoch);
    changed.role = to;
    if (to == PartitionRole::leader) return;
    const TopicIdPartition what = world_->partition(name);
    world_->act([&](BrokerThread& thread, BrokerOutbox&) { world_->manager().partition_lost(thread, what); });
    // After a failed log directory nobody checks waiting fetches.
    if (to != PartitionRole::offline) world_->check(watch_key(what));
  });
}

ScriptedBroker::Work ScriptedBroker::store(const JsonFields& request) {
  return silently([this, share = std::string{request.text("sp")}, read = parse_outcome(request.raw("read"), line_)] {
    world_->stored.insert_or_assign(share, read);
  });
}

// ----- Members

GroupId ScriptedBroker::group_of(const JsonFields& request) {
  return GroupId{world_->groups.number_of(request.text("group"))};
}

MemberId ScriptedBroker::member_of(const JsonFields& request) {
  return MemberId{world_->members.number_of(request.text("member"))};
}

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

ScriptedBroker::Work ScriptedBroker::session(const JsonFields& request) {
  ShareFetchHead head;
  head.session.group = group_of(request);
  head.session.member = member_of(request);
  for (const TopicIdPartition what : partitions(request, "partitions")) head.fetch.push_back({what, true});
  head.forget = partitions(request, "forget");
  head.epoch = request.integer("epoch", 0);
  head.acknowledges = request.flag("acks", false);
  head.connection = ConnectionId{world_->connections.number_of(request.text("conn", "c"))};
  return [this, head](std::string&) {
    ShareFetchBegun begun;
    world_->act(
        [&](BrokerThread& thread, BrokerOutbox&) { begun = world_->manager().new_context(thread, head, *world_); });
    return begun.error;
  };
}

ScriptedBroker::Work ScriptedBroker::fetch(const JsonFields& request) {
  ShareFetchParameters parameters;
  parameters.mode = request.text("mode", "BO") == "RL" ? AcquireMode::record_limit : AcquireMode::batch_optimized;
  parameters.isolation = request.text("isolation", "read_uncommitted") == "read_committed"
                             ? Isolation::read_committed
                             : Isolation::read_uncommitted;
  parameters.wait_max_ms = request.number("maxWaitMs", 500);
  parameters.bytes_min = request.integer("minBytes", 1);
  parameters.bytes_max = request.integer("maxBytes", 52'428'800);
  const std::vector<TopicIdPartition> named = partitions(request, "partitions");
  parameters.group = group_of(request);
  parameters.member = member_of(request);
  parameters.epoch = request.integer("epoch", 0);
  parameters.records_max = request.integer("maxRecords", 500);
  parameters.batch_size = request.integer("batchSize", 500);
  return [this, parameters, named](std::string& result) {
    return append_started(world_->fetch(parameters, named), result);
  };
}

KafkaError ScriptedBroker::append_started(const std::optional<std::pair<std::int64_t, bool>>& started,
                                          std::string& result) {
  if (!started) return KafkaError::unknown_server_error;
  append_field(result, "\"req\":", started->first);
  append_bool(result += ",\"done\":", started->second);
  return KafkaError::none;
}

ScriptedBroker::Work ScriptedBroker::acknowledge(const JsonFields& request) {
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
  return [this, acknowledgements, group = group_of(request), member = member_of(request)](std::string& result) {
    return append_started(world_->give_back([&](BrokerThread& thread, RequestId id) {
      world_->manager().acknowledge(thread, id, group, member, acknowledgements);
    }),
                          result);
  };
}

ScriptedBroker::Work ScriptedBroker::release(const JsonFields& request) {
  return [this, group = group_of(request), member = member_of(request)](std::string& result) {
    if (!world_->manager().sessions().sessions().contains({group, member}))
      return append_started(world_->give_back_refused(KafkaError::share_session_not_found), result);
    return append_started(world_->give_back([&](BrokerThread& thread, RequestId id) {
      world_->manager().release_session(thread, id, group, member);
    }),
                          result);
  };
}

// ----- Time and outcomes

ScriptedBroker::Work ScriptedBroker::advance(const JsonFields& request) {
  const bool absolute = request.has("to");
  if (request.has("ms") == absolute) throw BadInput{"advance needs either ms or to"};
  return [this, absolute, amount = request.number(absolute ? "to" : "ms"),
          fires = request.flag("fire", true)](std::string& result) {
    const TimeMs to = absolute ? amount : world_->now() + amount;
    if (to < world_->now()) throw BadInput{"time does not run backwards"};
    std::int64_t fired = 0;
    if (fires)
      fired = world_->advance(to);
    else
      world_->set_time(to);
    append_field(result, "\"now\":", world_->now());
    append_field(result, ",\"fired\":", fired);
    return KafkaError::none;
  };
}

ScriptedBroker::Work ScriptedBroker::fire(const JsonFields& request) {
  const bool is_lock = request.has("lock");
  if (is_lock == request.has("timer")) throw BadInput{"fire needs either lock or timer"};
  return silently([this, is_lock, index = static_cast<std::size_t>(request.integer(is_lock ? "lock" : "timer", 0))] {
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
  });
}

ScriptedBroker::Work ScriptedBroker::complete(std::string_view op, const JsonFields& request) {
  using Kind = BrokerWorld::HandOver::Kind;
  const Kind kind = op == "completeRead" ? Kind::read : op == "completeWrite" ? Kind::write : Kind::dead_letter;
  return silently([this, kind, outcome = parse_outcome(request.raw(kind == Kind::read ? "read" : "result"), line_),
                   which = request.number("which", -1)] {
    const auto hand_over = world_->take(kind, which);
    if (!hand_over) throw BadInput{"no such outstanding hand-over"};
    world_->complete(*hand_over, outcome);
  });
}

ScriptedBroker::Work ScriptedBroker::complete_log_read(const JsonFields& request) {
  std::optional<KafkaError> error;
  if (request.has("exception")) error = error_named(request.text("exception"));
  return [this, which = request.number("which", -1), error](std::string& result) {
    const auto found = std::ranges::find_if(
        world_->log_reads, [&](const BrokerWorld::LogRead& read) { return which < 0 || read.id.value() == which; });
    if (found == world_->log_reads.end()) throw BadInput{"no such outstanding log read"};
    BrokerWorld::LogRead read = std::move(*found);
    world_->log_reads.erase(found);
    append_field(result, "\"which\":", read.id.value());
    if (error) read.answer = {*error, {}};
    if (read.cancelled) return KafkaError::none;
    world_->act([&](BrokerThread& thread, BrokerOutbox&) {
      world_->manager().log_read_ended(thread, read.id, std::move(read.answer), *world_);
    });
    return KafkaError::none;
  };
}

ScriptedBroker::Work ScriptedBroker::complete_remote(const JsonFields& request) {
  std::optional<KafkaError> error;
  if (request.has("error")) error = error_named(request.text("error"));
  return [this, which = request.number("which", -1), error](std::string& result) {
    const auto found = std::ranges::find_if(world_->remote_reads, [&](const BrokerWorld::RemoteRead& read) {
      return which < 0 || read.id.value() == which;
    });
    if (found == world_->remote_reads.end()) throw BadInput{"no such outstanding remote read"};
    const BrokerWorld::RemoteRead read = *found;
    world_->remote_reads.erase(found);
    append_field(result, "\"which\":", read.id.value());
    RemoteReadAnswer answer;
    if (error)
      answer.error = *error;
    else
      answer.data =
          world_->log(read.what)
              ->log.read(read.info.offset, read.info.bytes_max, read.info.at_least_one_batch, read.info.isolation)
              .data;
    world_->act([&](BrokerThread& thread, BrokerOutbox& out) {
      world_->manager().remote_read_answered(thread, read.id, std::move(answer), out);
    });
    return KafkaError::none;
  };
}

ScriptedBroker::Work ScriptedBroker::check(const JsonFields& request) {
  const std::string_view key = request.text("key");
  const std::size_t colon = key.find(':');
  const bool has_group = colon != std::string_view::npos;
  WatchKey watched = watch_key(world_->partition(has_group ? key.substr(colon + 1) : key));
  if (has_group) watched.group = GroupId{world_->groups.number_of(key.substr(0, colon))};
  return [this, watched](std::string& result) {
    append_field(result, "\"completed\":", world_->check(watched));
    return KafkaError::none;
  };
}

}  // namespace sharelock::interop
