// Numbers that know what they count.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace sharelock {

/// An integer that knows what it counts. Two different Strong types never mix, compare or convert.
template <class Tag, class Rep>
class Strong {
 public:
  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_{value} {}
  constexpr Rep value() const { return value_; }
  friend constexpr auto operator<=>(Strong, Strong) = default;

 private:
  Rep value_{};
};

/// A member of the share group. Value 0 is nobody (Kafka's empty member id).
using MemberId = Strong<struct MemberIdTag, std::uint32_t>;
inline constexpr MemberId nobody{};

/// A position in a partition's log. Inside model/ it is signed and ranges are inclusive, as in Kafka: -1, empty
/// ranges such as 0..-1 and negative counts occur there and are compared with the real class.
using Offset = std::int64_t;

/// Virtual time in milliseconds.
using TimeMs = std::int64_t;

}  // namespace sharelock
