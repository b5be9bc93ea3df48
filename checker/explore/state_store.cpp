#include "checker/explore/state_store.h"

#include <array>
#include <utility>

namespace sharelock::explore {
namespace {

constexpr std::size_t hash_bytes = sizeof(std::uint64_t);

}  // namespace

StateStore::StateStore(Storage storage, std::optional<std::size_t> encoded_size, std::uint64_t bytes_max)
    : compact_{storage == Storage::compact},
      kept_{compact_ ? std::optional{hash_bytes} : encoded_size, bytes_max},
      expanding_{encoded_size, compact_ ? bytes_max : 0},
      found_{encoded_size, compact_ ? bytes_max : 0} {}

std::uint64_t StateStore::bytes_for(std::uint64_t states, std::uint64_t encoded) const {
  if (!compact_) return kept_.bytes_for(states, encoded);
  return states * hash_bytes + found_.bytes_for(states - expanding_begin_, encoded);
}

std::uint64_t StateStore::encoded_bytes() const {
  return compact_ ? expanding_.encoded_bytes() + found_.encoded_bytes() : kept_.encoded_bytes();
}

void StateStore::place(StateIndex index, std::uint64_t begin, std::uint64_t hash, Bytes encoding) {
  if (!compact_) return kept_.place(index, begin, encoding);
  std::array<std::byte, hash_bytes> kept;
  store_little_endian(hash, kept.data());
  kept_.place(index, index * hash_bytes, kept);
  found_.place(index - found_begin_, begin, encoding);
}

void StateStore::grow(std::uint64_t states, std::uint64_t encoded) {
  kept_.grow(states, compact_ ? states * hash_bytes : encoded);
  if (compact_) found_.grow(states, encoded);
}

void StateStore::append(std::uint64_t hash, Bytes encoding) {
  place(static_cast<StateIndex>(size()), encoded_bytes_found(), hash, encoding);
  grow(1, encoding.size());
}

std::uint64_t StateStore::average_encoding() const {
  const std::uint64_t states = compact_ ? expanding_.size() + found_.size() : kept_.size();
  return states == 0 ? 0 : encoded_bytes() / states + 1;
}

void StateStore::write(ByteBuffer& out, std::uint64_t first, bool as_kept) const {
  out.append_little_endian(size() - first);
  for (std::uint64_t i = first; i < size(); ++i) {
    const Bytes bytes = as_kept ? kept_[i] : encoding(static_cast<StateIndex>(i));
    out.append_little_endian(bytes.size(), 4);
    out.append(bytes);
  }
}

void StateStore::read(ByteReader& in, bool as_kept) {
  for (std::uint64_t left = in.number(); left > 0; --left) {
    const Bytes bytes = in.take(static_cast<std::size_t>(in.number(4)));
    if (as_kept)
      kept_.append(bytes);
    else
      append(hash_of(bytes), bytes);
  }
}

void StateStore::begin_level() {
  if (!compact_) return;
  std::swap(expanding_, found_);
  found_.clear();
  expanding_begin_ = found_begin_;
  found_begin_ = size();
}

}  // namespace sharelock::explore
