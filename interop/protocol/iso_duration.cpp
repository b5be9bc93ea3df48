#include "interop/protocol/iso_duration.h"

#include <charconv>
#include <cstdint>
#include <optional>

namespace sharelock::interop {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// The sum of a duration's parts in seconds, exact or not at all; the fraction as nanoseconds of the sign of its part.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_{text} {}

  /// The sign of the whole, the parts in their order, and nothing after them.
  bool read() {
    const bool negated = take_sign() < 0;
    if (!take('P')) return false;
    constexpr std::int64_t day_s = 86'400;
    part('D', day_s);
    if (take('T')) {
      const int parts_before = parts_;
      part('H', 3600);
      part('M', 60);
      part('S', 1);
      if (parts_ == parts_before) return false;
    }
    if (!rest_.empty() || parts_ == 0 || overflow_) return false;
    return is_in_range(negated);
  }

 private:
  bool take(char letter) {
    if (rest_.empty() || upper(rest_.front()) != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  int take_sign() {
    if (take('-')) return -1;
    take('+');
    return 1;
  }

  /// An optional part: a number that ends in this letter.
  void part(char letter, std::int64_t unit_s) {
    const std::string_view before = rest_;
    const int sign = take_sign();
    const std::size_t digits = count_digits();
    if (digits == 0) return put_back(before);
    const std::string_view whole = before.substr(before.front() == '+', digits + (sign < 0));
    rest_.remove_prefix(digits);
    std::int64_t nanos = 0;
    if (letter == 'S' && (take('.') || take(','))) {
      const std::size_t places = count_digits();
      if (places > 9) return put_back(before);
      for (std::size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < places ? rest_[i] - '0' : 0);
      rest_.remove_prefix(places);
    }
    if (!take(letter)) return put_back(before);
    ++parts_;
    add(whole, unit_s);
    nanos_ = sign * nanos;
  }

  void put_back(std::string_view rest) { rest_ = rest; }

  std::size_t count_digits() const {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    return count;
  }

  void add(std::string_view number, std::int64_t unit_s) {
    std::int64_t value = 0;
    const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
    overflow_ |= result.ec != std::errc{} || __builtin_mul_overflow(value, unit_s, &value) ||
                 __builtin_add_overflow(seconds_, value, &seconds_);
  }

  bool is_in_range(bool negated) const {
    const bool below_zero = seconds_ < 0 || (seconds_ == 0 && nanos_ < 0);
    const bool is_zero = seconds_ == 0 && nanos_ == 0;
    return negated ? below_zero || is_zero : !below_zero;
  }

  std::string_view rest_;
  int parts_ = 0;
  bool overflow_ = false;
  std::int64_t seconds_ = 0;
  std::int64_t nanos_ = 0;
};

}  // namespace

bool is_iso_duration(std::string_view text) {
  return Reader{text}.read();
}

}  // namespace sharelock::interop
