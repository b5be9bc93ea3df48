// What follows from what was seen, and after how long: latencies, timers, the members' next moves.
#include <algorithm>

#include "sim/simulation.h"

namespace sharelock {

void Simulation::react(const Observation& observation) {
  const auto travel = [&] { return now_ + scenario_->network.draw(network_chance_); };
  std::visit(
      overloaded{
          [&](const seen::RequestSent& sent) {
            schedule(travel(), {.kind = StepKind::request_arrives, .member = sent.member});
          },
          [&](const seen::RequestAnswered& answered) {
            agenda_.cancel(worker(answered.member).fetch_expires);
            schedule(travel(), {.kind = StepKind::response_arrives, .member = answered.member});
          },
          [&](const seen::FetchWaits& waits) {
            const TimeMs limit = scenario_->world.of(waits.member).fetch_max_wait_ms;
            worker(waits.member).fetch_expires = agenda_.schedule(
                now_ + limit, {Event::Kind::step,
                               0,
                               {.kind = StepKind::fetch_expires, .member = waits.member, .hint = waits.connection}});
          },
          [&](const seen::FetchWoken& woken) {
            schedule(now_, {.kind = StepKind::check_fetch, .member = woken.member, .hint = woken.connection});
          },
          [&](const seen::LogReadAsked& asked) {
            schedule(now_ + scenario_->log_read.draw(log_chance_),
                     {.kind = StepKind::log_read_ends, .member = asked.member, .hint = asked.connection});
          },
          [&](const seen::LockArmed& armed) { arm(armed); },
          [&](const seen::LockCancelled& cancelled) { disarm(cancelled.group, cancelled.instance, cancelled.lock.id); },
          [&](const seen::LockFired& fired) {
            locks_.erase({fired.group.value(), fired.instance.value(), fired.lock.id.value()});
            schedule(now_ + scenario_->handler.draw(handler_chance_), {.kind = StepKind::lock_handled,
                                                                       .group = fired.group,
                                                                       .member = fired.lock.owner,
                                                                       .first = fired.lock.first,
                                                                       .last = fired.lock.last,
                                                                       .hint = fired.lock.id.value()});
          },
          [&](const seen::StoreAsked& asked) {
            if (store_path_)
              for_the_store_.emplace_back(asked.group, asked.request);
            else
              react_to_store_request(asked);
          },
          [&](const seen::StoreApplied& applied) {
            if (store_path_ && applied.cause == StoreCause::start) for_the_store_.emplace_back(applied.group, 0);
          },
          [&](const seen::StoreAnswered&) { look_if_finished_ = true; },
          [&](const seen::StartOffsetMoved&) { look_if_finished_ = true; },
          [&](const seen::DeadLetterAsked& asked) {
            schedule(now_ + scenario_->store.draw(store_chance_), {.kind = StepKind::dead_letter_answers,
                                                                   .group = asked.group,
                                                                   .first = asked.first,
                                                                   .last = asked.last,
                                                                   .hint = asked.request});
          },
          [&](const seen::DeadLetterAnswered&) { look_if_finished_ = true; },
          [&](const seen::Delivered& delivered) {
            worker(delivered.member).to_process.push_back({delivered.first, delivered.last});
          },
          [&](const seen::ResponseRead& read) {
            constexpr TimeMs back_off = 100;  // retry.backoff.ms
            look_if_finished_ = true;
            if (read.error == KafkaError::not_leader_or_follower)
              schedule(travel(), {.kind = StepKind::member_learns, .member = read.member});
            // A member that never waits asks again in the next millisecond: time has to pass.
            const MemberSettings& member = scenario_->world.of(read.member);
            const bool never_waits = member.fetch_max_wait_ms == 0 || member.read_offsets_min == 0;
            const bool spins = read.records == 0 && never_waits;
            go_on(read.member, now_ + (read.error != KafkaError::none ? back_off : spins ? 1 : 0));
          },
          [&](const seen::MemberCrashed& crashed) {
            stop_working(crashed.member);
            expire(crashed.group, crashed.member);
          },
          [&](const seen::MemberDisconnected& broken) {
            schedule(travel() + news_delay(),
                     {.kind = StepKind::disconnect_noticed, .member = broken.member, .hint = broken.connection});
            schedule(travel() + 1, {.kind = StepKind::restart, .member = broken.member});
          },
          [&](const seen::MemberStarted& started) {
            go_on(started.member, now_);
            beat(started.member, now_);
          },
          [&](const seen::LeaderMoved&) {
            schedule(travel(), {.kind = StepKind::broker_learns, .broker = BrokerRole::leader});
            schedule(travel() + news_delay(), {.kind = StepKind::broker_learns, .broker = BrokerRole::other});
          },
          [&](const seen::HeartbeatAnswered& answered) {
            constexpr TimeMs interval = 5'000;  // group.share.heartbeat.interval.ms
            look_if_finished_ = true;
            beat(answered.member, answered.error == KafkaError::none ? now_ + interval : travel());
            if (answered.newly_assigned) go_on(answered.member, now_);
          },
          [&](const seen::MemberLeft& left) {
            agenda_.cancel(worker(left.member).heartbeat);
            go_on(left.member, now_);
          },
          [&](const seen::InitialisationRecorded& recorded) {
            schedule(recorded.overdue_at, {.kind = StepKind::initialise_overdue, .group = recorded.group});
          },
          [](const auto&) {},
      },
      observation);
}

/// The group coordinator takes a member that died out of its group.
void Simulation::expire(GroupId group, MemberId id) {
  constexpr TimeMs session_timeout = 45'000;  // group.share.session.timeout.ms
  const Administration* administration = world_.administration();
  if (administration != nullptr && administration->has_joined(group, id))
    schedule(now_ + session_timeout, {.kind = StepKind::member_expires, .member = id});
}

void Simulation::arm(const seen::LockArmed& armed) {
  const Step step{.kind = StepKind::lock_fires,
                  .group = armed.group,
                  .member = armed.lock.owner,
                  .first = armed.lock.first,
                  .last = armed.lock.last,
                  .hint = armed.lock.id.value()};
  locks_[{armed.group.value(), armed.instance.value(), armed.lock.id.value()}] =
      agenda_.schedule(std::max(armed.lock.expires_at, now_), {Event::Kind::step, 0, step});
}

void Simulation::disarm(GroupId group, InstanceNumber instance, LockId lock) {
  const auto found = locks_.find({group.value(), instance.value(), lock.value()});
  if (found == locks_.end()) return;
  agenda_.cancel(found->second);
  locks_.erase(found);
}

/// How much later than usual a broker hears of something.
TimeMs Simulation::news_delay() {
  TimeMs late = 0;
  for (std::size_t i = 0; i < all_faults().size() && !healed_; ++i) {
    if (all_faults()[i]->delay_news == nullptr || odds_[i].part == 0 || !weather_chance_.happens(odds_[i])) continue;
    late += all_faults()[i]->delay_news(weather_chance_);
    ++strikes_[i];
  }
  return late;
}

StoreFate Simulation::draw_fate() {
  StoreFate fate;
  fate.applied_after = scenario_->store.draw(store_chance_);
  fate.answered_after = fate.applied_after + scenario_->store.draw(store_chance_);
  for (std::size_t i = 0; i < all_faults().size() && !healed_; ++i) {
    if (all_faults()[i]->strike_request == nullptr || odds_[i].part == 0) continue;
    if (!weather_chance_.happens(odds_[i])) continue;
    all_faults()[i]->strike_request(fate, weather_chance_);
    ++strikes_[i];
  }
  return fate;
}

void Simulation::react_to_store_request(const seen::StoreAsked& asked) {
  const StoreFate fate = draw_fate();
  Step step{.kind = StepKind::store_applies,
            .cause = asked.cause,
            .group = asked.group,
            .member = asked.member,
            .first = asked.first,
            .last = asked.last,
            .hint = asked.request};
  if (fate.applied) schedule(now_ + fate.applied_after, step);
  if (fate.repeated) {
    step.kind = StepKind::store_copied;
    schedule(now_, step);
    step.kind = StepKind::store_repeats;
    step.hint = 0;
    schedule(now_ + fate.repeated_after, step);
    step.hint = asked.request;
  }
  step.kind = StepKind::store_answers;
  step.error = fate.error;
  schedule(now_ + std::max(fate.answered_after, fate.applied_after), step);
}

}  // namespace sharelock
