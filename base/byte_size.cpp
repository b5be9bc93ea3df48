#include "base/byte_size.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "base/input_error.h"

namespace sharelock {
namespace {

struct Unit {
  std::string_view name;
  int shift;
};
constexpr std::array<Unit, 5> units{{{"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}}};

}  // namespace

std::uint64_t read_byte_size(std::string_view text) {
  const InputError wrong{{}, fmt::format("'{}' is no size", text), "a whole number and a unit: 512MiB, 8GiB"};
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) throw wrong;
  std::string_view name{after, static_cast<std::size_t>(end - after)};
  if (name.starts_with(' ')) name.remove_prefix(1);
  if (name.empty()) return number;
  for (const Unit& unit : units) {
    if (name != unit.name) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() >> unit.shift) throw wrong;
    return number << unit.shift;
  }
  throw wrong;
}

std::string show_byte_size(std::uint64_t bytes) {
  std::size_t unit = 0;
  while (unit + 1 < units.size() && bytes >> units[unit + 1].shift > 0) ++unit;
  if (unit == 0) return fmt::format("{} B", bytes);
  return fmt::format("{:.1f} {}",
                     static_cast<double>(bytes) / static_cast<double>(std::uint64_t{1} << units[unit].shift),
                     units[unit].name);
}

}  // namespace sharelock
