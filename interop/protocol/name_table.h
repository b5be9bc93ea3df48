// The strings of the protocol that stand for somebody (members, fetches), as small numbers and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sharelock::interop {

/// Numbers grow with first use. Number 0 is the empty string: nobody.
class NameTable {
 public:
  NameTable() { number_of(""); }

  std::uint32_t number_of(std::string_view name) {
    if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(name, number);
    return number;
  }

  std::string_view name_of(std::uint32_t number) const { return names_[number]; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
};

}  // namespace sharelock::interop
