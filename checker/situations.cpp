#include "checker/situations.h"

namespace sharelock {
namespace {

template <class Seen, class Test>
bool is(const Observation& observation, Test&& test) {
  const Seen* seen = std::get_if<Seen>(&observation);
  return seen != nullptr && test(*seen);
}

bool is_write(StoreCause cause) {
  return cause != StoreCause::load && cause != StoreCause::initialise;
}

/// The state of an offset in the cached share partition; null if it is not in flight.
const InFlightState* state_of(const PartitionWorld& world, GroupId group, Offset offset) {
  const ShareInstance* instance = world.group(group).cached();
  if (instance == nullptr) return nullptr;
  const InFlightWindow& window = instance->partition.window();
  const InFlightWindow::Handle at = window.floor(offset);
  if (at == InFlightWindow::none || window[at].last < offset) return nullptr;
  return &window.state(at, offset);
}

constexpr std::array table{
    Situation{"redelivery", "a record is acquired again",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::Acquired>(observation, [](const auto& seen) { return seen.delivery_count > 1; });
              }},
    Situation{"last-delivery", "a record is acquired for the last time that the limit allows",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::Acquired>(observation, [&](const auto& seen) {
                  return seen.delivery_count == world.configuration(seen.group).delivery_count_limit;
                });
              }},
    Situation{"lock-expiry", "a lock expires and takes effect",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::LockHandled>(observation, [](const auto&) { return true; });
              }},
    Situation{"expiry-during-write", "a lock expires while the write of its acknowledgement is under way",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::LockHandled>(observation, [&](const auto& seen) {
                  const InFlightState* state = state_of(world, seen.group, seen.lock.first);
                  return state != nullptr && state->is_pending();
                });
              }},
    Situation{"write-failed", "a write to the store fails",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::StoreAnswered>(observation, [](const auto& seen) {
                  return seen.error != KafkaError::none && is_write(seen.cause);
                });
              }},
    Situation{"stored-but-failed", "the store has what the leader believes to have failed",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::StoreAnswered>(observation, [](const auto& seen) {
                  return seen.error != KafkaError::none && seen.applied && is_write(seen.cause);
                });
              }},
    Situation{"fenced-write", "the store refuses a write because of its epochs",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::StoreApplied>(observation, [](const auto& seen) {
                  return seen.error == KafkaError::fenced_leader_epoch || seen.error == KafkaError::fenced_state_epoch;
                });
              }},
    Situation{"refused-acknowledgement", "an acknowledgement comes too late and is refused",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::AcknowledgementTaken>(observation,
                                                      [](const auto& seen) { return seen.error != KafkaError::none; });
              }},
    Situation{"session-release", "a session ends and gives records back",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::StoreAsked>(observation,
                                            [](const auto& seen) { return seen.cause == StoreCause::session_end; });
              }},
    Situation{"reload", "a share partition is loaded again",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::InstanceLoaded>(observation, [](const auto& seen) {
                  return seen.error == KafkaError::none && seen.instance.value() > 1;
                });
              }},
    Situation{"gap-after-reload", "a share partition is loaded with a gap of offsets that were never acknowledged",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::InstanceLoaded>(observation, [&](const auto& seen) {
                  const ShareInstance* instance = world.group(seen.group).cached();
                  return instance != nullptr && instance->number == seen.instance && instance->partition.gap_active();
                });
              }},
    Situation{"former-leader", "a leader that was replaced, and does not know it, gives records out",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::Acquired>(observation, [&](const auto& seen) {
                  const ShareInstance* instance = world.group(seen.group).find(seen.instance);
                  return instance != nullptr && !world.has_learned(instance->broker);
                });
              }},
    Situation{"session-replaced", "a member begins a session before its broker noticed that the last one is over",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::SessionOpened>(observation, [&](const auto& seen) {
                  return std::ranges::any_of(world.member(seen.member).connections,
                                             [](const Connection& connection) { return !connection.open; });
                });
              }},
    Situation{"late-copy", "a copy of a request reaches the store",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::StoreApplied>(observation, [](const auto& seen) { return seen.repeated; });
              }},
    Situation{"attempt-in-vain", "a fetch reads the log, finds less than it wants, and gives the fetch lock back",
              [](const Observation& observation, const PartitionWorld& world) {
                return is<seen::FetchUnlocked>(observation, [&](const auto& seen) {
                  return std::ranges::any_of(world.group(seen.group).waiting,
                                             [&](const Waiter& waiter) { return waiter.member == seen.member; });
                });
              }},
    Situation{"dead-letter", "a record goes to the dead-letter queue",
              [](const Observation& observation, const PartitionWorld&) {
                return is<seen::DeadLetterAsked>(observation, [](const auto&) { return true; });
              }},
};

constexpr auto names = [] {
  std::array<std::string_view, table.size()> words;
  for (std::size_t i = 0; i < table.size(); ++i) words[i] = table[i].name;
  return words;
}();

}  // namespace

std::span<const Situation> all_situations() {
  return table;
}
std::span<const std::string_view> all_situation_names() {
  return names;
}

}  // namespace sharelock
