// One line on the terminal that is written over again and again, while something takes long.
#pragma once

#include <string_view>

namespace sharelock {

/// Writes to stderr, and only if that is a terminal. Unless it is left, the line disappears with the object.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void show(std::string_view text);
  /// The last one: it stays where it is.
  void leave(std::string_view text);

 private:
  bool on_terminal_;
  bool shown_ = false;
};

}  // namespace sharelock
