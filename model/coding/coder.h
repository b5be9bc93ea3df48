// Worlds as bytes: the coders that write and read them. survey.h says how a component is coded.
#pragma once

#include <array>
#include <cassert>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "model/coding/survey.h"

namespace sharelock {

/// What the interchangeable members of a world are called instead: a bijection of member numbers, both ways.
class MemberNames {
 public:
  static constexpr std::size_t members_max = 16;

  constexpr MemberNames() {
    for (std::size_t i = 0; i < members_max; ++i) to_[i] = from_[i] = static_cast<std::uint8_t>(i);
  }
  /// Member number `from` (from 0) is called `to`. The caller completes the bijection.
  constexpr void rename(std::size_t from, std::size_t to) {
    to_[from] = static_cast<std::uint8_t>(to);
    from_[to] = static_cast<std::uint8_t>(from);
  }
  MemberId name_of(MemberId member) const {
    if (member == nobody || member.value() > members_max) return member;
    return MemberId{to_[member.value() - 1] + std::uint32_t{1}};
  }
  /// Who is called number `to`.
  std::size_t called(std::size_t to) const { return to < members_max ? from_[to] : to; }

 private:
  std::array<std::uint8_t, members_max> to_{};
  std::array<std::uint8_t, members_max> from_{};
};

/// The encoding of a world, or a part of one.
using Encoding = std::vector<std::byte>;

/// Writes values relative to what a survey found: offsets to the least one, epochs and deadlines by rank, members by
/// their new names. Numbers take one byte while they are small.
class Writer {
 public:
  static constexpr bool reads = false;
  static constexpr bool writes = true;

  Writer(const Survey& survey, Offset base, const MemberNames& names, Encoding& out)
      : survey_{&survey}, base_{base}, names_{names}, out_{&out}, at_{out.data() + out.size()}, end_{at_} {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { out_->resize(position()); }

  void flag(bool value) { byte(value ? 1 : 0); }
  template <class T>
  void small(T value) {
    byte(static_cast<std::uint8_t>(value));
  }
  template <class T>
  void number(T value) {
    const auto wide = static_cast<std::int64_t>(value);
    varint(static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
  }
  std::size_t count(std::size_t size) {
    varint(size);
    return size;
  }
  void offset(Offset offset) { number(offset - base_); }
  /// An offset of which only what lies at or above the base counts.
  void offset_from_here(Offset offset) { number(std::max(offset, base_) - base_); }
  /// A start offset, or -1: not decided.
  void start_or_none(Offset start) {
    flag(start != -1);
    if (start != -1) offset(start);
  }
  void leader_epoch(std::int32_t epoch) { varint(survey_->rank_of_epoch(epoch)); }
  /// From here on state epochs are of that group: those of one have nothing to do with those of another.
  void group(std::uint32_t number) { group_ = number; }
  /// The epoch of a group and of its delivery state; 0 and -1 stay what they are.
  void state_epoch(std::int32_t epoch) {
    number(epoch > 0 ? static_cast<std::int32_t>(survey_->rank_of_state_epoch(group_, epoch)) : epoch);
  }
  void deadline(std::int32_t duration_ms, TimeMs at) { varint(survey_->rank_of_deadline(duration_ms, at)); }
  void member(MemberId member) { byte(static_cast<std::uint8_t>(names_.name_of(member).value())); }
  void spans(const IntervalSet& set) { spans_from_here(set); }
  /// The offsets of a set at or above the base.
  void spans_from_here(const IntervalSet& set) {
    const auto is_below = [&](const OffsetSpan& span) { return span.last < base_; };
    const auto first = std::partition_point(set.begin(), set.end(), is_below);
    count(static_cast<std::size_t>(set.end() - first));
    for (auto span = first; span != set.end(); ++span) {
      offset_from_here(span->first);
      offset(span->last);
    }
  }

  const Survey& survey() const { return *survey_; }
  const MemberNames& names() const { return names_; }
  Offset base() const { return base_; }
  std::size_t position() const { return static_cast<std::size_t>(at_ - out_->data()); }
  /// Puts the parts that begin at `begins`, the last of them ending here, in order of their bytes: parts of a set.
  void sort_parts(std::span<const std::size_t> begins);

 private:
  // Always inline: most numbers take one byte, and a search writes hundreds for each transition.
  [[gnu::always_inline]] void byte(std::uint8_t value) {
    if (at_ == end_) grow();
    *at_++ = std::byte{value};
  }
  [[gnu::always_inline]] void varint(std::uint64_t value) {
    if (value >= 0x80) [[unlikely]]
      value = higher_septets(value);
    byte(static_cast<std::uint8_t>(value));
  }
  /// Writes all septets of a large number but the last, which is returned.
  std::uint64_t higher_septets(std::uint64_t value);
  void grow();

  const Survey* survey_;
  std::uint32_t group_ = 0;
  Offset base_;
  MemberNames names_;
  Encoding* out_;  ///< Has the right size when the writer is gone.
  std::byte* at_;
  std::byte* end_;
};

/// Reads what a Writer wrote. The base is 0, and ranks are what they stand for.
class Reader {
 public:
  static constexpr bool reads = true;
  static constexpr bool writes = false;

  explicit Reader(std::span<const std::byte> bytes) : at_{bytes.data()}, end_{bytes.data() + bytes.size()} {}

  void flag(bool& value) { value = byte() != 0; }
  template <class T>
  void small(T& value) {
    value = static_cast<T>(byte());
  }
  template <class T>
  void number(T& value) {
    const std::uint64_t zigzag = varint();
    value = static_cast<T>(static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1));
  }
  std::size_t count(std::size_t = 0) { return static_cast<std::size_t>(varint()); }
  void offset(Offset& offset) { number(offset); }
  void offset_from_here(Offset& offset) { number(offset); }
  void start_or_none(Offset& start) {
    bool decided = false;
    flag(decided);
    start = -1;
    if (decided) offset(start);
  }
  void leader_epoch(std::int32_t& epoch) { epoch = static_cast<std::int32_t>(varint()); }
  void group(std::uint32_t) {}
  void state_epoch(std::int32_t& epoch) { number(epoch); }
  void deadline(std::int32_t, TimeMs& at) {
    at = static_cast<TimeMs>(varint());
    latest_deadline_ = std::max(latest_deadline_, at);
  }
  void member(MemberId& member) { member = MemberId{byte()}; }
  void spans(IntervalSet& set) { spans_from_here(set); }
  void spans_from_here(IntervalSet& set) {
    set = {};
    for (std::size_t left = count(); left > 0; --left) {
      Offset first = 0;
      Offset last = 0;
      offset(first);
      offset(last);
      set.add(first, last);
    }
  }
  /// Of all deadlines that were read; 0 if there was none.
  TimeMs latest_deadline() const { return latest_deadline_; }
  bool at_end() const { return at_ == end_; }

 private:
  std::uint8_t byte() {
    assert(at_ != end_);
    return std::to_integer<std::uint8_t>(*at_++);
  }
  std::uint64_t varint() {
    const std::uint8_t first = byte();
    return first < 0x80 ? first : large_varint(first);
  }
  std::uint64_t large_varint(std::uint8_t first);

  const std::byte* at_;
  const std::byte* end_;
  TimeMs latest_deadline_ = 0;
};

/// Codes how many items there are, and each of them by `each(item)`.
template <class Coder, class Items, class Each>
void code_all(Coder& coder, Items& items, Each&& each) {
  const std::size_t size = coder.count(items.size());
  if constexpr (Coder::reads) items.resize(size);
  for (auto& item : items) each(item);
}

}  // namespace sharelock
