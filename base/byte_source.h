// The bytes of a file or of standard input, plain, gzip or zstd: told by what the first bytes say, not by the name.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace sharelock {

/// Reads forward, decompresses on the way. Every trouble is an InputError that names the file.
class ByteSource {
 public:
  /// @param path  A file, or `-` for standard input.
  /// @throws InputError  if it cannot be opened.
  explicit ByteSource(std::string path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills the beginning of `into` (not empty) and returns how much; 0 only at the end.
  /// @throws InputError  if it cannot be read, is truncated, or is not what its first bytes promise.
  std::size_t read(std::span<char> into);

  /// The path as it is shown in messages: `<stdin>` for `-`.
  const std::string& name() const { return name_; }

 private:
  class File;
  class Decoder;
  class Plain;
  class Gzip;
  class Zstd;

  std::string name_;
  std::unique_ptr<File> file_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace sharelock
