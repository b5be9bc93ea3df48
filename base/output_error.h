// Something that was found cannot be written down: the disk is full, the folder is not there, the file is not ours.
#pragma once

#include <stdexcept>
#include <string>

namespace sharelock {

/// Thrown where a write fails, caught once, in main(), which exits with 74.
class OutputError : public std::runtime_error {
 public:
  /// @param path  What was to be written; `<stdout>` for standard output.
  OutputError(std::string path, const std::string& message) : std::runtime_error{message}, path{std::move(path)} {}

  std::string path;
};

}  // namespace sharelock
