#include "checker/benchmark/share_partition_model.h"

#include <algorithm>
#include <bit>

namespace sharelock::benchmark {
namespace {

using explore::ByteBuffer;
using explore::Bytes;
using explore::Renaming;
using explore::Violation;

std::uint32_t bits_for(std::size_t largest) {
  return static_cast<std::uint32_t>(std::bit_width(largest));
}

/// Writes numbers of a few bits one behind the other.
class BitWriter {
 public:
  explicit BitWriter(std::byte* out) : out_{out} {}
  void put(std::uint64_t value, std::uint32_t bits) {
    word_ |= value << used_;
    used_ += bits;
    if (used_ < 64) return;
    explore::store_little_endian(word_, out_);
    out_ += 8;
    used_ -= 64;
    word_ = used_ == 0 ? 0 : value >> (bits - used_);
  }
  /// Writes what is left, and up to seven bytes more.
  void finish() { explore::store_little_endian(word_, out_); }

 private:
  std::byte* out_;
  std::uint64_t word_ = 0;
  std::uint32_t used_ = 0;
};

class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_{bytes} { load(); }
  std::uint32_t take(std::uint32_t bits) {
    std::uint64_t value = word_ >> used_;
    const std::uint32_t left = 64 - used_;
    used_ += bits;
    if (used_ >= 64) {
      load();
      used_ -= 64;
      if (left < bits) value |= word_ << left;
    }
    return static_cast<std::uint32_t>(value & ((std::uint64_t{1} << bits) - 1));
  }

 private:
  void load() {
    const std::size_t count = std::min<std::size_t>(8, bytes_.size());
    word_ = explore::read_little_endian(bytes_.data(), count);
    bytes_ = bytes_.subspan(count);
  }

  Bytes bytes_;
  std::uint64_t word_ = 0;
  std::uint32_t used_ = 0;
};

}  // namespace

SharePartitionModel::SharePartitionModel(const Parameters& parameters) : parameters_{parameters} {
  const auto& p = parameters_;
  const auto field = [](std::uint32_t& at, std::uint32_t bits) {
    const Bits taken{at, (1U << bits) - 1};
    at += bits;
    return taken;
  };
  record_bits_ = 4;  // The states in memory and durable.
  owner_ = field(record_bits_, bits_for(p.members));
  count_ = field(record_bits_, bits_for(p.deliveries_max));
  durable_count_ = field(record_bits_, bits_for(p.deliveries_max));
  held_ = field(member_bits_, static_cast<std::uint32_t>(p.records));
  kind_ = field(member_bits_, bits_for(waiting));
  offset_ = field(member_bits_, bits_for(p.records - 1));
  position_bits_ = bits_for(p.records);
  const std::size_t bits = p.records * record_bits_ + p.members * member_bits_ + std::size_t{2} * position_bits_;
  encoded_size_ = (bits + 7) / 8;
}

void SharePartitionModel::encode(const State& state, const Renaming& renaming, ByteBuffer& out) const {
  constexpr std::size_t slack = 8;
  BitWriter writer{out.extend(encoded_size_ + slack)};
  if (renaming.is_identity()) {
    for (std::size_t o = 0; o < parameters_.records; ++o) writer.put(state.records[o], record_bits_);
    for (std::size_t m = 0; m < parameters_.members; ++m) writer.put(state.members[m], member_bits_);
  } else {
    for (std::size_t o = 0; o < parameters_.records; ++o) {
      const Word record = state.records[o];
      const std::uint32_t owner = owner_.of(record);
      const auto renamed = owner == 0 ? 0 : static_cast<std::uint32_t>(renaming(owner - 1) + 1);
      writer.put(owner_.with(record, renamed), record_bits_);
    }
    std::array<Word, members_limit> members{};
    for (std::size_t m = 0; m < parameters_.members; ++m) members[renaming(m)] = state.members[m];
    for (std::size_t m = 0; m < parameters_.members; ++m) writer.put(members[m], member_bits_);
  }
  writer.put(state.start, position_bits_);
  writer.put(state.end, position_bits_);
  writer.finish();
  out.shrink(out.size() - slack);
}

