#include "model/world/store_path.h"

#include <algorithm>
#include <cassert>

namespace sharelock {
namespace {

constexpr NodeId coordinator_node{1};

SharePartitionKey key_of(GroupId group) {
  return {group, TopicId{1}, 0};
}

Step step_about(StepKind kind, GroupId group, const StoreRequest& request) {
  return {.kind = kind,
          .cause = request.cause,
          .group = group,
          .member = request.member,
          .first = request.first,
          .last = request.last,
          .hint = request.id};
}

}  // namespace

StorePath::StorePath(const WorldSettings& settings)
    : profile_{settings.profile}, coordinator_{{.records_per_snapshot = settings.snapshot_updates}, 1} {
  Topics topics;
  topics.set(TopicId{1}, 1);
  StoreOutbox out;
  coordinator_.load(0, profile_, out);
  coordinator_.metadata_changed(topics, {}, profile_, out);
  for (std::uint32_t id = 1; id <= settings.groups.size() && !settings.administration; ++id)
    coordinator_.handle({key_of(GroupId{id}), 0, InitializeEntry{1, settings.of(GroupId{id}).initial_start_offset}}, 0,
                        profile_, out);
  coordinator_.partition(0).commit(coordinator_.partition(0).log_end());
}

/// Each request of the world is a call of its own.
PersisterCallId StorePath::call_of(const Asked& asked) {
  return PersisterCallId{std::uint64_t{asked.group.value()} << 32 | asked.id};
}

StorePath::Asked StorePath::asked_by(PersisterCallId call) {
  return {GroupId{static_cast<std::uint32_t>(call.value() >> 32)}, static_cast<std::uint32_t>(call.value())};
}

void StorePath::asked(const PartitionWorld& world, GroupId group, std::uint32_t request) {
  const StoreRequest& wanted = *world.group(group).store_requests.find(request);
  const bool by_coordinator = wanted.cause == StoreCause::initialise;
  const std::size_t persister =
      by_coordinator ? broker_count : index_of(world.group(group).find(wanted.instance)->broker);
  persisters_[persister].call(call_of({group, request}), {{key_of(group), 0, wanted.entry}});
}

/// No persister takes part in it (see PartitionWorld::store_start), and it cannot be lost.
void StorePath::stored_start(GroupId group, Driver& driver) {
  StoreOutbox out;
  if (is_loaded())
    replicate(driver);
  else
    coordinator_.load(0, profile_, out);
  const ShareSnapshot& stored = driver.world().stored(group);
  coordinator_.handle({key_of(group), 0,
                       WriteEntry{stored.state_epoch,
                                  stored.leader_epoch,
                                  stored.instance,
                                  stored.start_offset,
                                  stored.delivery_complete_count,
                                  {}}},
                      0, profile_, out);
  replicate(driver);
}

void StorePath::send(Driver& driver) {
  const std::vector<std::optional<NodeId>> leaders{coordinator_node};
  for (std::size_t persister = 0; persister < persisters_.size(); ++persister) {
    PersisterOutbox out;
    while (persisters_[persister].can_send()) persisters_[persister].send({true, leaders}, out);
    take_over(persister, out, driver);
  }
}

void StorePath::take_over(std::size_t persister, const PersisterOutbox& out, Driver& driver) {
  for (const PersisterEffect& effect : out) {
    if (const auto* sent = std::get_if<persister_effect::RequestSent>(&effect)) {
      Sent on_its_way{.serial = next_serial_++, .persister = persister, .id = sent->id, .request = sent->request};
      for (const PersisterCallId call : persisters_[persister].calls_of(sent->id))
        on_its_way.asked.push_back(asked_by(call));
      on_its_way.copies.resize(on_its_way.asked.size());
      sent_.push_back(std::move(on_its_way));
      driver.can_happen({StoreEvent::Kind::arrives, sent_.back().serial}, 0);
    } else if (const auto* lookup = std::get_if<persister_effect::LookupSent>(&effect)) {
      PersisterOutbox more;
      persisters_[persister].lookup_answered(lookup->id, {.node = coordinator_node}, more);
      take_over(persister, more, driver);
    } else if (const auto* begun = std::get_if<persister_effect::BackoffBegun>(&effect)) {
      pauses_.push_back({next_serial_++, persister, begun->handler});
      driver.can_happen({StoreEvent::Kind::backed_off, pauses_.back().serial}, begun->attempt);
    } else {
      call_done(std::get<persister_effect::CallDone>(effect), driver);
    }
  }
}

StorePath::Sent* StorePath::find(std::uint32_t serial) {
  const auto sent = std::ranges::find(sent_, serial, &Sent::serial);
  return sent == sent_.end() ? nullptr : &*sent;
}

void StorePath::lose_answer(std::uint32_t serial) {
  if (Sent* sent = find(serial); sent != nullptr && !sent->arrived) sent->answer_lost = true;
}

void StorePath::lose_request(std::uint32_t serial) {
  lose_answer(serial);
  if (Sent* sent = find(serial); sent != nullptr && !sent->arrived) sent->over = true;
}

std::vector<StoreEvent> StorePath::possible() const {
  std::vector<StoreEvent> events;
  const auto offer = [&](StoreEvent event) {
    if (can(event)) events.push_back(event);
  };
  for (const Sent& sent : sent_)
    for (const auto kind : {StoreEvent::Kind::arrives, StoreEvent::Kind::answered, StoreEvent::Kind::given_up})
      offer({kind, sent.serial});
  for (const Pause& pause : pauses_) offer({StoreEvent::Kind::backed_off, pause.serial});
  for (const auto kind :
       {StoreEvent::Kind::replicated, StoreEvent::Kind::resigns, StoreEvent::Kind::loaded, StoreEvent::Kind::cleaned})
    offer({kind});
  return events;
}

bool StorePath::can(StoreEvent event) const {
  const auto sent = std::ranges::find(sent_, event.serial, &Sent::serial);
  const bool known = sent != sent_.end();
  switch (event.kind) {
    case StoreEvent::Kind::arrives:
      return known && !sent->arrived && !sent->over;
    case StoreEvent::Kind::answered:
      return known && sent->arrived && sent->over && !sent->answer_lost && !sent->given_up;
    case StoreEvent::Kind::given_up:  // An answer that will be seen is waited for.
      return known && !sent->given_up && (!sent->arrived || sent->answer_lost);
    case StoreEvent::Kind::backed_off:
      return std::ranges::count(pauses_, event.serial, &Pause::serial) > 0;
    case StoreEvent::Kind::replicated:
      return is_loaded() && !unreplicated_.empty();
    case StoreEvent::Kind::resigns:
    case StoreEvent::Kind::cleaned:
      return is_loaded();
    case StoreEvent::Kind::loaded:
      return !is_loaded();
  }
  return false;
}

bool StorePath::happen(StoreEvent event, TimeMs now, Driver& driver) {
  if (!can(event)) return false;
  switch (event.kind) {
    case StoreEvent::Kind::arrives:
      arrive(*find(event.serial), now, driver);
      break;
    case StoreEvent::Kind::replicated:
      replicate(driver);
      break;
    case StoreEvent::Kind::answered:
      answer(event.serial, driver);
      break;
    case StoreEvent::Kind::given_up:
      give_up(*find(event.serial), driver);
      break;
    case StoreEvent::Kind::backed_off:
      end_pause(event.serial);
      break;
    case StoreEvent::Kind::resigns:
      resign(driver);
      break;
    case StoreEvent::Kind::loaded:
      load(driver);
      break;
    case StoreEvent::Kind::cleaned:
      clean(now, driver);
      break;
  }
  std::erase_if(sent_, [](const Sent& sent) { return sent.given_up && sent.over; });
  send(driver);
  return true;
}

void StorePath::arrive(Sent& sent, TimeMs now, Driver& driver) {
  sent.arrived = true;
  if (sent.given_up) sent.answer_lost = true;
  StoreOutbox out;
  sent.over = !is_loaded();  // Then nothing is done, and everybody may know.
  sent.answers = coordinator_.handle(sent.request, now, profile_, out);
  if (sent.over) return driver.can_happen({StoreEvent::Kind::answered, sent.serial}, 0);
  if (unreplicated_.empty()) driver.can_happen({StoreEvent::Kind::replicated}, 0);
  unreplicated_.push_back(sent.serial);
}

void StorePath::replicate(Driver& driver) {
  coordinator_.partition(0).commit(coordinator_.partition(0).log_end());
  for (const std::uint32_t serial : std::exchange(unreplicated_, {})) happened(*find(serial), driver);
}

/// What the coordinator did is what the store of the world does now: with the request itself, if its answer will be
/// seen, and otherwise with a copy of it.
void StorePath::happened(Sent& sent, Driver& driver) {
  sent.over = true;
  for (std::size_t i = 0; i < sent.asked.size(); ++i) {
    const Group& group = driver.world().group(sent.asked[i].group);
    if (!sent.answer_lost) {
      const StoreRequest& request = *group.store_requests.find(sent.asked[i].id);
      const auto answer = std::ranges::find(sent.answers, key_of(sent.asked[i].group), &AnsweredEntry::key);
      const bool alike = driver.world().may_be_answered_alike(sent.asked[i].group, request) &&
                         answer->result.error == KafkaError::none;
      driver.take(
          step_about(alike ? StepKind::store_applies_alike : StepKind::store_applies, sent.asked[i].group, request));
      continue;
    }
    if (sent.copies[i] == 0) make_copy(sent, i, driver);
    driver.take(step_about(StepKind::store_repeats, sent.asked[i].group, *group.copies.find(sent.copies[i])));
  }
  if (!sent.answer_lost) driver.can_happen({StoreEvent::Kind::answered, sent.serial}, 0);
}

void StorePath::make_copy(Sent& sent, std::size_t entry, Driver& driver) const {
  const Asked& asked = sent.asked[entry];
  const Group& group = driver.world().group(asked.group);
  driver.take(step_about(StepKind::store_copied, asked.group, *group.store_requests.find(asked.id)));
  sent.copies[entry] = group.requests_issued;
}

void StorePath::answer(std::uint32_t serial, Driver& driver) {
  const auto place = std::ranges::find(sent_, serial, &Sent::serial);
  const Sent sent = std::move(*place);
  sent_.erase(place);
  PersisterOutbox out;
  persisters_[sent.persister].answered(sent.id, {KafkaError::none, sent.answers}, out);
  take_over(sent.persister, out, driver);
}

/// What it did, or will do all the same, has to be somewhere in the world before nobody waits for it any more.
void StorePath::give_up(Sent& sent, Driver& driver) {
  sent.given_up = true;
  for (std::size_t i = 0; i < sent.asked.size() && !sent.over; ++i)
    if (sent.copies[i] == 0) make_copy(sent, i, driver);
  PersisterOutbox out;
  // Kafka's client takes a request that timed out for one whose connection broke (PE-14).
  persisters_[sent.persister].answered(sent.id, {KafkaError::network_exception, {}}, out);
  take_over(sent.persister, out, driver);
}

void StorePath::end_pause(std::uint32_t serial) {
  const auto pause = std::ranges::find(pauses_, serial, &Pause::serial);
  persisters_[pause->persister].backoff_ended(pause->handler);
  pauses_.erase(pause);
}

void StorePath::resign(Driver& driver) {
  coordinator_.unload(0);
  coordinator_.partition(0).truncate(coordinator_.partition(0).high_watermark());
  for (const std::uint32_t serial : std::exchange(unreplicated_, {})) {
    Sent& sent = *find(serial);
    sent.over = true;
    for (AnsweredEntry& entry : sent.answers) entry.result = {KafkaError::not_coordinator, {}};
    if (!sent.answer_lost) driver.can_happen({StoreEvent::Kind::answered, serial}, 0);
  }
  driver.can_happen({StoreEvent::Kind::loaded}, 0);
}

/// What was pruned is not known any more (CV-3).
void StorePath::load(Driver& driver) {
  StoreOutbox out;
  coordinator_.load(0, profile_, out);
  for (std::uint32_t id = 1; id <= driver.world().group_count(); ++id) {
    const GroupId group{id};
    const KeyState* loaded = coordinator_.partition(0).shard().find(key_of(group));
    if (driver.world().forgets_leaders(group) && loaded->fence_leader_epoch == loaded->state.leader_epoch)
      driver.take({.kind = StepKind::store_reloads, .group = group});
  }
}

/// Pruning waits for what was written before (SC-65).
void StorePath::clean(TimeMs now, Driver& driver) {
  StoreOutbox out;
  coordinator_.snapshot_cold(0, now, out);
  replicate(driver);
  if (const std::optional<Offset> redundant = coordinator_.partition(0).shard().redundant_offset())
    coordinator_.pruned(0, *redundant);
}

/// What the coordinator answered is what the world's store answers; anything else is an error in its place.
void StorePath::call_done(const persister_effect::CallDone& done, Driver& driver) {
  const Asked asked = asked_by(done.call);
  const StoreRequest& request = *driver.world().group(asked.group).store_requests.find(asked.id);
  Step step = step_about(StepKind::store_answers, asked.group, request);
  if (request.result != done.results.front()) step.error = done.results.front().error;
  driver.take(step);
}

const KeyState* StorePath::known(GroupId group) const {
  if (!is_loaded() || !unreplicated_.empty()) return nullptr;
  return coordinator_.partition(0).shard().find(key_of(group));
}

}  // namespace sharelock
