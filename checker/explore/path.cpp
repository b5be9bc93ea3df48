#include "checker/explore/path.h"

#include <fmt/format.h>

namespace sharelock::explore {

std::vector<std::string> lines(const std::vector<Field>& fields) {
  std::vector<std::string> all;
  for (const Field& field : fields) all.push_back(fmt::format("{}: {}", field.name, field.value));
  return all;
}

std::vector<std::string> changes(const std::vector<Field>& before, const std::vector<Field>& after) {
  const auto named = [](const std::vector<Field>& fields, const std::string& name) {
    return std::ranges::find(fields, name, &Field::name);
  };
  std::vector<std::string> all;
  for (const Field& now : after) {
    const auto then = named(before, now.name);
    if (then == before.end())
      all.push_back(fmt::format("{}: {}", now.name, now.value));
    else if (then->value != now.value)
      all.push_back(fmt::format("{}: {} -> {}", now.name, then->value, now.value));
  }
  for (const Field& then : before)
    if (named(after, then.name) == after.end()) all.push_back(fmt::format("{}: {} -> gone", then.name, then.value));
  return all;
}

}  // namespace sharelock::explore
