#include "base/status_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace sharelock {

StatusLine::StatusLine() : on_terminal_{::isatty(STDERR_FILENO) != 0} {}

StatusLine::~StatusLine() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

void StatusLine::show(std::string_view text) {
  if (!on_terminal_) return;
  fmt::print(stderr, "\r\x1b[K{}", text);
  std::fflush(stderr);
  shown_ = true;
}

void StatusLine::leave(std::string_view text) {
  show(text);
  if (std::exchange(shown_, false)) fmt::print(stderr, "\n");
}

}  // namespace sharelock
