// What the share fetch path did, as events of the protocol (2.1).
#include <algorithm>

#include "interop/broker/broker_world.h"
#include "interop/harness/state_dump.h"
#include "interop/protocol/answer.h"
#include "interop/protocol/json_text.h"
#include "model/overloaded.h"

namespace sharelock::interop {
namespace {

std::int64_t number_of(FetchId fetch) {
  return static_cast<std::int64_t>(fetch.value()) - 1;
}

void append_quoted(std::string& out, std::string_view name, std::string_view value) {
  ((out += ",\"").append(name) += "\":\"").append(value) += '"';
}

void append_parts_error(std::string& out, KafkaError error) {
  if (error != KafkaError::none) append_quoted(out, "error", name_of(error));
}

}  // namespace

std::string& BrokerWorld::event(std::string_view kind) {
  if (!events.empty()) events += ',';
  (events += "{\"e\":\"").append(kind) += '"';
  return events;
}

void BrokerWorld::append_timer(std::string& out, const AcquisitionLock& lock) const {
  (out += "\"sp\":\"").append(name_of(locks_[lock.id.value()].first));
  append_field(out, "\",\"at\":", lock.expires_at);
  append_string(out += ",\"m\":", members.name_of(lock.owner.value()));
  append_field(out, ",\"f\":", lock.first);
  append_field(out, ",\"l\":", lock.last);
}

void BrokerWorld::append_timer(std::string& out, const FetchTimer& timer) {
  append_field(out, "\"req\":", number_of(timer.fetch));
  append_field(out, ",\"at\":", timer.due);
  if (timer.remote_limit) out += ",\"remote\":true";
}

// ----- Events of one form

void BrokerWorld::tell_id(std::string_view kind, std::int64_t id) {
  if (!tells) return;
  append_field(event(kind), ",\"id\":", id);
  events += '}';
}

void BrokerWorld::tell_name(std::string_view kind, std::string_view field, std::string_view name) {
  append_quoted(event(kind), field, name);
  events += '}';
}

void BrokerWorld::tell_look_up(TopicIdPartition what, std::string_view kind) {
  if (!tells) return;
  append_quoted(event("lookup"), "tp", name_of(what));
  append_quoted(events, "kind", kind);
  events += '}';
}

void BrokerWorld::tell_timer(std::string_view kind, const AcquisitionLock& lock) {
  if (!tells) return;
  append_timer(event(kind) += ',', lock);
  events += '}';
}

void BrokerWorld::tell_timer(std::string_view kind, const FetchTimer& timer) {
  if (!tells) return;
  append_timer(event(kind) += ',', timer);
  events += '}';
}

void BrokerWorld::tell_read(const LogReadRequest& wanted, const LogReadAnswer& answer) {
  if (!tells) return;
  append_field(event("log"), ",\"req\":", number_of(wanted.fetch));
  events += ",\"parts\":[";
  for (std::size_t i = 0; i < wanted.parts.size(); ++i) {
    const LogReadPart& part = wanted.parts[i];
    const LogReadResult& result = answer.results[i];
    (events += i == 0 ? "{\"tp\":\"" : ",{\"tp\":\"") += name_of(part.what);
    append_field(events, "\",\"offset\":", part.offset);
    append_field(events, ",\"max\":", part.bytes_max);
    append_field(events, ",\"bytes\":", result.data.bytes);
    append_parts_error(events, result.error);
    if (result.remote) events += ",\"remote\":true";
    events += '}';
  }
  events += ']';
  if (answer.thrown != KafkaError::none) append_quoted(events, "throws", sharelock::name_of(answer.thrown));
  events += '}';
}

void BrokerWorld::tell_log_read(LogReadId id, FetchId fetch) {
  if (!tells) return;
  append_field(event("logRead"), ",\"id\":", id.value());
  append_field(events, ",\"req\":", number_of(fetch));
  events += '}';
}

// ----- What the share fetch path asked for, and did

void BrokerWorld::tell(const BrokerOutbox& out) {
  for (const BrokerEffect& effect : out) std::visit([&](const auto& each) { tell(each); }, effect);
}

void BrokerWorld::tell(const broker_effect::SharePartitionCreated& created) {
  Object& object = objects_.emplace_back();
  object.name = name_of(created.key);
  if (const std::int32_t generation = generations_[object.name]++; generation > 0)
    (object.name += '#') += std::to_string(generation);
  if (tells) tell_name("create", "sp", object.name);
}

void BrokerWorld::tell(const broker_effect::SharePartitionRemoved& removed) {
  if (tells) tell_name("remove", "sp", name_of(removed.object));
}

void BrokerWorld::tell(const broker_effect::FromSharePartition& from) {
  using Kind = HandOver::Kind;
  const auto hand_over = [&](Kind kind, HandOverId id) {
    issue(kind, from.object, id, tells ? description(from) : std::string{});
  };
  std::visit(overloaded{[&](const effect::LockStarted& started) { start_lock(from.object, started.lock); },
                        [&](const effect::LockCancelled& cancelled) {
                          lock_timer_.cancel(LockId{objects_[from.object.value() - 1].locks[cancelled.id.value()]});
                        },
                        [&](const effect::ReadIssued& read) { hand_over(Kind::read, read.id); },
                        [&](const effect::WriteIssued& write) { hand_over(Kind::write, write.id); },
                        [&](const effect::DeadLetterIssued& letter) { hand_over(Kind::dead_letter, letter.id); },
                        [&](const effect::OffsetLookedUp& look_up) {
                          using LookUp = effect::OffsetLookedUp::Kind;
                          const SharePartitionKey& key = manager_.cache()[from.object].key;
                          tell_look_up({key.topic, key.partition}, look_up.kind == LookUp::earliest ? "earliest"
                                                                   : look_up.kind == LookUp::latest ? "latest"
                                                                                                    : "timestamp");
                        },
                        // The classes have nothing like it, or it stays inside.
                        [](const effect::UnlockRefused&) {}, [](const effect::FetchesWoken&) {},
                        [](const effect::RequestDone&) {}},
             from.effect);
}

std::string BrokerWorld::description(const broker_effect::FromSharePartition& from) const {
  std::string text;
  if (const auto* read = std::get_if<effect::ReadIssued>(&from.effect)) {
    append_field(text, "\"leader\":", read->leader_epoch);
    return text;
  }
  if (const auto* write = std::get_if<effect::WriteIssued>(&from.effect))
    append_hand_over(text,
                     event::WriteIssued{0, write->state_epoch, write->leader_epoch, write->start_offset,
                                        write->delivery_complete_count, 0, write->batch_count},
                     from.batches);
  if (const auto* letter = std::get_if<effect::DeadLetterIssued>(&from.effect))
    append_hand_over(
        text, event::DeadLetterIssued{0, letter->first, letter->last, letter->delivery_count, letter->cause}, {});
  return text.substr(text.find(',') + 1);  // Without its id.
}

void BrokerWorld::issue(HandOver::Kind kind, SharePartitionId object, HandOverId hand_over, std::string text) {
  constexpr std::array<std::string_view, 3> names{"read", "write", "dlq"};
  HandOver issued{next_hand_over_++, kind, object, hand_over, name_of(manager_.cache()[object].key), std::move(text)};
  if (tells) {
    append_field(event(names[static_cast<std::size_t>(kind)]), ",\"id\":", issued.id);
    append_quoted(events, "sp", issued.share);
    (events += ',').append(issued.text) += '}';
  }
  hand_overs.push_back(std::move(issued));
}

void BrokerWorld::start_lock(SharePartitionId object, const AcquisitionLock& lock) {
  AcquisitionLock timed = lock;
  timed.id = LockId{static_cast<std::uint32_t>(locks_.size())};
  locks_.emplace_back(object, lock.id);
  auto& own = objects_[object.value() - 1].locks;
  if (own.size() <= lock.id.value()) own.resize(lock.id.value() + 1);
  own[lock.id.value()] = timed.id.value();
  lock_timer_.start(timed);
}

void BrokerWorld::tell(const broker_effect::FetchesChecked& checked) {
  if (tells) tell_name("check", "key", name_of(checked.key));
}

void BrokerWorld::tell(const broker_effect::CheckPutOff& put_off) {
  if (tells) tell_name("blocked", "key", name_of(put_off.key));
  deferred_.push_back([this, key = put_off.key] { check(key); });
}

void BrokerWorld::tell(const broker_effect::ActionRuns&) {
  if (tells) event("action") += '}';
}

void BrokerWorld::tell(const broker_effect::RandomDrawn& drawn) {
  if (!tells) return;
  append_field(event("draw"), ",\"bound\":", drawn.bound);
  append_field(events, ",\"value\":", drawn.value);
  events += '}';
}

void BrokerWorld::tell(const broker_effect::EarliestLookedUp& look_up) {
  tell_look_up(look_up.what, "earliest");
}

void BrokerWorld::tell(const broker_effect::FetchTimerStarted& started) {
  fetch_timers_.insert({started.due, next_fetch_timer_++, started.fetch, started.remote_limit});
}

void BrokerWorld::tell(const broker_effect::FetchTimerCancelled& cancelled) {
  std::erase_if(fetch_timers_, [&](const FetchTimer& timer) {
    return timer.fetch == cancelled.fetch && timer.remote_limit == cancelled.remote_limit;
  });
}

void BrokerWorld::tell(const broker_effect::RemoteReadIssued& issued) {
  remote_reads.push_back({issued.id, issued.what, issued.info});
  if (!tells) return;
  append_field(event("remote"), ",\"id\":", issued.id.value());
  append_quoted(events, "tp", name_of(issued.what));
  append_field(events, ",\"offset\":", issued.info.offset);
  append_field(events, ",\"max\":", issued.info.bytes_max);
  events += '}';
}

void BrokerWorld::tell(const broker_effect::RemoteReadCancelled& cancelled) {
  std::erase_if(remote_reads, [&](const RemoteRead& read) { return read.id == cancelled.id; });
  tell_id("cancelRemote", cancelled.id.value());
}

void BrokerWorld::tell(const broker_effect::LogReadAbandoned& abandoned) {
  for (LogRead& read : log_reads) read.cancelled = read.cancelled || read.id == abandoned.id;
}

void BrokerWorld::tell(const broker_effect::FetchAnswered& answered) {
  if (fetching_ == answered.fetch) {
    fetched_ = answered;
    return;
  }
  const auto request = fetch_requests_.find(answered.fetch);
  respond(answered, request->second);
  fetch_requests_.erase(request);
}

void BrokerWorld::respond(const broker_effect::FetchAnswered& answered, const FetchRequest& request) {
  if (!tells) return;
  append_field(event("respond"), ",\"req\":", number_of(answered.fetch));
  events += ",\"parts\":[";
  bool first = true;
  for (const TopicIdPartition what : request.partitions) {
    const auto part = std::ranges::find(answered.parts, what, &FetchAnswerPart::what);
    if (part == answered.parts.end()) continue;
    (events += first ? "{\"tp\":\"" : ",{\"tp\":\"").append(name_of(what)) += '"';
    first = false;
    append_parts_error(events, part->error);
    events += ",\"acquired\":[";
    for (const AcquiredRange& range : part->acquired) {
      told_.push_back({{request.group, what.topic, what.partition}, request.member, range});
      append_field(events, &range == &part->acquired.front() ? "[" : ",[", range.first);
      append_field(events, ",", range.last);
      append_field(events, ",", range.delivery_count);
      events += ']';
    }
    events += "],\"records\":[";
    for (const LogBatch& batch : part->records) {
      append_field(events, &batch == &part->records.front() ? "[" : ",[", batch.base);
      append_field(events, ",", batch.last);
      events += ']';
    }
    append_field(events, "],\"bytes\":", part->bytes);
    events += '}';
  }
  events += "]}";
}

void BrokerWorld::tell(const broker_effect::RequestAnswered& answered) {
  const auto found = give_backs_.find(answered.request);
  if (found == give_backs_.end()) return;
  if (!found->second.called) {
    found->second.answer = answered;
    return;
  }
  append_acked(*found->second.number, answered);
  give_backs_.erase(found);
}

std::pair<std::int64_t, bool> BrokerWorld::give_back_refused(KafkaError error) {
  const std::int64_t number = next_request_++;
  if (!tells) return {number, true};
  append_field(event("acked"), ",\"req\":", number);
  events.append(",\"error\":{\"name\":\"").append(sharelock::name_of(error));
  append_field(events, "\",\"code\":", static_cast<std::int16_t>(error));
  events += "}}";
  return {number, true};
}

void BrokerWorld::append_acked(std::int64_t number, const broker_effect::RequestAnswered& answered) {
  if (!tells) return;
  append_field(event("acked"), ",\"req\":", number);
  events += ",\"parts\":[";
  bool first = true;
  for (const auto& [what, error] : answered.parts) {
    (events += first ? "{\"tp\":\"" : ",{\"tp\":\"").append(name_of(what)) += '"';
    first = false;
    append_parts_error(events, error);
    events += '}';
  }
  events += "]}";
}

}  // namespace sharelock::interop
