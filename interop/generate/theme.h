// What a random run is about: themes, each a table of odds around which every run draws its own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sharelock::interop {

/// What the generator can do next.
enum class Choice : std::uint8_t {
  acquire,
  acknowledge,
  release,
  advance,
  fire,
  move_log_start,
  complete_write,
  complete_dead_letter,
  drain,
  next_fetch_offset,
  can_acquire,
  lock,
  unlock,
  set_fetch_metadata,
  get_fetch_metadata,
  configure,
  compact,  ///< Batches vanish from the log: no operation, but later fetches see it.
  reload,
  initialize,
  complete_read,
  fence,
  show_state,
};
inline constexpr std::size_t choice_count = static_cast<std::size_t>(Choice::show_state) + 1;

using Weights = std::array<std::uint32_t, choice_count>;

struct Range {
  std::int32_t least;
  std::int32_t most;
};

/// Odds are percentages.
struct Theme {
  std::string_view name;
  std::string_view sentence;
  Weights weights;
  std::uint32_t runs = 4;           ///< How often, compared with the others.
  std::uint32_t anywhere = 5;       ///< Fetches and acknowledgements of any range, by anybody.
  std::uint32_t transactions = 0;   ///< Log batches inside transactions; fetches are read_committed.
  std::uint32_t holes = 5;          ///< A hole in the log before a batch.
  std::uint32_t failures = 10;      ///< Hand-overs that fail.
  std::uint32_t record_limit = 25;  ///< Fetches in record-limit mode.
  std::uint32_t manual = 60;        ///< Runs whose hand-overs are completed by the script.
  std::uint32_t loaded = 40;        ///< Runs that begin with a persisted state.
  std::uint32_t gaps = 30;          ///< Persisted ranges that are missing.
  std::uint32_t damage = 0;         ///< Persisted batches that no healthy store returns.
  std::uint32_t late_fire = 10;     ///< Time that passes without firing what is due.
  std::uint32_t dead_letters = 30;  ///< Runs with a dead-letter queue (4.4).
  std::uint32_t unknown_types = 1;  ///< Acknowledge types outside 0 to 4.
  Range locks{20, 200};             ///< Record-lock limit.
  Range limit{2, 7};                ///< Delivery limit.
  Range batch{1, 6};                ///< Offsets in a log batch.
  Range batch_size{1, 500};         ///< What a fetch asks for.
};

std::span<const Theme> all_themes();

}  // namespace sharelock::interop