void SharePartitionModel::decode(Bytes bytes, State& state) const {
  BitReader reader{bytes};
  for (std::size_t o = 0; o < parameters_.records; ++o) state.records[o] = static_cast<Word>(reader.take(record_bits_));
  for (std::size_t m = 0; m < parameters_.members; ++m) state.members[m] = static_cast<Word>(reader.take(member_bits_));
  state.start = static_cast<std::uint8_t>(reader.take(position_bits_));
  state.end = static_cast<std::uint8_t>(reader.take(position_bits_));
}

bool SharePartitionModel::is_acquirable(const State& state, std::size_t offset) const {
  if (offset < state.start) return false;
  if (offset >= state.end) return offset < state.start + parameters_.in_flight_max;
  const Word record = state.records[offset];
  return state_of(record) == available && owner_.of(record) == 0;
}

bool SharePartitionModel::can_crash(const State& state, std::size_t member, bool busy) const {
  bool has_something = state.members[member] != 0;
  bool starts_a_write = false;
  for (std::size_t o = 0; o < parameters_.records; ++o) {
    if (!is_acquired_by(state.records[o], member)) continue;
    has_something = true;
    starts_a_write |= is_at_limit(state.records[o]);
  }
  return has_something && !(busy && starts_a_write);
}

void SharePartitionModel::actions(const State& state, std::vector<Action>& out) const {
  const auto& p = parameters_;
  std::size_t acquirable = 0;
  bool busy = false;
  bool memory_differs = false;
  for (std::size_t o = 0; o < p.records; ++o) {
    const Word record = state.records[o];
    if (is_acquirable(state, o)) ++acquirable;
    busy |= is_unpersisted(record);
    memory_differs |= owner_.of(record) != 0 || count_.of(record) != durable_count_.of(record);
  }
  const auto add = [&](What what, std::size_t who = 0, std::size_t which = 0) {
    out.push_back({what, static_cast<std::uint8_t>(who), static_cast<std::uint8_t>(which)});
  };

  const std::size_t batch = std::min(acquirable, p.batch_max);
  for (std::size_t m = 0; m < p.members; ++m)
    for (std::size_t n = 1; n <= batch; ++n) add(What::acquire, m, n);
  for (std::size_t m = 0; m < p.members; ++m) {
    const Word member = state.members[m];
    const std::uint32_t kind = kind_.of(member);
    if (kind == none) {
      for (std::uint32_t held = held_.of(member); held != 0; held &= held - 1) {
        const auto o = static_cast<std::size_t>(std::countr_zero(held));
        add(What::send_accept, m, o);
        add(What::send_release, m, o);
        add(What::send_reject, m, o);
        add(What::send_renew, m, o);
      }
    } else if (kind != waiting) {
      if (!busy || kind == renew || !is_acquired_by(state.records[offset_.of(member)], m)) add(What::deliver, m);
    }
  }
  for (std::size_t o = 0; o < p.records; ++o)
    if (state_of(state.records[o]) == acquired && !(busy && is_at_limit(state.records[o]))) add(What::expire, 0, o);
  if (busy) add(What::complete), add(What::fail);
  if (memory_differs) add(What::leader_crash);
  if (busy) add(What::leader_crash_landed);
  for (std::size_t m = 0; m < p.members; ++m)
    if (can_crash(state, m, busy)) add(What::member_crash, m);
}

bool SharePartitionModel::next(const State& state, const Action& action, State& after) const {
  after = state;
  Word& member = after.members[action.who];
  const auto send = [&](Kind kind) { member = offset_.with(kind_.with(member, kind), action.which); };
  switch (action.what) {
    case What::acquire:
      acquire(after, action.who, action.which);
      break;
    case What::send_accept:
      send(accept);
      break;
    case What::send_release:
      send(release);
      break;
    case What::send_reject:
      send(reject);
      break;
    case What::send_renew:
      send(renew);
      break;
    case What::deliver:
      deliver(after, action.who);
      break;
    case What::expire:
      after.records[action.which] = handed_back(after.records[action.which]);
      break;
    case What::complete:
      complete(after);
      break;
    case What::fail:
      fail(after);
      break;
    case What::leader_crash:
      crash_leader(after, false);
      break;
    case What::leader_crash_landed:
      crash_leader(after, true);
      break;
    case What::member_crash:
      crash_member(after, action.who);
      break;
  }
  return true;
}

