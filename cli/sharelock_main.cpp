// The command line: reads it, runs one verb, and turns every kind of trouble into an exit code.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/input_error.h"
#include "base/output_error.h"
#include "cli/verb.h"
#include "cli/version.h"

namespace {

using sharelock::cli::ExitCode;

int run(int argc, char** argv) {
  CLI::App app{"Sharelock: what can happen to a record of a Kafka share group, and can it ever happen wrongly?",
               "sharelock"};
  app.require_subcommand(1);
  app.set_version_flag("--version", sharelock::cli::version());
  std::function<ExitCode()> chosen;
  for (const auto& verb : sharelock::cli::all_verbs()) {
    CLI::App* sub = app.add_subcommand(std::string{verb.name}, std::string{verb.sentence});
    sub->callback([&chosen, action = verb.declare(*sub)] { chosen = action; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::bad_input);
  }
  const ExitCode code = chosen();
  // A report that nobody can read was not given.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw sharelock::OutputError{"<stdout>", fmt::format("cannot be written: {}", std::strerror(errno))};
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const sharelock::InputError& error) {
    std::fputs(sharelock::describe(error).c_str(), stderr);
    return static_cast<int>(ExitCode::bad_input);
  } catch (const sharelock::OutputError& error) {
    fmt::print(stderr, "{}: error: {}\n", error.path, error.what());
    return static_cast<int>(ExitCode::output_failed);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sharelock: internal error: {}\n    Please report it, with the command that led here.\n",
               error.what());
    return static_cast<int>(ExitCode::internal_error);
  }
}
