// A fingerprint of a sequence of numbers: equal sequences, equal digests, under every compiler.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace sharelock {

/// Order matters. Not for security.
class Digest {
 public:
  void add(std::initializer_list<std::uint64_t> numbers) { add_all({numbers.begin(), numbers.end()}); }
  template <std::size_t N>
  void add(const std::array<std::uint64_t, N>& numbers) {
    add_all({numbers.data(), numbers.data() + N});
  }
  std::uint64_t value() const { return value_; }
  /// Sixteen hexadecimal digits.
  std::string text() const;

  friend bool operator==(const Digest&, const Digest&) = default;

 private:
  struct Numbers {
    const std::uint64_t* begin;
    const std::uint64_t* end;
  };
  void add_all(Numbers numbers);

  std::uint64_t value_ = 0;
};

}  // namespace sharelock
