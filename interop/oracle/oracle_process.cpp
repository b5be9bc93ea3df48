#include "interop/oracle/oracle_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace sharelock::interop {
namespace {

constexpr int exit_missing = 69;  // What the launcher ends with when a tool is not there.

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{std::string{"pipe: "} + std::strerror(errno)};
  return {ends[0], ends[1]};
}

void close_quietly(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

/// Runs a program with these ends as its standard input and output; its complaints go where ours go.
int spawn(std::vector<std::string> arguments, int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t process = -1;
  const int error = ::posix_spawn(&process, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw OracleMissing{fmt::format("{} cannot be started: {}", arguments[0], std::strerror(error))};
  return process;
}

std::string launcher_of(std::string_view oracle) {
  return fmt::format("{}/interop/kafka/{}/oracle", SHARELOCK_SOURCE_DIR, oracle);
}

/// Builds the oracle if it is not built yet, and finds out whether it can be run at all.
void make_sure_it_is_built(KafkaLine line, const std::string& launcher) {
  int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const int process = spawn({launcher, std::string{name_of(line)}, "--build"}, null, null);
  close_quietly(null);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == exit_missing)
    throw OracleMissing{"the real Kafka class cannot be run here; what is missing is said above"};
  throw OracleMissing{fmt::format("{} could not be built; what it said is above", launcher)};
}

}  // namespace

OracleProcess::OracleProcess(KafkaLine line, std::string_view oracle) {
  const std::string launcher = launcher_of(oracle);
  make_sure_it_is_built(line, launcher);
  ::signal(SIGPIPE, SIG_IGN);
  Pipe requests = make_pipe();
  Pipe answers = make_pipe();
  const Pipe wake = make_pipe();
  process_ = spawn({launcher, std::string{name_of(line)}}, requests.read, answers.write);
  close_quietly(requests.read);
  close_quietly(answers.write);
  to_oracle_ = requests.write;
  from_oracle_ = answers.read;
  wake_read_ = wake.read;
  wake_write_ = wake.write;
  for (const int fd : {to_oracle_, from_oracle_, wake_read_, wake_write_})
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  mover_ = std::thread{[this] { move_bytes(); }};
}

OracleProcess::~OracleProcess() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  [[maybe_unused]] const auto woken = ::write(wake_write_, "x", 1);
  mover_.join();
  close_quietly(to_oracle_);
  close_quietly(from_oracle_);
  close_quietly(wake_read_);
  close_quietly(wake_write_);
  // It may be in the middle of a long block of requests whose answers nobody wants any more.
  ::kill(process_, SIGTERM);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void OracleProcess::send(std::string_view lines) {
  {
    const std::lock_guard lock{mutex_};
    outgoing_.emplace_back(lines);
  }
  [[maybe_unused]] const auto woken = ::write(wake_write_, "x", 1);
}

std::string_view OracleProcess::receive() {
  for (;;) {
    if (const auto end = taken_.find('\n', taken_at_); end != std::string::npos) {
      const std::string_view line = std::string_view{taken_}.substr(taken_at_, end - taken_at_);
      taken_at_ = end + 1;
      return line;
    }
    taken_.erase(0, taken_at_);
    taken_at_ = 0;
    std::unique_lock lock{mutex_};
    received_.wait(lock, [this] { return !incoming_.empty() || ended_; });
    if (incoming_.empty()) throw std::runtime_error{"the real class ended unexpectedly; what it said is above"};
    if (taken_.empty())
      std::swap(taken_, incoming_);
    else
      taken_ += incoming_;
    incoming_.clear();
  }
}

/// The thread: waits until something can be read or written, until it is told to stop.
void OracleProcess::move_bytes() {
  for (;;) {
    bool something_to_write = false;
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;
      something_to_write = !outgoing_.empty();
    }
    std::array<pollfd, 3> waits{{{wake_read_, POLLIN, 0}, {from_oracle_, POLLIN, 0}, {to_oracle_, POLLOUT, 0}}};
    const nfds_t count = something_to_write ? 3 : 2;
    if (::poll(waits.data(), count, -1) < 0 && errno != EINTR) break;
    if (waits[0].revents != 0) {
      std::array<char, 256> drained{};
      while (::read(wake_read_, drained.data(), drained.size()) > 0) {
      }
    }
    if (waits[1].revents != 0 && !read_some()) break;
    if (count == 3 && waits[2].revents != 0 && !write_some()) break;
  }
  const std::lock_guard lock{mutex_};
  ended_ = true;
  received_.notify_all();
}

/// False if the process does not read any more.
bool OracleProcess::write_some() {
  const std::string* block = nullptr;
  {
    const std::lock_guard lock{mutex_};
    block = &outgoing_.front();  // Only this thread removes blocks, and a deque does not move them.
  }
  const ssize_t count = ::write(to_oracle_, block->data() + written_, block->size() - written_);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  written_ += static_cast<std::size_t>(count);
  if (written_ < block->size()) return true;
  const std::lock_guard lock{mutex_};
  outgoing_.pop_front();
  written_ = 0;
  return true;
}

/// False at the end of the process's output.
bool OracleProcess::read_some() {
  std::array<char, std::size_t{1} << 16> bytes;
  const ssize_t count = ::read(from_oracle_, bytes.data(), bytes.size());
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  if (count == 0) return false;
  const std::lock_guard lock{mutex_};
  incoming_.append(bytes.data(), static_cast<std::size_t>(count));
  received_.notify_one();
  return true;
}

}  // namespace sharelock::interop
