// A YAML file as a tree in which everything knows where it stands, and limits that keep any file harmless.
//
// Owns:             syntax, positions, size, depth; anchors, aliases and tags are refused.
// Knows nothing of: what keys mean.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/input_error.h"

namespace sharelock {

/// The text that errors quote.
struct YamlSource {
  std::string file;
  std::vector<std::string> lines;
};

struct YamlEntry;

struct Yaml {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string text;  ///< Of a scalar.
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::vector<Yaml> items;         ///< Of a sequence.
  std::vector<YamlEntry> entries;  ///< Of a map, in the order of the file; keys are scalars.
  std::shared_ptr<const YamlSource> source;

  /// An error at this place.
  InputError error(const std::string& message, std::string hint = {}) const;
  std::string_view kind_in_words() const;
};

struct YamlEntry {
  Yaml key;
  Yaml value;
};

/// The text of a file.
/// @throws InputError  if it cannot be read, or exceeds 1 MiB.
std::string read_text(const std::string& path);
/// The tree of a text; `name` stands in errors.
/// @throws InputError  if it is no YAML of one document, or exceeds 32 levels or 100,000 nodes.
Yaml parse_yaml(const std::string& text, const std::string& name);

}  // namespace sharelock
