// Memory for what grows to fill the machine: reserved once, at an address that never moves, paid for when first
// touched.
//
// Therefore: growing copies nothing, so the peak is the final size, and huge pages keep the address look-ups short.
#pragma once

#include <cstddef>

namespace sharelock::explore {

/// A reserved run of zeroed bytes. Movable; the memory goes back to the system with it.
class Pages {
 public:
  Pages() = default;
  /// Reserves `bytes` (rounded up to pages). Throws std::bad_alloc when the address space does not have them.
  explicit Pages(std::size_t bytes);
  Pages(Pages&& other) noexcept;
  Pages& operator=(Pages&& other) noexcept;
  ~Pages();

  std::byte* data() const { return data_; }
  std::size_t reserved() const { return reserved_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t reserved_ = 0;
};

}  // namespace sharelock::explore
