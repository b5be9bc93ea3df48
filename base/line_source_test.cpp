#include "base/line_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>

#include "base/input_error.h"

namespace sharelock {
namespace {

/// A file that is gone when the test is over.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() / (std::string{"sharelock-"} + test->name() + ".tmp");
    std::ofstream{path_, std::ios::binary}.write(content.data(), static_cast<std::streamsize>(content.size()));
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string gzip(std::string_view text) {
  std::string plain{text};
  std::string packed(text.size() + 1000, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::vector<std::string> lines_of(std::string_view content) {
  const TemporaryFile file{content};
  LineSource source{file.path()};
  std::vector<std::string> lines;
  for (std::string_view line; source.next(line);) lines.emplace_back(line);
  return lines;
}

std::string error_of(std::string_view content, std::size_t line_bytes_max = LineSource::default_line_bytes_max) {
  const TemporaryFile file{content};
  try {
    LineSource source{file.path(), line_bytes_max};
    for (std::string_view line; source.next(line);) {
    }
  } catch (const InputError& error) {
    return std::to_string(error.at.line) + ": " + error.what();
  }
  return "none";
}

/// Long enough that every buffer is refilled several times.
std::string long_text() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(LineSource, SplitsAtLineEndsOfBothKindsAndTakesALastLineWithoutOne) {
  EXPECT_THAT(lines_of("a\r\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(lines_of(""), IsEmpty());
}

TEST(LineSource, ReadsTheSameLinesPlainAndCompressed) {
  const std::string text = long_text();
  const auto plain = lines_of(text);
  ASSERT_EQ(plain.size(), 100'000u);
  EXPECT_EQ(plain.back(), "line 99999");
  EXPECT_EQ(lines_of(zstd(text)), plain);
  EXPECT_EQ(lines_of(gzip(text)), plain);
}

TEST(LineSource, ReadsSeveralCompressedPartsOneAfterTheOther) {
  EXPECT_THAT(lines_of(zstd("a\nb") + zstd("c\n")), ElementsAre("a", "bc"));
  EXPECT_THAT(lines_of(gzip("a\nb") + gzip("c\n")), ElementsAre("a", "bc"));
}

TEST(LineSource, NumbersLines) {
  const TemporaryFile file{"a\nb\n"};
  LineSource source{file.path()};
  std::string_view line;
  source.next(line);
  source.next(line);
  EXPECT_EQ(source.line_number(), 2u);
}

TEST(LineSource, TakesALineLongerThanItsBuffer) {
  const std::string wide(3'000'000, 'x');
  EXPECT_EQ(lines_of(wide + "\ny\n").at(0), wide);
}

TEST(LineSource, SaysWhereALineIsTooLong) {
  EXPECT_EQ(error_of("short\n" + std::string(600'000, 'x'), 1000), "2: a line of more than 1000 bytes");
}

TEST(LineSource, RefusesWhatIsNoText) {
  EXPECT_THAT(error_of(std::string{"a\nb\0c\n", 6}), HasSubstr("2: a zero byte"));
}

TEST(LineSource, SaysThatCompressedDataIsTruncatedOrDamaged) {
  const std::string text = long_text();
  const std::string packed = zstd(text);
  EXPECT_THAT(error_of(packed.substr(0, packed.size() / 2)), HasSubstr("ends in the middle"));
  const std::string gzipped = gzip(text);
  EXPECT_THAT(error_of(gzipped.substr(0, gzipped.size() / 2)), HasSubstr("ends in the middle"));
  std::string damaged = gzipped;
  damaged[1000] = static_cast<char>(damaged[1000] ^ 0x55);
  EXPECT_THAT(error_of(damaged), HasSubstr("damaged"));
  EXPECT_THAT(error_of(zstd("a") + "rubbish"), HasSubstr("damaged"));
}

TEST(LineSource, SaysThatAFileIsMissingOrADirectory) {
  EXPECT_THROW(LineSource{"/no/such/file"}, InputError);
  EXPECT_THROW(LineSource{"/"}, InputError);
}

TEST(LineSource, HandsTheLastLineOutOnceMore) {
  for (const std::string_view text : {"one\ntwo\n", "one\ntwo"}) {
    const TemporaryFile file{text};
    LineSource lines{file.path()};
    std::string_view line;
    for (std::uint32_t number = 1; number <= 2; ++number) {
      ASSERT_TRUE(lines.next(line));
      lines.again();
      ASSERT_TRUE(lines.next(line));
      EXPECT_EQ(line, number == 1 ? "one" : "two");
      EXPECT_EQ(lines.line_number(), number);
    }
    EXPECT_FALSE(lines.next(line));
  }
}

}  // namespace
}  // namespace sharelock
