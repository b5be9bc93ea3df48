#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/input_error.h"
#include "scenarios/field.h"

namespace sharelock::cli {

std::string is_count(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool right = error == std::errc{} && end == text.data() + text.size();
  return right ? std::string{} : "'" + text + "' is no whole number below 2^64";
}

TimeMs budget_of(const std::string& text) {
  const Yaml value = parse_yaml(text, "--for");
  const Form form{Form::Kind::duration};
  return Reading{value, value, form}.duration();
}

std::vector<std::string> scenario_files(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{path, error})
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::ranges::sort(files);
  if (files.empty()) throw InputError{{path, 0, 0}, "there is no *.yaml in this folder"};
  return files;
}

void add_profile_options(CLI::App& app, RunRequest& request) {
  app.add_option("--profile", request.profile, "4.2, 4.3, 4.4 (default) or ideal");
  app.add_option("--set", request.switches, "SWITCH=VALUE (sharelock list switches); may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_format_option(CLI::App& app, std::string& format) {
  app.add_option("--format", format, "text (default) or json")->check(CLI::IsMember({"text", "json"}));
}

}  // namespace sharelock::cli
