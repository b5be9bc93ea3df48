// Files that are there completely or not at all.
#pragma once

#include <string>
#include <string_view>

namespace sharelock {

/// Writes `text` to `path`. A file of that name keeps its content until the new one is whole and on disk, and loses
/// nothing if that fails; what is no regular file (a device, a pipe) is written to directly.
/// @throws OutputError  if it cannot be written completely.
void write_file(const std::string& path, std::string_view text);

}  // namespace sharelock
