// Sizes of memory as people write them: "8GiB", "512 MiB", "1000000".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sharelock {

/// The number of bytes that `text` says: a whole number and a unit, one of B (or none), KiB, MiB, GiB, TiB; a blank may
/// stand between them. Throws InputError for anything else, and for what does not fit into 64 bits.
std::uint64_t read_byte_size(std::string_view text);

/// The size with one decimal, in the largest unit of which there is at least one: "1.5 GiB".
std::string show_byte_size(std::uint64_t bytes);

}  // namespace sharelock
