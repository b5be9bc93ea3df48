#include "checker/explore/state_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace sharelock::explore {
namespace {

// A full bucket sends its overflow to the next one. At a load of seven eighths that is still rare enough to cost
// little.
constexpr std::uint64_t comfortable_slots(std::uint64_t slots) {
  return slots / 8 * 7;
}
// Small shards would differ too much in load.
constexpr std::uint64_t buckets_per_shard_min = 256;

constexpr std::uint64_t slots(std::uint64_t buckets_per_shard) {
  return buckets_per_shard * StateTable::shards * StateTable::slots_per_bucket;
}

/// Sizes are those of a fixed ladder, each twice the one before, so that memory in use depends on the number of states
/// alone and not on how the search came there.
std::uint64_t buckets_per_shard_for(std::uint64_t states) {
  constexpr std::uint64_t least = comfortable_slots(slots(buckets_per_shard_min));
  return buckets_per_shard_min * std::bit_ceil((std::max(states, least) + least - 1) / least);
}

}  // namespace

StateTable::StateTable(std::uint64_t bytes_max)
    : pages_{std::max(bytes_max, bytes_for(0))}, buckets_{reinterpret_cast<Bucket*>(pages_.data())} {
  restart(0);
}

void StateTable::restart(std::uint64_t states) {
  // Clearing memory that is there costs less than returning it and asking for new.
  std::memset(pages_.data(), 0, bytes());
  buckets_per_shard_ = buckets_per_shard_for(states);
  comfortable_ = comfortable_slots(slots(buckets_per_shard_));
  assert(bytes() <= pages_.reserved());
}

std::uint64_t StateTable::bytes_for(std::uint64_t states) {
  return slots(buckets_per_shard_for(states)) / slots_per_bucket * sizeof(Bucket);
}

}  // namespace sharelock::explore
