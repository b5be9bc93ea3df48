// A verb of the command line: `sharelock VERB ...`. One file each, and one line in verbs.cpp.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace sharelock::cli {

/// A verb says what it is called, what it is for, and which options it takes.
struct Verb {
  std::string_view name;
  std::string_view sentence;  ///< One line of `sharelock --help`.
  /// Adds the options to `app` and returns what runs when the command line was read without error.
  std::function<ExitCode()> (*declare)(CLI::App& app);
};

/// Every verb, in the order in which `--help` shows them.
std::span<const Verb> all_verbs();

}  // namespace sharelock::cli
