// Symmetry: of all the states that differ only in the names of interchangeable members, one is kept.
//
// The one kept is that whose encoding is least over all renamings, found by trying every one: exact, and affordable up
// to four members (24 renamings). A model that knows a quicker way to a canonical one says so.
#pragma once

#include <vector>

#include "checker/explore/bytes.h"
#include "checker/explore/model.h"

namespace sharelock::explore {

/// Every renaming that keeps each set to itself, the identity first. Throws InputError when there are more than
/// `renamings_max`.
inline constexpr std::size_t renamings_max = 720;
std::vector<Renaming> renamings_of(const std::vector<std::vector<std::size_t>>& interchangeable);

/// Writes states as the search knows them: canonical under the renamings if symmetry is in use, as they are otherwise.
template <Model M>
class CanonicalEncoder {
 public:
  CanonicalEncoder(const M& model, bool symmetry) : model_{&model} {
    if constexpr (Symmetric<M>)
      if (symmetry) renamings_ = renamings_of(model.interchangeable());
  }

  /// Appends the encoding of `state` to `out`.
  void encode(const typename M::State& state, ByteBuffer& out) {
    if constexpr (EncodesCanonically<M>)
      if (renamings_.size() > 1) return model_->encode_canonical(state, renamings_, out);
    const std::size_t begin = out.size();
    model_->encode(state, renamings_.front(), out);
    for (std::size_t i = 1; i < renamings_.size(); ++i) {
      trial_.clear();
      model_->encode(state, renamings_[i], trial_);
      if (!less_bytes(trial_.from(0), out.from(begin))) continue;
      out.shrink(begin);
      out.append(trial_.from(0));
    }
  }

 private:
  const M* model_;
  std::vector<Renaming> renamings_ = std::vector<Renaming>(1);
  ByteBuffer trial_;
};

}  // namespace sharelock::explore
