#include "base/write_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/output_error.h"

namespace sharelock {
namespace {

namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  static std::string content(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator{folder_}, fs::directory_iterator{}); }

 private:
  std::string folder_ = testing::TempDir() + "write_file_" + std::to_string(::getpid());
};

TEST_F(WriteFile, ReplacesTheContentAndKeepsTheRights) {
  write_file(path("a"), "first");
  fs::permissions(path("a"), fs::perms::owner_read | fs::perms::owner_write);
  write_file(path("a"), "second");
  EXPECT_EQ(content(path("a")), "second");
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(files(), 1);
}

TEST_F(WriteFile, FollowsALinkInsteadOfReplacingIt) {
  write_file(path("real"), "first");
  fs::create_symlink(path("real"), path("link"));
  write_file(path("link"), "second");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(content(path("real")), "second");
}

TEST_F(WriteFile, WhatCannotBeWrittenIsAnErrorThatNamesIt) {
  EXPECT_THROW(write_file("/dev/full", "x"), OutputError);
  EXPECT_THROW(write_file(path("no/such/folder"), "x"), OutputError);
  EXPECT_THROW(write_file(fs::path{path("a")}.parent_path().string(), "x"), OutputError);
}

TEST_F(WriteFile, ADiskThatFillsUpHalfWayTakesNothingFromTheOldFile) {
  write_file(path("a"), "precious");
  // A limit on the size of files stands for the disk: write() fails half-way, with EFBIG in place of ENOSPC.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file(path("a"), std::string(5000, 'x'));
    } catch (const OutputError&) {
      ::_exit(7);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(content(path("a")), "precious");
  EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace sharelock
