#include "base/line_source.h"

#include <fmt/format.h>

#include <cstring>

#include "base/input_error.h"

namespace sharelock {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 18;

}  // namespace

LineSource::LineSource(std::string path, std::size_t line_bytes_max)
    : bytes_{std::move(path)}, line_bytes_max_{line_bytes_max}, buffer_(buffer_bytes) {}

bool LineSource::next(std::string_view& line) {
  for (;;) {
    const char* unseen = buffer_.data() + scanned_;
    const void* found = scanned_ < end_ ? std::memchr(unseen, '\n', end_ - scanned_) : nullptr;
    if (found) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_.data() + begin_));
      line = {buffer_.data() + begin_, length};
      last_ = begin_;
      begin_ = scanned_ = begin_ + length + 1;
      break;
    }
    scanned_ = end_;
    if (end_ - begin_ > line_bytes_max_)
      throw InputError{{name(), line_number_ + 1}, fmt::format("a line of more than {} bytes", line_bytes_max_)};
    if (read_more()) continue;
    if (begin_ == end_) return false;
    line = {buffer_.data() + begin_, end_ - begin_};
    last_ = begin_;
    begin_ = scanned_ = end_;
    break;
  }
  ++line_number_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find('\0') != std::string_view::npos)
    throw InputError{{name(), line_number_}, "a zero byte: this is no text", "plain, gzip and zstd texts are read"};
  return true;
}

void LineSource::again() {
  begin_ = scanned_ = last_;
  --line_number_;
}

/// Moves the unfinished line to the front, makes room, reads. False at the end of the input.
bool LineSource::read_more() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < buffer_bytes / 2 + padding_bytes) buffer_.resize(buffer_.size() * 2);
  try {
    const std::size_t got = bytes_.read({buffer_.data() + end_, buffer_.size() - end_ - padding_bytes});
    end_ += got;
    return got > 0;
  } catch (InputError& error) {
    if (line_number_ > 0) error.at.line = line_number_ + 1;
    throw;
  }
}

}  // namespace sharelock
