#include "base/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "base/input_error.h"

namespace sharelock {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 17;

[[noreturn]] void refuse(const std::string& name, const std::string& message, std::string hint = {}) {
  throw InputError{{name}, message, std::move(hint)};
}

}  // namespace

/// The bytes as they are stored, read in chunks: what is not consumed yet is `rest()`.
class ByteSource::File {
 public:
  File(const std::string& path, const std::string& name) : name_{name}, bytes_(chunk_bytes) {
    fd_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) refuse(name_, std::string{"cannot be read: "} + std::strerror(errno), "is the path right?");
    struct stat status {};
    if (::fstat(fd_, &status) == 0 && S_ISDIR(status.st_mode)) {
      close();
      refuse(name_, "is a directory, not a file", "name a file in it");
    }
  }
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& name() const { return name_; }
  std::span<const char> rest() const { return std::span{bytes_}.subspan(begin_, end_ - begin_); }
  void consume(std::size_t count) { begin_ += count; }

  /// Makes sure that at least `count` bytes are in rest() unless the file ends before; false if nothing is left.
  bool fill(std::size_t count = 1) {
    if (rest().size() < count && begin_ > 0) {
      std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
      end_ -= begin_;
      begin_ = 0;
    }
    while (rest().size() < count) {
      const ssize_t got = ::read(fd_, bytes_.data() + end_, bytes_.size() - end_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) refuse(name_, std::string{"cannot be read: "} + std::strerror(errno));
      if (got == 0) break;
      end_ += static_cast<std::size_t>(got);
    }
    return begin_ < end_;
  }

 private:
  void close() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
    fd_ = -1;
  }

  std::string name_;
  int fd_ = -1;
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class ByteSource::Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::size_t read(File& file, std::span<char> into) = 0;
};

class ByteSource::Plain final : public ByteSource::Decoder {
 public:
  std::size_t read(File& file, std::span<char> into) override {
    if (!file.fill()) return 0;
    const std::size_t count = std::min(into.size(), file.rest().size());
    std::copy_n(file.rest().begin(), count, into.begin());
    file.consume(count);
    return count;
  }
};

/// One or more gzip members, as `cat a.gz b.gz` makes them.
class ByteSource::Gzip final : public ByteSource::Decoder {
 public:
  Gzip() {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc{};
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  std::size_t read(File& file, std::span<char> into) override {
    for (;;) {
      if (!file.fill()) {
        if (inside_member_) refuse(file.name(), "the gzip data ends in the middle", "is the file complete?");
        return 0;
      }
      const std::size_t written = inflate_some(file, into);
      if (written > 0) return written;
    }
  }

 private:
  std::size_t inflate_some(File& file, std::span<char> into) {
    const auto rest = file.rest();
    // zlib takes its input without const, but does not write to it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
    stream_.avail_in = static_cast<uInt>(rest.size());
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(std::min(into.size(), chunk_bytes));
    const auto room = stream_.avail_out;
    inside_member_ = true;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    file.consume(rest.size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      inside_member_ = false;
      inflateReset(&stream_);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      refuse(file.name(), std::string{"the gzip data is damaged: "} + (stream_.msg ? stream_.msg : "unknown"));
    }
    return room - stream_.avail_out;
  }

  z_stream stream_{};
  bool inside_member_ = false;
};

/// One or more zstd frames.
class ByteSource::Zstd final : public ByteSource::Decoder {
 public:
  Zstd() : stream_{ZSTD_createDStream()} {
    if (!stream_) throw std::bad_alloc{};
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  std::size_t read(File& file, std::span<char> into) override {
    for (;;) {
      // A frame can hold back output when `into` was too small for it: then no further input is needed.
      const bool more = file.fill();
      const auto rest = file.rest();
      ZSTD_inBuffer in{rest.data(), rest.size(), 0};
      ZSTD_outBuffer out{into.data(), into.size(), 0};
      if (more || inside_frame_) {
        const std::size_t result = ZSTD_decompressStream(stream_, &out, &in);
        if (ZSTD_isError(result))
          refuse(file.name(), std::string{"the zstd data is damaged: "} + ZSTD_getErrorName(result));
        inside_frame_ = result != 0;
        file.consume(in.pos);
      }
      if (out.pos > 0) return out.pos;
      if (!more) {
        if (inside_frame_) refuse(file.name(), "the zstd data ends in the middle", "is the file complete?");
        return 0;
      }
    }
  }

 private:
  ZSTD_DStream* stream_;
  bool inside_frame_ = false;
};

ByteSource::ByteSource(std::string path)
    : name_{path == "-" ? "<stdin>" : path}, file_{std::make_unique<File>(path, name_)} {
  constexpr std::array<char, 4> zstd_magic{'\x28', '\xb5', '\x2f', '\xfd'};
  constexpr std::array<char, 2> gzip_magic{'\x1f', '\x8b'};
  file_->fill(zstd_magic.size());
  const auto begins_with = [&](const auto& magic) {
    return file_->rest().size() >= magic.size() && std::equal(magic.begin(), magic.end(), file_->rest().begin());
  };
  if (begins_with(zstd_magic))
    decoder_ = std::make_unique<Zstd>();
  else if (begins_with(gzip_magic))
    decoder_ = std::make_unique<Gzip>();
  else
    decoder_ = std::make_unique<Plain>();
}

ByteSource::~ByteSource() = default;

std::size_t ByteSource::read(std::span<char> into) {
  return decoder_->read(*file_, into);
}

}  // namespace sharelock
