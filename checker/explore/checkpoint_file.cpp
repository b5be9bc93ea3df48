#include "checker/explore/checkpoint_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/input_error.h"
#include "base/output_error.h"

namespace sharelock::explore {
namespace {

constexpr std::string_view magic = "sharelock checkpoint 1\n";
constexpr std::size_t head_bytes = 16;  // Of a record: its length and its checksum.

/// Reads exactly `count` bytes, or says that there are not so many.
bool read_fully(int file, ByteBuffer& into, std::size_t count) {
  std::byte* to = into.extend(count);
  while (count > 0) {
    const ::ssize_t got = ::read(file, to, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

ByteBuffer header(const Digest& digest) {
  ByteBuffer bytes;
  bytes.append(std::as_bytes(std::span{magic}));
  for (const std::uint64_t word : digest) bytes.append_little_endian(word);
  return bytes;
}

}  // namespace

Digest digest_of(std::string_view search) {
  std::ifstream program{"/proc/self/exe", std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{program}, {}};
  text += search;
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64, hash.high64};
}

CheckpointFile::CheckpointFile(std::string path, const Digest& digest, const std::function<void(Bytes)>& restore)
    : path_{std::move(path)}, file_{::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)} {
  if (file_ < 0) fail("cannot be opened");
  struct stat status {};
  if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) fail("is no file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const ByteBuffer expected = header(digest);
  ByteBuffer buffer;
  if (size < expected.size()) {
    // New, or killed before even the header was whole; anything else is not ours to overwrite.
    const bool ours = read_fully(file_, buffer, static_cast<std::size_t>(size)) &&
                      same_bytes(buffer.part(0, std::min<std::size_t>(size, magic.size())),
                                 expected.part(0, std::min<std::size_t>(size, magic.size())));
    if (!ours) throw InputError{{path_}, "is no checkpoint", "name a file that does not exist yet"};
    if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0) fail("cannot be written");
    write(expected.from(0));
    return;
  }
  if (!read_fully(file_, buffer, expected.size())) fail("cannot be read");
  if (!same_bytes(buffer.part(0, magic.size()), expected.part(0, magic.size())))
    throw InputError{{path_}, "is no checkpoint", "name a file that does not exist yet"};
  if (!same_bytes(buffer.from(0), expected.from(0)))
    throw InputError{
        {path_},
        "is the checkpoint of another search",
        "the program, the model, its bounds and all options must be the same; remove the file to begin anew"};

  std::uint64_t whole = expected.size();
  for (;;) {
    buffer.clear();
    if (size - whole < head_bytes || !read_fully(file_, buffer, head_bytes)) break;
    ByteReader head{buffer.from(0)};
    const std::uint64_t length = head.number();
    const std::uint64_t checksum = head.number();
    buffer.clear();
    if (length > size - whole - head_bytes || !read_fully(file_, buffer, static_cast<std::size_t>(length))) break;
    if (hash_of(buffer.from(0)) != checksum) break;
    restore(buffer.from(0));
    whole += head_bytes + length;
  }
  if (::ftruncate(file_, static_cast<::off_t>(whole)) != 0 || ::lseek(file_, 0, SEEK_END) < 0)
    fail("cannot be written");
}

CheckpointFile::~CheckpointFile() {
  if (file_ >= 0) ::close(file_);
}

void CheckpointFile::append(Bytes record) {
  ByteBuffer head;
  head.append_little_endian(record.size());
  head.append_little_endian(hash_of(record));
  write(head.from(0));
  write(record);
  if (::fdatasync(file_) != 0) fail("cannot be written");
}

void CheckpointFile::write(Bytes bytes) {
  while (!bytes.empty()) {
    const ::ssize_t put = ::write(file_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) fail("cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void CheckpointFile::fail(const std::string& what) const {
  throw OutputError{path_, fmt::format("{}: {}", what, std::strerror(errno))};
}

}  // namespace sharelock::explore