void SharePartitionModel::acquire(State& state, std::size_t member, std::size_t count) const {
  for (std::size_t o = state.start; count > 0; ++o) {
    if (!is_acquirable(state, o)) continue;
    Word& record = state.records[o];
    record = owner_.with(with_state(record, acquired), static_cast<std::uint32_t>(member + 1));
    record = count_.with(record, count_.of(record) + 1);
    state.members[member] = static_cast<Word>(state.members[member] | 1U << o);
    state.end = std::max(state.end, static_cast<std::uint8_t>(o + 1));
    --count;
  }
}

void SharePartitionModel::deliver(State& state, std::size_t member) const {
  Word word = state.members[member];
  const std::uint32_t kind = kind_.of(word);
  const std::uint32_t o = offset_.of(word);
  Word& record = state.records[o];
  if (!is_acquired_by(record, member)) {
    word = static_cast<Word>(held_.of(word) & ~(1U << o));
  } else if (kind == renew) {
    word = static_cast<Word>(held_.of(word));
  } else {
    word = kind_.with(word, waiting);
    if (kind == accept)
      record = with_state(record, acknowledged);
    else
      record = with_state(record, kind == reject || is_at_limit(record) ? archived : available);
  }
  state.members[member] = word;
}

SharePartitionModel::Word SharePartitionModel::handed_back(Word record) const {
  if (is_at_limit(record)) return with_state(record, archived);
  return owner_.with(with_state(record, available), 0);
}

SharePartitionModel::Word SharePartitionModel::made_durable(Word record) const {
  record = static_cast<Word>((record & ~(3U << 2)) | state_of(record) << 2);
  return owner_.with(durable_count_.with(record, count_.of(record)), 0);
}

void SharePartitionModel::release_waiting(State& state, bool written) const {
  for (std::size_t m = 0; m < parameters_.members; ++m) {
    const Word word = state.members[m];
    if (kind_.of(word) != waiting) continue;
    const std::uint32_t done = written ? 1U << offset_.of(word) : 0;
    state.members[m] = static_cast<Word>(held_.of(word) & ~done);
  }
}

std::size_t SharePartitionModel::lowest_open(const State& state) const {
  std::size_t o = 0;
  while (o < parameters_.records && is_terminal(durable_of(state.records[o]))) ++o;
  return o;
}

void SharePartitionModel::advance_start(State& state) const {
  state.start = static_cast<std::uint8_t>(lowest_open(state));
  for (std::size_t o = 0; o < state.start; ++o)
    state.records[o] = durable_count_.with(count_.with(state.records[o], 0), 0);
}

void SharePartitionModel::complete(State& state) const {
  for (std::size_t o = 0; o < parameters_.records; ++o)
    if (is_unpersisted(state.records[o])) state.records[o] = made_durable(state.records[o]);
  release_waiting(state, true);
  advance_start(state);
}

void SharePartitionModel::fail(State& state) const {
  for (std::size_t o = 0; o < parameters_.records; ++o)
    if (is_unpersisted(state.records[o])) state.records[o] = with_state(state.records[o], acquired);
  release_waiting(state, false);
}

void SharePartitionModel::crash_leader(State& state, bool landed) const {
  for (std::size_t o = 0; o < parameters_.records; ++o) {
    Word& record = state.records[o];
    if (landed && is_unpersisted(record)) record = made_durable(record);
    record = with_state(owner_.with(record, 0), durable_of(record));
    record = count_.with(record, durable_count_.of(record));
  }
  advance_start(state);
  state.end = state.start;
  for (std::size_t o = state.start; o < parameters_.records; ++o) {
    const Word record = state.records[o];
    if (durable_of(record) != available || durable_count_.of(record) > 0) state.end = static_cast<std::uint8_t>(o + 1);
  }
  release_waiting(state, false);
}

void SharePartitionModel::crash_member(State& state, std::size_t member) const {
  for (std::size_t o = 0; o < parameters_.records; ++o)
    if (is_acquired_by(state.records[o], member)) state.records[o] = handed_back(state.records[o]);
  state.members[member] = 0;
}

}  // namespace sharelock::benchmark
