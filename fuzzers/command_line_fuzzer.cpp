// The command line: whatever the words, they are taken or refused. What they ask for is not carried out.
#include <CLI/CLI.hpp>
#include <functional>
#include <sstream>

#include "cli/verbs.h"
#include "fuzzers/foreign_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sharelock;
  CLI::App app{"Sharelock", "sharelock"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "sharelock");
  std::vector<std::function<cli::ExitCode()>> actions;  // They own what the options are read into.
  for (const cli::Verb& verb : cli::all_verbs())
    actions.push_back(verb.declare(*app.add_subcommand(std::string{verb.name}, std::string{verb.sentence})));
  std::vector<std::string> words{"sharelock"};  // One per line; a program's arguments cannot hold the null character.
  std::istringstream text{std::string{reinterpret_cast<const char*>(data), size}};
  for (std::string word; std::getline(text, word);) words.emplace_back(word.c_str());
  std::vector<const char*> arguments;
  for (const std::string& word : words) arguments.push_back(word.c_str());
  return fuzzers::read_or_refuse([&] {
    try {
      app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (const CLI::ParseError& error) {
      std::ostringstream said;
      app.exit(error, said, said);
    }
  });
}
