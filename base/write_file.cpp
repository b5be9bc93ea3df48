#include "base/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/output_error.h"

namespace sharelock {
namespace {

namespace fs = std::filesystem;

/// An open file that knows the name that errors tell.
class Target {
 public:
  Target(int file, std::string shown) : file_{file}, shown_{std::move(shown)} {
    if (file_ < 0) fail();
  }
  ~Target() {
    if (file_ >= 0) ::close(file_);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const ::ssize_t put = ::write(file_, text.data(), text.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) fail();
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  void set_mode(::mode_t mode) {
    if (::fchmod(file_, mode) != 0) fail();
  }
  void finish(bool on_disk) {
    if (on_disk && ::fsync(file_) != 0) fail();
    if (::close(std::exchange(file_, -1)) != 0) fail();
  }
  [[noreturn]] void fail() const {
    throw OutputError{shown_, fmt::format("cannot be written: {}", std::strerror(errno))};
  }

 private:
  int file_;
  std::string shown_;
};

/// What a file created by the user would be allowed.
::mode_t mode_of(const std::string& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) == 0) return status.st_mode & 07777;
  const ::mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

void write_file(const std::string& path, std::string_view text) {
  std::error_code error;
  // Through a symbolic link the file that it names is replaced, not the link.
  const fs::path real = fs::is_symlink(path, error) ? fs::canonical(path, error) : fs::path{path};
  const std::string target = error || real.empty() ? path : real.string();
  if (fs::exists(target, error) && !fs::is_regular_file(target, error)) {
    Target device{::open(target.c_str(), O_WRONLY | O_CLOEXEC), path};
    device.write(text);
    return device.finish(false);
  }
  std::string beside = target + ".XXXXXX";
  Target file{::mkostemp(beside.data(), O_CLOEXEC), path};
  try {
    file.set_mode(mode_of(target));
    file.write(text);
    file.finish(true);
    if (::rename(beside.c_str(), target.c_str()) != 0) file.fail();
  } catch (const OutputError&) {
    ::unlink(beside.c_str());
    throw;
  }
}

}  // namespace sharelock
