#include "checker/explore/standing.h"

#include <bit>

namespace sharelock::explore {
namespace {

void write(ByteBuffer& out, const std::string& text) {
  out.append_little_endian(text.size());
  out.append(std::as_bytes(std::span{text}));
}
std::string read_text(ByteReader& in) {
  const Bytes bytes = in.take(static_cast<std::size_t>(in.number()));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void write(ByteBuffer& out, const Counters& counters) {
  for (const std::uint64_t number : {counters.expanded, counters.transitions, counters.enabled, counters.dead_ends,
                                     counters.out_degree_min, counters.out_degree_max})
    out.append_little_endian(number);
  for (const std::uint64_t taken : counters.taken) out.append_little_endian(taken);
}
void read(ByteReader& in, Counters& counters) {
  for (std::uint64_t* number : {&counters.expanded, &counters.transitions, &counters.enabled, &counters.dead_ends,
                                &counters.out_degree_min, &counters.out_degree_max})
    *number = in.number();
  for (std::uint64_t& taken : counters.taken) taken = in.number();
}

void write(ByteBuffer& out, const std::optional<Finding>& finding) {
  out.append_little_endian(finding ? 1 : 0);
  if (!finding) return;
  out.append_little_endian(finding->parent);
  out.append_little_endian(finding->step);
  out.append_little_endian(finding->in_step ? 1 : 0);
  write(out, finding->violation.claim);
  write(out, finding->violation.what);
}
void read(ByteReader& in, std::optional<Finding>& finding) {
  finding.reset();
  if (in.number() == 0) return;
  Finding read{static_cast<StateIndex>(in.number()), static_cast<std::uint32_t>(in.number()), in.number() != 0, {}};
  read.violation.claim = read_text(in);
  read.violation.what = read_text(in);
  finding = std::move(read);
}

void write(ByteBuffer& out, const DepthPath& path) {
  out.append_little_endian(path.frames.size());
  for (const Frame& frame : path.frames) {
    out.append_little_endian(frame.state, 4);
    out.append_little_endian(frame.pending_begin, 4);
    out.append_little_endian(frame.bytes_begin);
  }
  out.append_little_endian(path.pending.size());
  for (const std::uint32_t step : path.pending) out.append_little_endian(step, 4);
  out.append_little_endian(path.bytes.size());
  out.append(path.bytes.from(0));
}
void read(ByteReader& in, DepthPath& path) {
  path = {};
  for (std::uint64_t left = in.number(); left > 0; --left) {
    const auto state = static_cast<StateIndex>(in.number(4));
    const auto pending_begin = static_cast<std::uint32_t>(in.number(4));
    path.frames.push_back({state, pending_begin, in.number()});
  }
  for (std::uint64_t left = in.number(); left > 0; --left)
    path.pending.push_back(static_cast<std::uint32_t>(in.number(4)));
  path.bytes.append(in.take(static_cast<std::size_t>(in.number())));
}

}  // namespace

std::uint64_t CheckpointWriter::unwritten_bytes(const KnownStates& known) const {
  return (known.size() - states_written_) * known.store().average_encoding();
}

Bytes CheckpointWriter::record(const KnownStates& known, const Standing& standing, const DepthPath* path) {
  bytes_.clear();
  for (const std::uint64_t number :
       {std::uint64_t{standing.initial_states}, std::uint64_t{standing.next}, std::uint64_t{standing.level_end},
        standing.level, std::bit_cast<std::uint64_t>(standing.seconds)})
    bytes_.append_little_endian(number);
  write(bytes_, standing.counters);
  write(bytes_, standing.counters_at_level);
  write(bytes_, standing.least);
  known.store().write(bytes_, states_written_, path != nullptr);
  known.parents().write(bytes_, states_written_, known.size(), chunks_written_);
  if (path != nullptr) write(bytes_, *path);
  states_written_ = known.size();
  chunks_written_ = known.parents().chunks().size();
  return bytes_.from(0);
}

void CheckpointWriter::restore(Bytes record, KnownStates& known, Standing& standing, DepthPath* path) {
  ByteReader in{record};
  const StateIndex level_end_before = standing.level_end;
  standing.initial_states = static_cast<StateIndex>(in.number());
  standing.next = static_cast<StateIndex>(in.number());
  standing.level_end = static_cast<StateIndex>(in.number());
  standing.level = in.number();
  standing.seconds = std::bit_cast<double>(in.number());
  read(in, standing.counters);
  read(in, standing.counters_at_level);
  read(in, standing.least);
  known.store().read(in, path != nullptr);
  if (standing.level_end != level_end_before && standing.level_end == known.size()) known.store().begin_level();
  known.parents().read(in, states_written_, known.size());
  if (path != nullptr) read(in, *path);
  states_written_ = known.size();
  chunks_written_ = known.parents().chunks().size();
}

}  // namespace sharelock::explore
