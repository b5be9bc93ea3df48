// For the fuzzers: bytes from libFuzzer as the readers meet foreign input, a file or a text that may be anything.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/input_error.h"

namespace sharelock::fuzzers {

/// A file in memory that is written anew for each input.
class InputFile {
 public:
  InputFile() : fd_{::memfd_create("input", MFD_CLOEXEC)}, path_{"/proc/self/fd/" + std::to_string(fd_)} {}
  ~InputFile() { ::close(fd_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& holding(std::string_view bytes) {
    if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
      std::abort();
    return path_;
  }

 private:
  int fd_;
  std::string path_;
};

/// Reads, and takes a refusal for what it is. Any other exception, crash or complaint of a sanitizer is a finding.
template <class Read>
int read_or_refuse(Read&& read) {
  try {
    read();
  } catch (const InputError& error) {
    if (describe(error).empty()) std::abort();
  }
  return 0;
}

}  // namespace sharelock::fuzzers
