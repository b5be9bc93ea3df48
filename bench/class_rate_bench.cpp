// How fast the model is beside Kafka's own class: the same traces, decoded once, in process, without JSON, warmed up.
//
//   cmake --preset bench && cmake --build --preset bench --target class_rate_bench &&
//   build/bench/bench/class_rate_bench class_rate_bench [LINE [TRACES [SECONDS]]]     LINE 4.2, 4.3 or 4.4; needs Java
//   and Maven for the class
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/input_error.h"
#include "interop/harness/scripted_partition.h"
#include "interop/protocol/request_parser.h"
#include "interop/trace/trace_file.h"

namespace sharelock::interop {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

const fs::path interop_folder = fs::path{SHARELOCK_SOURCE_DIR} / "interop";

struct Traces {
  NameTable names;
  std::vector<Request> requests;
  std::string lines;  ///< The same, as the class reads them.
};

/// What the protocol refuses is left out on both sides.
Traces read(KafkaLine line, const std::string& path) {
  Traces traces;
  RequestParser parser{line, traces.names};
  TraceFile file{path};
  for (TraceEntry entry; file.next(entry);) {
    Request request = parser.parse(entry.request);
    if (std::holds_alternative<op::Refused>(request.operation)) continue;
    traces.requests.push_back(std::move(request));
    traces.lines += entry.request;
    traces.lines += '\n';
  }
  return traces;
}

/// Operations per second over so many seconds, after as long a time to warm up.
double rate_of_model(KafkaLine line, const Traces& traces, double seconds) {
  ScriptedPartition scripted{line, Profile{*profile_named(name_of(line))}};
  double rate = 0;
  for (int pass = 0; pass < 2; ++pass) {
    const auto begun = Clock::now();
    std::uint64_t operations = 0;
    double passed = 0;
    do {
      for (const Request& request : traces.requests) scripted.execute(request);
      operations += traces.requests.size();
      passed = std::chrono::duration<double>(Clock::now() - begun).count();
    } while (passed < seconds);
    rate = static_cast<double>(operations) / passed;
  }
  return rate;
}

std::optional<double> rate_of_class(KafkaLine line, const Traces& traces, double seconds) {
  const fs::path file = fs::temp_directory_path() / fmt::format("sharelock-class-rate-{}.jsonl", name_of(line));
  std::ofstream{file} << traces.lines;
  const std::string command = fmt::format("'{}/kafka/share-partition/oracle' {} --rate '{}' {}",
                                          interop_folder.string(), name_of(line), file.string(), seconds);
  double rate = 0;
  bool measured = false;
  if (std::FILE* answer = ::popen(command.c_str(), "r")) {
    measured = std::fscanf(answer, "%lf", &rate) == 1;
    measured = ::pclose(answer) == 0 && measured;
  }
  fs::remove(file);
  return measured ? std::optional{rate} : std::nullopt;
}

int run(int argc, char** argv) {
  const auto line = line_named(argc > 1 ? argv[1] : "4.4");
  if (!line) throw InputError{{}, fmt::format("{} is no line of Kafka", argv[1]), "4.2, 4.3 or 4.4"};
  const std::string path =
      argc > 2 ? argv[2] : (interop_folder / "golden/share-partition" / name_of(*line) / "traces.jsonl.zst").string();
  const double seconds = argc > 3 ? std::atof(argv[3]) : 5;
  const Traces traces = read(*line, path);
  const double model = rate_of_model(*line, traces, seconds);
  fmt::print("{} operations of {}\n", traces.requests.size(), path);
  fmt::print("model {}         {:>12.0f} operations per second\n", name_of(*line), model);
  const auto real = rate_of_class(*line, traces, seconds);
  if (!real) {
    fmt::print(stderr, "the class could not be measured; what is missing is said above\n");
    return 69;
  }
  fmt::print("Kafka {}       {:>12.0f} operations per second\nratio             {:>12.1f}\n", release_of(*line), *real,
             model / *real);
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
