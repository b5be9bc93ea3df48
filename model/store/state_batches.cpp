#include "model/store/state_batches.h"

namespace sharelock {

StateBatches::StateBatches(const StateBatches& other) : Base{static_cast<const Base&>(other)} {}

StateBatches::StateBatches(StateBatches&& other) noexcept : Base{static_cast<Base&&>(other)} {}

StateBatches& StateBatches::operator=(const StateBatches& other) {
  Base::operator=(static_cast<const Base&>(other));
  return *this;
}

StateBatches& StateBatches::operator=(StateBatches&& other) noexcept {
  Base::operator=(static_cast<Base&&>(other));
  return *this;
}

}  // namespace sharelock
