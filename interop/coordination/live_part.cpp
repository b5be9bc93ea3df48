#include "interop/coordination/live_part.h"

#include <deque>

namespace sharelock::interop {
namespace {

constexpr std::size_t lives_ahead = 16;  ///< So many are under way at the oracle, so that neither side waits.
constexpr std::uint64_t lives_per_progress = 64;

void send(Answerer& kafka, const Life& life) {
  std::string lines;
  for (const std::string& request : life) lines += request + '\n';
  kafka.send(lines);
}

/// Counts what a request and its answer, equal on both sides, show.
class Counting {
 public:
  Counting(const Part& part, PartCounts& counts) : part_{part}, counts_{counts} {
    counts_.situations.resize(part.situations.size());
  }

  void add(const std::string& request_text, std::string_view answer_text) {
    const JsonElement request = requests_.parse(request_text);
    const JsonElement answer = answers_.parse(answer_text.data(), answer_text.size());
    ++counts_.operations;
    ++entry(counts_.per_operation, text(request, "op"));
    if (const auto error = field(answer, "error")) ++entry(counts_.per_error, error_name(*error));
    if (const auto results = field(answer, "results"); results && results->is_array())
      for (const JsonElement result : results->get_array()) ++entry(counts_.per_error, text(result, "error"));
    for (std::size_t i = 0; i < part_.situations.size(); ++i)
      if (part_.situations[i].occurs(request, answer)) ++counts_.situations[i];
  }

 private:
  /// The broker oracle tells an error as an object: of Kafka's own, the name; of a refused request, the class.
  static std::string_view error_name(JsonElement error) {
    if (!error.is_object()) return std::string_view{error.get_string()};
    return text(error, field(error, "name") ? "name" : "class");
  }
  static std::uint64_t& entry(std::map<std::string, std::uint64_t, std::less<>>& counts, std::string_view name) {
    const auto found = counts.find(name);
    return found != counts.end() ? found->second : counts.emplace(name, 0).first->second;
  }

  const Part& part_;
  PartCounts& counts_;
  simdjson::dom::parser requests_;
  simdjson::dom::parser answers_;
};

/// Takes all answers to a life off the oracle, so that the next life's can follow.
std::optional<PartDifference> receive(Answerer& kafka, const Profile& profile, const Life& life, Counting* counting) {
  const std::vector<std::string> own = model_answers(life, profile);
  const bool of_broker = is_broker_life(life);
  std::optional<PartDifference> first;
  for (std::size_t i = 0; i < life.size(); ++i) {
    const std::string_view answer = kafka.receive();
    if (first) continue;
    auto difference =
        of_broker ? compare_broker_answers(answer, own[i]) : compare_answers(answer, own[i], batch_lists_of(profile));
    if (difference)
      first = PartDifference{{life.begin(), life.begin() + static_cast<std::ptrdiff_t>(i) + 1}, *difference};
    else if (counting)
      counting->add(life[i], answer);
  }
  return first;
}

}  // namespace

std::optional<PartDifference> compare_life(Answerer& kafka, const Profile& profile, const Life& life) {
  send(kafka, life);
  return receive(kafka, profile, life, nullptr);
}

PartComparison compare_part(Answerer& kafka, const Part& part, const Profile& profile, std::uint64_t seed,
                            const std::function<bool(std::uint64_t)>& go_on,
                            const std::function<void(const PartCounts&)>& progress) {
  const Chance chance{seed, part.name};
  PartComparison result;
  PartCounts& counts = result.counts;
  Counting counting{part, counts};
  std::deque<Life> under_way;
  std::uint64_t drawn_lives = 0;
  std::uint64_t drawn_requests = 0;
  for (;;) {
    while (under_way.size() < lives_ahead && go_on(drawn_requests)) {
      under_way.push_back(part.draw(chance, drawn_lives++, profile));
      drawn_requests += under_way.back().size();
      send(kafka, under_way.back());
    }
    if (under_way.empty()) return result;
    const Life life = std::move(under_way.front());
    under_way.pop_front();
    auto difference = receive(kafka, profile, life, &counting);
    if (++counts.lives % lives_per_progress == 0) progress(counts);
    if (!difference) continue;
    for (const Life& rest : under_way) receive(kafka, profile, rest, nullptr);
    result.difference = shortened(kafka, profile, std::move(*difference));
    return result;
  }
}

}  // namespace sharelock::interop
