// Classes of steps: what a driver that picks by chance weighs against each other.
#pragma once

#include <string_view>

#include "model/world/bounds.h"

namespace sharelock::fuzz {

/// The kinds of steps, and behind them the kinds of faults: a step that is a fault belongs to its fault.
inline constexpr std::size_t class_count = step_kind_count + fault_kind_count;

inline std::size_t class_of(const Step& step) {
  const std::optional<FaultKind> fault = fault_of(step);
  return fault ? step_kind_count + static_cast<std::size_t>(*fault) : static_cast<std::size_t>(step.kind);
}

inline bool is_fault_class(std::size_t of) {
  return of >= step_kind_count;
}

}  // namespace sharelock::fuzz
