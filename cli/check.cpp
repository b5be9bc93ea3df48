#include <CLI/CLI.hpp>

#include "cli/verbs.h"

namespace sharelock::cli {

const Verb check_verb{
    .name = "check",
    .sentence = "search a small world exhaustively",
    .declare = [](CLI::App&) -> std::function<ExitCode()> { return [] { return ExitCode::held; }; },
};

}  // namespace sharelock::cli
