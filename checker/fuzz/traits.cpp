#include "checker/fuzz/traits.h"

namespace sharelock::fuzz {
namespace {

/// What kind of trait it is: numbers of different kinds are mixed differently.
enum class Kind : std::uint32_t { next_steps, step_in_state, effect, steps, observations, situation };

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9U;
  value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11ebU;
  return value ^ (value >> 31);
}

Trait trait_of(Kind kind, std::uint64_t first, std::uint64_t second) {
  const std::uint64_t both = mixed(first * 8 + static_cast<std::uint64_t>(kind)) ^ (second * 0x9e37'79b9'7f4a'7c15U);
  return static_cast<Trait>(mixed(both) % trait_count);
}

/// A step without members and offsets.
std::uint32_t kind_of(const Step& step) {
  return static_cast<std::uint32_t>(step.kind) << 16 | static_cast<std::uint32_t>(step.cause) << 8 |
         static_cast<std::uint32_t>(step.type) << 4 | (step.error == KafkaError::none ? 0 : 1);
}

/// An observation without members and offsets, but with the error that it tells of.
std::uint32_t kind_of(const Observation& observation) {
  const auto error = std::visit(
      [](const auto& seen) -> std::uint32_t {
        if constexpr (requires { seen.error; })
          return static_cast<std::uint32_t>(seen.error) + 1;
        else
          return 0;
      },
      observation);
  return static_cast<std::uint32_t>(observation.index() + 1) << 16 | (error & 0xffff);
}

}  // namespace

bool TraitSet::add(Trait trait) {
  if (has_->test(trait)) return false;
  has_->set(trait);
  list_.push_back(trait);
  return true;
}

std::size_t TraitSet::add_all(const std::vector<Trait>& traits) {
  std::size_t added = 0;
  for (const Trait trait : traits) added += add(trait);
  return added;
}

void TraitSet::clear() {
  for (const Trait trait : list_) has_->reset(trait);
  list_.clear();
}

/// One of a kind is as good as many.
void TraitReader::look(const std::vector<Step>& enabled) {
  std::uint64_t sum = 0;
  std::uint32_t last = 0;
  for (const Step& step : enabled) {
    if (fault_of(step)) continue;
    const std::uint32_t kind = static_cast<std::uint32_t>(step.kind) << 8 | static_cast<std::uint32_t>(step.cause);
    if (kind != last) sum ^= mixed(kind + 1);
    last = kind;
  }
  state_ = sum;
  set_.add(trait_of(Kind::next_steps, sum, 0));
}

void TraitReader::see(const Step& step, const Observations& observations) {
  const std::uint32_t taken = kind_of(step);
  set_.add(trait_of(Kind::steps, last_step_, taken));
  set_.add(trait_of(Kind::step_in_state, state_, taken));
  last_step_ = taken;
  for (const Observation& observation : observations) {
    const std::uint32_t seen = kind_of(observation);
    set_.add(trait_of(Kind::effect, taken, seen));
    set_.add(trait_of(Kind::observations, last_seen_, seen));
    last_seen_ = seen;
  }
}

void TraitReader::meet(std::size_t situation) {
  set_.add(trait_of(Kind::situation, situation, 0));
}

}  // namespace sharelock::fuzz
