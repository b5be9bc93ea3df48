#include "model/world/bounds.h"

#include <algorithm>

namespace sharelock {
namespace {

std::uint32_t rest(std::uint32_t most, std::uint32_t spent) {
  return most - std::min(most, spent);
}

constexpr std::array<std::string_view, fault_kind_count> fault_kind_names{"crash",
                                                                          "disconnect",
                                                                          "leader-move",
                                                                          "store-failure",
                                                                          "store-repeat",
                                                                          "log-start-move",
                                                                          "compaction",
                                                                          "replication-stop",
                                                                          "configuration-change",
                                                                          "group-coordinator-move",
                                                                          "offsets-alteration"};

}  // namespace

std::span<const std::string_view> all_fault_kind_names() {
  return fault_kind_names;
}

std::optional<FaultKind> fault_of(const Step& step) {
  switch (step.kind) {
    case StepKind::crash:
      return FaultKind::crash;
    case StepKind::disconnect:
      return FaultKind::disconnect;
    case StepKind::leader_moves:
      return FaultKind::leader_move;
    case StepKind::store_answers:
      return step.error == KafkaError::none ? std::nullopt : std::optional{FaultKind::store_failure};
    case StepKind::store_copied:
      return FaultKind::store_repeat;
    case StepKind::log_start_moves:
      return FaultKind::log_start_move;
    case StepKind::compact:
      return FaultKind::compaction;
    case StepKind::replication_stops:
      return FaultKind::replication_stop;
    case StepKind::configure:
      return FaultKind::configuration_change;
    case StepKind::group_coordinator_moves:
      return FaultKind::group_coordinator_move;
    case StepKind::alter_offsets:
      return FaultKind::offsets_alteration;
    default:
      return std::nullopt;
  }
}

bool goes_on(const Step& step) {
  switch (step.kind) {
    case StepKind::request_arrives:
    case StepKind::response_arrives:
    case StepKind::disconnect_noticed:
    case StepKind::check_fetch:
    case StepKind::log_read_ends:
    case StepKind::lock_handled:
    case StepKind::store_applies:
    case StepKind::store_answers:
    case StepKind::dead_letter_answers:
      return true;
    default:
      return false;
  }
}

void Spent::count(const Step& step) {
  if (step.kind == StepKind::append || step.kind == StepKind::append_transactional)
    records += step.last - step.first + 1;
  const std::optional<FaultKind> fault = fault_of(step);
  if (!fault) return;
  ++faults[static_cast<std::size_t>(*fault)];
  ++all_faults;
}

std::uint32_t Spent::left(const Bounds& bounds, FaultKind kind) const {
  const auto index = static_cast<std::size_t>(kind);
  return std::min(rest(bounds.faults[index], faults[index]), rest(bounds.faults_max, all_faults));
}

}  // namespace sharelock
