// Notices that a calm world goes round in circles, long before its time to finish is over.
#pragma once

#include <vector>

#include "sim/simulation.h"

namespace sharelock {

class Stuck {
 public:
  explicit Stuck(std::size_t members) : before_(members) {}

  /// True: a member asks for records again, the world is what it was when it last did, no lock is armed, and nothing
  /// is under way to the store. Then nothing is left that could change it.
  /// Precondition: in the world nothing goes wrong any more, and nothing is written.
  bool notices(const Taken& taken);

 private:
  std::vector<Encoding> before_;  ///< The world when each member fetched last.
};

}  // namespace sharelock
