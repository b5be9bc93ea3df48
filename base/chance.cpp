#include "base/chance.h"

#include <Random123/philox.h>

#include <numeric>

namespace sharelock {
namespace {

/// FNV-1a, so that a stream is named by its purpose and not by the order in which streams are made.
std::uint64_t hash(std::string_view text, std::uint64_t value = 0xcbf29ce484222325) {
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

constexpr std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);
}
constexpr std::uint32_t high(std::uint64_t value) {
  return static_cast<std::uint32_t>(value >> 32);
}
constexpr std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return std::uint64_t{high} << 32 | low;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  const r123::Philox4x32::ctr_type block{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type by{{key[0], key[1]}};
  const auto out = r123::Philox4x32{}(block, by);
  return {out[0], out[1], out[2], out[3]};
}

Chance::Chance(std::uint64_t seed, std::string_view purpose) : seed_{seed}, stream_{hash(purpose)} {}

Chance Chance::fork(std::string_view purpose) const {
  Chance forked;
  forked.seed_ = seed_;
  forked.stream_ = hash(purpose, stream_);
  return forked;
}

Chance Chance::fork(std::uint64_t index) const {
  // A block of the key's own stream: neighbouring indices give unrelated streams.
  const auto out = philox({low(index), high(index), low(stream_), high(stream_)}, {~low(seed_), ~high(seed_)});
  Chance forked;
  forked.seed_ = seed_;
  forked.stream_ = join(out[0], out[1]);
  return forked;
}

std::uint64_t Chance::next() {
  if (used_ == 2) {
    const auto out = philox({low(block_), high(block_), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
    values_ = {join(out[0], out[1]), join(out[2], out[3])};
    ++block_;
    used_ = 0;
  }
  return values_[used_++];
}

std::uint64_t Chance::below(std::uint64_t bound) {
  assert(bound > 0);
  // Values from the ragged end of the range are drawn again; nearly always the first one will do.
  const std::uint64_t ragged = (0 - bound) % bound;
  for (;;)
    if (const std::uint64_t draw = next(); draw >= ragged) return draw % bound;
}

std::int64_t Chance::between(std::int64_t first, std::int64_t last) {
  assert(first <= last);
  const std::uint64_t span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  const std::uint64_t draw = span == ~std::uint64_t{0} ? next() : below(span + 1);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + draw);
}

std::size_t Chance::weighted(std::span<const std::uint32_t> weights) {
  std::uint64_t draw = below(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  for (std::size_t i = 0;; ++i) {
    if (draw < weights[i]) return i;
    draw -= weights[i];
  }
}

}  // namespace sharelock
