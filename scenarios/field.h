// A key of a scenario file: what it is called, what it may hold, and where its value goes.
//
// The reader walks tables of these, and so does whoever describes the format: there is no second list of keys.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/chance.h"
#include "model/strong.h"
#include "scenarios/yaml.h"
#include "sim/scenario.h"

namespace sharelock {

inline constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max();

/// What a key may hold.
struct Form {
  enum class Kind : std::uint8_t {
    text,       ///< Any text of at most 10,000 characters.
    integer,    ///< A whole number, in a unit of Kafka's if it has one.
    duration,   ///< A number with a unit: `250 ms`, `30 s`, `5 min`, `2 h`.
    durations,  ///< A duration, or two with `..` between them: drawn anew each time.
    choice,     ///< One of `choices`.
    boolean,    ///< `true` or `false`.
    other       ///< The reader of the key says.
  } kind = Kind::other;
  std::int64_t min = 0;
  std::int64_t max = unbounded;
  std::span<const std::string_view> choices{};
};

/// One entry of a file while it is read.
struct Reading {
  const Yaml& key;
  const Yaml& value;
  const Form& form;
  bool bounds = true;  ///< False: `bounds: off`; Kafka's own lower bounds do not hold.

  std::string text() const;
  std::int64_t integer() const;
  TimeMs duration() const;
  Durations durations() const;
  std::size_t choice() const;
  bool boolean() const;
};

template <class Target>
struct Field {
  std::string_view key;
  Form form;
  std::string_view sentence;
  void (*read)(Target&, const Reading&);
};

/// What a table says of one key, without its target.
struct KeyForm {
  std::string_view key;
  Form form;
  std::string_view sentence;
};
template <class Target, std::size_t N>
std::vector<KeyForm> keys_of(const std::array<Field<Target>, N>& fields) {
  std::vector<KeyForm> keys;
  for (const Field<Target>& field : fields) keys.push_back({field.key, field.form, field.sentence});
  return keys;
}

/// The value as a map; an error otherwise.
const Yaml& expect_map(const Yaml& value, std::string_view what);
/// Throws if two entries have the same key.
void refuse_duplicates(const Yaml& map);
/// "unknown key 'membrs'" with the nearest of `known`.
[[noreturn]] void refuse_key(const Yaml& key, std::span<const std::string_view> known);

/// Reads a map by its table: unknown and repeated keys are errors.
template <class Target>
void read_fields(const Yaml& map, std::string_view what, std::span<const Field<Target>> fields, Target& target,
                 bool bounds = true) {
  expect_map(map, what);
  refuse_duplicates(map);
  for (const auto& [key, value] : map.entries) {
    const Field<Target>* found = nullptr;
    for (const Field<Target>& field : fields)
      if (field.key == key.text) found = &field;
    if (found == nullptr) {
      std::vector<std::string_view> known;
      for (const Field<Target>& field : fields) known.push_back(field.key);
      refuse_key(key, known);
    }
    found->read(target, Reading{key, value, found->form, bounds});
  }
}

/// The name that stands there, if it is one of `known`; an error that says what it should name otherwise.
const std::string& name_among(const Yaml& value, std::span<const std::string_view> known, std::string_view what);
/// Calls `each(name)` for a name or every name of a list.
template <class Each>
void for_each_name(const Yaml& value, Each&& each) {
  if (value.kind == Yaml::Kind::scalar) return each(value);
  if (value.kind != Yaml::Kind::sequence) throw value.error("expected a name or a list of names");
  for (const Yaml& item : value.items) each(item);
}

/// `3/100`.
Ratio read_ratio(const Yaml& value);

}  // namespace sharelock
