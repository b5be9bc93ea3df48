// Draws lives of a share coordinator: requests that go where the rules decide something, drawn from the model's state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/chance.h"
#include "interop/coordination/model_answers.h"

namespace sharelock::interop {

/// Draws the life of one share coordinator with so many requests after the `shard.new`. The same chance and profile
/// give the same life.
Life draw_shard_life(Chance chance, const Profile& profile, std::uint32_t requests);

/// Draws so many combinations for the combiner, each a request of its own.
Life draw_combinations(Chance chance, std::uint32_t requests);

}  // namespace sharelock::interop
