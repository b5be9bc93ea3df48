// Choices: what a case is grown from. RapidCheck generates them, whoever plays a case reads one after the other.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace sharelock::fuzz {

using Choices = std::vector<std::uint32_t>;

/// `count` choices for the case of that number, the same under every compiler.
Choices draw_choices(std::uint64_t seed, std::uint64_t number, std::size_t count);

/// Hands out the choices of a case in order.
class ChoiceReader {
 public:
  /// `choices` must outlive the reader.
  explicit ChoiceReader(const Choices& choices) : choices_{choices} {}

  bool empty() const { return at_ == choices_.size(); }
  /// A number in [0, bound), `bound` > 0; the least one when there are no choices left.
  std::size_t below(std::size_t bound) { return empty() ? 0 : choices_[at_++] % bound; }

 private:
  const Choices& choices_;
  std::size_t at_ = 0;
};

}  // namespace sharelock::fuzz
