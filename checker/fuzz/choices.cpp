#include "checker/fuzz/choices.h"

#include <rapidcheck.h>

namespace sharelock::fuzz {

Choices draw_choices(std::uint64_t seed, std::uint64_t number, std::size_t count) {
  const auto generator = rc::gen::container<Choices>(count, rc::gen::arbitrary<std::uint32_t>());
  return generator(rc::Random{rc::Random::Key{seed, number, 0, 0}}, rc::kNominalSize).value();
}

}  // namespace sharelock::fuzz
