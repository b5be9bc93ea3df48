// How results are put into words and lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sharelock {

/// What fits on a terminal.
inline constexpr std::size_t columns = 80;

/// `1 seed`, `2 seeds`.
std::string counted(std::uint64_t number, std::string_view noun);
/// The same where the noun stands in the plural, with other words: `1 lock expired` of `locks expired`.
std::string counted_words(std::uint64_t number, std::string_view plural);
/// Breaks `text` into lines that fit, each after `indent` blanks.
std::string wrapped(std::string_view text, std::size_t indent);
/// A name, and beside it, from column `indent` on, what is said of it.
std::string listed(std::string_view name, std::size_t indent, std::string_view text);

}  // namespace sharelock
