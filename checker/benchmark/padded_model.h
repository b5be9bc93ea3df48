// Any model, with every state made larger by bytes that differ from state to state. Its graph is that of the model
// itself; it shows what large states cost.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "checker/explore/model.h"

namespace sharelock::benchmark {

/// @tparam Sized  Whether it says that all encodings are of one size; otherwise each is treated as if it were not.
template <explore::FixedSize M, bool Sized>
class PaddedModel : public M {
 public:
  /// @param padding  Bytes added to every encoding; a multiple of eight.
  PaddedModel(const M& model, std::size_t padding) : M{model}, padding_{padding} {}

  void encode(const typename M::State& state, const explore::Renaming& renaming, explore::ByteBuffer& out) const {
    const std::size_t begin = out.size();
    M::encode(state, renaming, out);
    std::uint64_t word = explore::hash_of(out.from(begin));
    for (std::size_t i = 0; i < padding_; i += sizeof word) {
      explore::store_little_endian(word, out.extend(sizeof word));
      word = word * 0xd1342543de82ef95 + 1;
    }
  }
  void decode(explore::Bytes bytes, typename M::State& state) const {
    M::decode(bytes.first(bytes.size() - padding_), state);
  }
  std::size_t encoded_size() const
    requires Sized
  {
    return M::encoded_size() + padding_;
  }
  std::string identity() const { return M::identity() + " padded by " + std::to_string(padding_); }

 private:
  std::size_t padding_;
};

}  // namespace sharelock::benchmark
