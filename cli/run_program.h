// For tests: the program as a shell runs it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace sharelock::cli {

/// What the shell gets to see.
struct Ran {
  int code = -1;
  std::string out;  ///< Standard output and standard error, as they came.
};

/// Runs `sharelock ARGUMENTS` in a shell, which may redirect; -1 if it was killed.
inline Ran run_program(const std::string& arguments) {
  Ran ran;
  std::FILE* pipe = ::popen((std::string{"exec 2>&1; " SHARELOCK_PROGRAM " "} + arguments).c_str(), "r");
  if (pipe == nullptr) return ran;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) ran.out.push_back(static_cast<char>(c));
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  return ran;
}

/// A file that goes with the object.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& content)
      : path_{"/tmp/sharelock_" + std::to_string(::getpid()) + "_" + name} {
    std::ofstream{path_, std::ios::binary} << content;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  std::string content() const {
    std::ifstream file{path_, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

 private:
  std::string path_;
};

}  // namespace sharelock::cli
