#include "scenarios/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace sharelock {
namespace {

constexpr std::size_t bytes_max = std::size_t{1} << 20;
constexpr std::size_t depth_max = 32;
constexpr std::size_t nodes_max = 100'000;

/// Builds the tree from yaml-cpp's events. Refuses what could make a small file a large tree.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::shared_ptr<const YamlSource> source) : source_{std::move(source)} {}

  Yaml take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor, Yaml::Kind::null, {}, {}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw node_at(mark).error("aliases are not supported here", "write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add(mark, anchor, Yaml::Kind::scalar, tag, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, Yaml::Kind::sequence, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, Yaml::Kind::map, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  Yaml node_at(const YAML::Mark& mark) const {
    Yaml node;
    node.line = static_cast<std::uint32_t>(mark.line) + 1;
    node.column = static_cast<std::uint32_t>(mark.column) + 1;
    node.source = source_;
    return node;
  }

  Yaml checked(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Kind kind, const std::string& tag) {
    Yaml node = node_at(mark);
    node.kind = kind;
    if (anchor != 0) throw node.error("anchors are not supported here", "leave out the '&name'");
    if (!tag.empty() && tag != "?" && tag != "!") throw node.error("tags are not supported here");
    if (++nodes_ > nodes_max) throw node.error("this file has more than 100,000 values");
    return node;
  }

  void add(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Kind kind, const std::string& tag, std::string text) {
    Yaml node = checked(mark, anchor, kind, tag);
    node.text = std::move(text);
    place(std::move(node));
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Yaml::Kind kind, const std::string& tag) {
    Yaml node = checked(mark, anchor, kind, tag);
    if (open_.size() >= depth_max) throw node.error("nested more than 32 levels deep");
    open_.push_back({std::move(node), {}, false});
  }

  void close() {
    Yaml node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }

  void place(Yaml node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = open_.back();
    if (level.node.kind == Yaml::Kind::sequence) {
      level.node.items.push_back(std::move(node));
    } else if (!std::exchange(level.has_key, !level.has_key)) {
      if (node.kind != Yaml::Kind::scalar) throw node.error("a key must be a word");
      level.key = std::move(node);
    } else {
      level.node.entries.push_back({std::move(level.key), std::move(node)});
    }
  }

  struct Level {
    Yaml node;
    Yaml key;
    bool has_key;
  };

  std::shared_ptr<const YamlSource> source_;
  std::vector<Level> open_;
  std::size_t nodes_ = 0;
  Yaml root_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

InputError Yaml::error(const std::string& message, std::string hint) const {
  const std::string quoted = source && line >= 1 && line <= source->lines.size() ? source->lines[line - 1] : "";
  return InputError{{source ? source->file : "", line, column}, message, std::move(hint), quoted};
}

std::string_view Yaml::kind_in_words() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map of keys and values";
  }
  return "";
}

Yaml parse_yaml(const std::string& text, const std::string& name) {
  const auto source = std::make_shared<const YamlSource>(YamlSource{name, lines_of(text)});
  if (text.find('\0') != std::string::npos) throw InputError{{name, 0, 0}, "this is a binary file, no YAML"};
  TreeBuilder builder{source};
  std::istringstream stream{text};
  try {
    YAML::Parser parser{stream};
    if (!parser.HandleNextDocument(builder)) throw InputError{{name, 0, 0}, "this file is empty"};
    Yaml root = builder.take_root();
    TreeBuilder rest{source};
    if (parser.HandleNextDocument(rest)) throw InputError{{name, 0, 0}, "this file holds more than one document"};
    return root;
  } catch (const YAML::Exception& error) {
    Yaml place;
    place.source = source;
    place.line = static_cast<std::uint32_t>(error.mark.line + 1);
    place.column = static_cast<std::uint32_t>(error.mark.column + 1);
    throw place.error("this is no valid YAML: " + error.msg);
  }
}

std::string read_text(const std::string& path) {
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file) throw InputError{{path, 0, 0}, std::string{"cannot be opened: "} + std::strerror(errno)};
  std::string text(bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.gcount() == 0 && errno != 0))
    throw InputError{{path, 0, 0}, std::string{"cannot be read: "} + std::strerror(errno)};
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > bytes_max) throw InputError{{path, 0, 0}, "this file is larger than 1 MiB"};
  return text;
}

}  // namespace sharelock
