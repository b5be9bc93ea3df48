// A file that a search can go on from after it was killed at any moment.
//
// The file begins with a digest of everything that the search depends on; it is refused for any other search. Then come
// records, each with its length and checksum, only ever appended. What was being written when the search was killed is
// cut off when it goes on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "checker/explore/bytes.h"

namespace sharelock::explore {

/// 128 bits that stand for a search.
using Digest = std::array<std::uint64_t, 2>;

/// The digest of this program and of `search`: a text that names the model and all options that matter.
Digest digest_of(std::string_view search);

class CheckpointFile {
 public:
  /// Opens or creates `path` and calls `restore` with every whole record, in order. Throws InputError when it
  /// belongs to another search, OutputError when it cannot be opened or written.
  CheckpointFile(std::string path, const Digest& digest, const std::function<void(Bytes)>& restore);
  ~CheckpointFile();
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  /// Appends a record and returns when it is on disk. Throws OutputError when the disk does not take it.
  void append(Bytes record);

 private:
  void write(Bytes bytes);
  [[noreturn]] void fail(const std::string& what) const;

  std::string path_;
  int file_ = -1;
};

}  // namespace sharelock::explore
