#include "scenarios/field.h"

#include <array>
#include <charconv>

#include "scenarios/unmodelled.h"

namespace sharelock {
namespace {

using namespace std::string_view_literals;

struct Unit {
  std::string_view name;
  TimeMs ms;
};
constexpr std::array units{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"min", 60'000}, Unit{"h", 3'600'000}};
constexpr TimeMs duration_max = TimeMs{1000} * 24 * 3'600'000;  ///< A thousand days.

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const Yaml& expect_scalar(const Yaml& value, std::string_view what) {
  if (value.kind != Yaml::Kind::scalar)
    throw value.error("expected " + std::string{what} + ", found " + std::string{value.kind_in_words()});
  return value;
}

template <class Integer>
bool is_integer(std::string_view text, Integer& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// What of the user's text an error repeats.
std::string quoted(std::string_view text) {
  return "'" + std::string{text.substr(0, 60)} + "'";
}

TimeMs parse_duration(std::string_view text, const Yaml& at) {
  const std::string_view word = trimmed(text);
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const std::string_view unit = trimmed(word.substr(static_cast<std::size_t>(rest - word.data())));
  if (error == std::errc::result_out_of_range) throw at.error("this duration is too long", "at most 24000 h");
  if (error != std::errc{}) throw at.error(quoted(word) + " is no duration", "a whole number and a unit, such as 30 s");
  const auto found = std::ranges::find(units, unit, &Unit::name);
  if (found == units.end()) {
    if (unit.empty()) throw at.error("a duration needs a unit", "write '" + std::string{word} + " ms' or '... s'");
    static constexpr std::array names{"ms"sv, "s"sv, "min"sv, "h"sv};
    throw at.error(quoted(unit) + " is no unit of time", suggest(unit, names));
  }
  if (number < 0) throw at.error("a duration cannot be negative");
  if (number > duration_max / found->ms) throw at.error("this duration is too long", "at most 24000 h");
  return number * found->ms;
}

}  // namespace

const Yaml& expect_map(const Yaml& value, std::string_view what) {
  if (value.kind != Yaml::Kind::map)
    throw value.error(std::string{what} + ": expected keys and values, found " + std::string{value.kind_in_words()});
  return value;
}

void refuse_duplicates(const Yaml& map) {
  for (std::size_t i = 0; i < map.entries.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (map.entries[i].key.text == map.entries[j].key.text)
        throw map.entries[i].key.error(quoted(map.entries[i].key.text) + " is given twice",
                                       "first in line " + std::to_string(map.entries[j].key.line));
}

void refuse_key(const Yaml& key, std::span<const std::string_view> known) {
  if (is_unmodelled_kafka_key(key.text))
    throw key.error(quoted(key.text) + " is a key of Kafka's that is not modelled",
                    "leave it out: it has no effect here");
  throw key.error("unknown key " + quoted(key.text), suggest(key.text, known));
}

std::string Reading::text() const {
  constexpr std::size_t text_max = 10'000;
  const std::string& text = expect_scalar(value, "a text").text;
  if (text.size() > text_max) throw value.error("this text is longer than 10,000 characters");
  return text;
}

std::int64_t Reading::integer() const {
  const std::string& text = expect_scalar(value, "a whole number").text;
  std::int64_t number = 0;
  if (!is_integer(text, number)) {
    const bool has_unit = !text.empty() && text.front() >= '0' && text.front() <= '9' && key.text.ends_with(".ms");
    throw value.error(quoted(text) + " is no whole number",
                      has_unit ? "Kafka's own keys take a bare number of milliseconds" : "");
  }
  const std::int64_t min = bounds ? form.min : std::min<std::int64_t>(form.min, 1);
  if (number < min || number > form.max) {
    const std::string range =
        std::to_string(min) + (form.max == unbounded ? " or more" : " to " + std::to_string(form.max));
    throw value.error(std::to_string(number) + " is out of bounds for '" + key.text + "'",
                      range + (min > 1 ? "; 'bounds: off' allows less, for small worlds" : ""));
  }
  return number;
}

TimeMs Reading::duration() const {
  return parse_duration(expect_scalar(value, "a duration").text, value);
}

Durations Reading::durations() const {
  const std::string_view text = expect_scalar(value, "a duration").text;
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const TimeMs both = parse_duration(text, value);
    return {both, both};
  }
  const Durations range{parse_duration(text.substr(0, dots), value), parse_duration(text.substr(dots + 2), value)};
  if (range.max < range.min) throw value.error("the shorter duration comes first");
  return range;
}

std::size_t Reading::choice() const {
  const std::string& text = expect_scalar(value, "a word").text;
  const auto found = std::ranges::find(form.choices, text);
  if (found == form.choices.end())
    throw value.error(quoted(text) + " is no value of '" + key.text + "'", suggest(text, form.choices));
  return static_cast<std::size_t>(found - form.choices.begin());
}

bool Reading::boolean() const {
  const std::string& text = expect_scalar(value, "true or false").text;
  if (text != "true" && text != "false") throw value.error(quoted(text) + " is neither true nor false");
  return text == "true";
}

const std::string& name_among(const Yaml& value, std::span<const std::string_view> known, std::string_view what) {
  if (std::ranges::find(known, value.text) == known.end())
    throw value.error("unknown " + std::string{what} + " " + quoted(value.text), suggest(value.text, known));
  return value.text;
}

Ratio read_ratio(const Yaml& value) {
  const std::string_view text = expect_scalar(value, "odds such as 3/100").text;
  const std::size_t slash = text.find('/');
  Ratio odds{0, 0};
  if (slash == std::string_view::npos || !is_integer(text.substr(0, slash), odds.part) ||
      !is_integer(text.substr(slash + 1), odds.whole) || odds.whole == 0 || odds.part > odds.whole)
    throw value.error(quoted(text) + " are no odds", "a fraction such as 3/100");
  return odds;
}

}  // namespace sharelock
