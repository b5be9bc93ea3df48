// Operations per second of each part of the model and of the real classes, on the same lives, in one run. Both sides
// decode a life first; then its operations are timed alone. What they answer is made as a value and not written down.
//
//   cmake --preset bench && cmake --build --preset bench --target part_beside_kafka
//   build/bench/bench/part_beside_kafka [all|4.2|4.3|4.4 [all|PART [SECONDS]]]
//
// PART is share-partition (its recorded lives) or one of `sharelock conform --part` (drawn lives). Each figure is the
// median of five rounds of SECONDS, 1 by default, after one round of the model and five of the classes to warm up;
// these seconds include decoding, the figures do not. Seconds are those of the processor in the thread that works:
// other work on the machine does not count, nor do the virtual machine's compiler and collector. Needs Java and Maven.
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/input_error.h"
#include "base/line_source.h"
#include "interop/coordination/decoded_life.h"
#include "interop/coordination/part.h"
#include "interop/harness/scripted_partition.h"
#include "interop/protocol/request_parser.h"
#include "interop/trace/trace_file.h"

namespace sharelock::interop {
namespace {

namespace fs = std::filesystem;

const fs::path interop_folder = fs::path{SHARELOCK_SOURCE_DIR} / "interop";
constexpr std::size_t operations_wanted = 30'000;
constexpr std::string_view share_partition = "share-partition";

using Decode = DecodedLife (*)(const Life&, KafkaLine, const Profile&);

/// What is measured.
struct Measured {
  std::string_view part;
  std::string_view oracle;
  Decode decode;
  std::vector<Life> lives;
};

Profile profile_of(KafkaLine line) {
  return Profile{*profile_named(name_of(line))};
}

/// What the protocol refuses is left out, and the partition made here, as the class does it.
DecodedLife decode_partition(const Life& life, KafkaLine line, const Profile& profile) {
  struct World {
    ScriptedPartition scripted;
    NameTable names;
  };
  const auto world = std::make_shared<World>(World{ScriptedPartition{line, profile}, {}});
  RequestParser parser{line, world->names};
  DecodedLife decoded{world, {}};
  for (const std::string& text : life) {
    Request request = parser.parse(text);
    if (std::holds_alternative<op::Refused>(request.operation)) continue;
    if (std::holds_alternative<op::Reset>(request.operation)) {
      world->scripted.execute(request);
      decoded.steps.emplace_back([](std::string*) {});
    } else {
      decoded.steps.emplace_back(
          [&scripted = world->scripted, request = std::move(request)](std::string*) { scripted.execute(request); });
    }
  }
  return decoded;
}

std::vector<Life> recorded_lives(KafkaLine line) {
  std::vector<Life> lives;
  LineSource lines{(interop_folder / "golden" / share_partition / name_of(line) / "traces.jsonl.zst").string()};
  TraceFile file{lines};
  std::size_t operations = 0;
  for (TraceEntry entry; file.next(entry); ++operations) {
    const bool begins = entry.request.find(R"("op":"reset")") != std::string_view::npos;
    if (begins && operations >= operations_wanted) break;
    if (begins || lives.empty()) lives.emplace_back();
    lives.back().emplace_back(entry.request);
  }
  return lives;
}

std::vector<Life> drawn_lives(const Part& part, KafkaLine line) {
  std::vector<Life> lives;
  const Chance chance{1, part.name};
  for (std::size_t operations = 0; operations < operations_wanted; operations += lives.back().size())
    lives.push_back(part.draw(chance, lives.size(), profile_of(line)));
  return lives;
}

/// Of this thread alone: other work on the machine does not count.
std::chrono::nanoseconds cpu_time() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

/// As Rate.java measures it: operations per second of the steps alone.
double round_of_model(const Measured& measured, KafkaLine line, double seconds) {
  constexpr std::size_t lives_at_once = 10;
  const Profile profile = profile_of(line);
  const auto end = cpu_time() + std::chrono::duration<double>(seconds);
  std::chrono::nanoseconds passed{};
  std::size_t operations = 0;
  do {
    for (std::size_t i = 0; i < measured.lives.size(); i += lives_at_once) {
      std::vector<DecodedLife> decoded;
      for (std::size_t j = i; j < std::min(measured.lives.size(), i + lives_at_once); ++j)
        decoded.push_back(measured.decode(measured.lives[j], line, profile));
      const auto begun = cpu_time();
      for (const DecodedLife& life : decoded)
        for (const Step& step : life.steps) step(nullptr);
      passed += cpu_time() - begun;
      for (const DecodedLife& life : decoded) operations += life.steps.size();
    }
  } while (cpu_time() < end);
  return static_cast<double>(operations) / std::chrono::duration<double>(passed).count();
}

double rate_of_model(const Measured& measured, KafkaLine line, double seconds) {
  std::array<double, 5> rounds{};
  round_of_model(measured, line, seconds);
  for (double& rate : rounds) rate = round_of_model(measured, line, seconds);
  std::ranges::sort(rounds);
  return rounds[rounds.size() / 2];
}

std::optional<double> rate_of_class(const Measured& measured, KafkaLine line, double seconds) {
  const fs::path file = fs::temp_directory_path() / fmt::format("sharelock-lives-{}.jsonl", ::getpid());
  {
    std::ofstream lines{file};
    for (const Life& life : measured.lives) {
      for (const std::string& request : life) lines << request << '\n';
      lines << '\n';
    }
  }
  const std::string command = fmt::format("'{}/kafka/{}/oracle' {} --rate '{}' {}", interop_folder.string(),
                                          measured.oracle, name_of(line), file.string(), seconds);
  double rate = 0;
  bool is_measured = false;
  if (std::FILE* answer = ::popen(command.c_str(), "r")) {
    is_measured = std::fscanf(answer, "%lf", &rate) == 1;
    is_measured = ::pclose(answer) == 0 && is_measured;
  }
  fs::remove(file);
  return is_measured ? std::optional{rate} : std::nullopt;
}

bool compare(const Measured& measured, KafkaLine line, double seconds) {
  const double model = rate_of_model(measured, line, seconds);
  const auto real = rate_of_class(measured, line, seconds);
  if (!real) {
    fmt::print(stderr, "the classes could not be measured; what is missing is said above\n");
    return false;
  }
  fmt::print("{:<16} {:>8} {:>14.0f} {:>14.0f} {:>8.1f}\n", measured.part, release_of(line), model, *real,
             model / *real);
  std::fflush(stdout);
  return true;
}

/// Those that were asked for.
std::vector<Measured> measured_parts(std::string_view only, KafkaLine line) {
  std::vector<Measured> parts;
  if (only == "all" || only == share_partition)
    parts.push_back({share_partition, share_partition, decode_partition, recorded_lives(line)});
  for (const Part& part : all_parts())
    if (only == "all" || only == part.name)
      parts.push_back({part.name, part.oracle, decode_life, drawn_lives(part, line)});
  if (parts.empty())
    throw InputError{{}, fmt::format("{} is no part", only), "share-partition, store, group or session"};
  return parts;
}

std::vector<KafkaLine> measured_lines(std::string_view only) {
  if (only == "all") return {KafkaLine::v4_2, KafkaLine::v4_3, KafkaLine::v4_4};
  const auto line = line_named(only);
  if (!line) throw InputError{{}, fmt::format("{} is no line of Kafka", only), "all, 4.2, 4.3 or 4.4"};
  return {*line};
}

int run(int argc, char** argv) {
  const std::vector<KafkaLine> lines = measured_lines(argc > 1 ? argv[1] : "all");
  const std::string_view part = argc > 2 ? argv[2] : "all";
  const double seconds = argc > 3 ? std::atof(argv[3]) : 1;
  std::array<double, 3> load{};
  ::getloadavg(load.data(), static_cast<int>(load.size()));
  fmt::print("load {:.2f}\n{:<16} {:>8} {:>14} {:>14} {:>8}\n", fmt::join(load, " "), "part", "Kafka", "model ops/s",
             "class ops/s", "ratio");
  for (const KafkaLine line : lines)
    for (const Measured& measured : measured_parts(part, line))
      if (!compare(measured, line, seconds)) return 69;
  return 0;
}

}  // namespace
}  // namespace sharelock::interop

int main(int argc, char** argv) {
  try {
    return sharelock::interop::run(argc, argv);
  } catch (const sharelock::InputError& error) {
    std::fputs(sharelock::describe(error).c_str(), stderr);
    return 64;
  }
}
