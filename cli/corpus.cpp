#include "cli/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.h"
#include "base/output_error.h"
#include "scenarios/plan_file.h"

namespace sharelock::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view failure = "failure-";

std::string digest_of(const Plan& plan) {
  Digest digest;
  for (const PlannedStep& planned : plan) {
    digest.add({static_cast<std::uint64_t>(planned.at)});
    for (const char c : to_text(planned.step)) digest.add({static_cast<std::uint64_t>(c)});
  }
  return digest.text();
}

}  // namespace

std::vector<Plan> Corpus::read() const {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder_, error})
    if (entry.path().extension() == ".plan") files.push_back(entry.path());
  const auto order = [](const fs::path& path) {
    return std::pair{!path.filename().string().starts_with(failure), path.filename().string()};
  };
  std::ranges::sort(files, {}, order);
  std::vector<Plan> plans;
  for (const fs::path& file : files) {
    plans.emplace_back();
    for (const auto& [at, step] : read_plan(file.string()).steps) plans.back().push_back({at, step});
  }
  return plans;
}

std::string Corpus::add(const RunRequest& request, const std::string& claim, const Plan& plan) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw OutputError{folder_, "cannot be created: " + error.message()};
  const std::string kind = claim.empty() ? "case-" : fmt::format("{}{}-", failure, claim);
  const fs::path path = fs::path{folder_} / fmt::format("{}{}.plan", kind, digest_of(plan));
  if (!fs::exists(path)) keep_plan(path.string(), request, claim, plan);
  return path.string();
}

}  // namespace sharelock::cli
