#include "reports/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace sharelock {

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string counted_words(std::uint64_t number, std::string_view plural) {
  std::string words{plural};
  for (std::size_t end = words.find(' '); number == 1; end = words.find(' ', end + 1)) {
    const std::size_t last = std::min(end, words.size());
    if (last > 0 && words[last - 1] == 's') {
      words.erase(last - 1, 1);
      break;
    }
    if (end == std::string::npos) break;
  }
  return fmt::format("{} {}", number, words);
}

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) result += fmt::format("{:{}}{}\n", "", indent, line);
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \n");
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (!line.empty() && indent + line.size() + 1 + word.size() > columns) flush();
    if (!line.empty()) line += ' ';
    line += word;
    text.remove_prefix(end);
  }
  flush();
  return result;
}

std::string listed(std::string_view name, std::size_t indent, std::string_view text) {
  const std::string lines = wrapped(text, indent);
  if (name.size() + 1 > indent || lines.empty()) return fmt::format("{}\n{}", name, lines);
  return fmt::format("{:<{}}{}", name, indent, std::string_view{lines}.substr(indent));
}

}  // namespace sharelock
