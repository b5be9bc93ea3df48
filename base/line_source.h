// The lines of a file or of standard input, one after the other, numbered; plain, gzip or zstd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"

namespace sharelock {

/// Reads a text line by line in constant memory.
class LineSource {
 public:
  /// What a line may have at most. Longer ones are refused: they are no text that we know how to read.
  static constexpr std::size_t default_line_bytes_max = std::size_t{64} << 20;
  /// So many bytes after each line may be read, whatever is in them: the JSON parser asks for them.
  static constexpr std::size_t padding_bytes = 64;

  /// @param path  A file, or `-` for standard input.
  explicit LineSource(std::string path, std::size_t line_bytes_max = default_line_bytes_max);

  /// The next line, without its end (`\n` or `\r\n`), valid until the next call. False at the end.
  /// @throws InputError  with file and line, if the rest cannot be read, or the line is too long or no text.
  bool next(std::string_view& line);
  /// Lets `next` hand out the line that it handed out last once more, after a look at it. Once per line.
  void again();

  /// The number of the line that was read last, from 1.
  std::uint32_t line_number() const { return line_number_; }
  const std::string& name() const { return bytes_.name(); }

 private:
  bool read_more();

  ByteSource bytes_;
  std::size_t line_bytes_max_;
  std::vector<char> buffer_;
  std::size_t last_ = 0;     ///< Where the line that was handed out last begins.
  std::size_t begin_ = 0;    ///< Where the next line begins.
  std::size_t scanned_ = 0;  ///< Up to here there is no end of line.
  std::size_t end_ = 0;      ///< Where what was read ends.
  std::uint32_t line_number_ = 0;
};

}  // namespace sharelock
