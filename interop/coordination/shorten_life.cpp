// Shortens a life in which model and class differ.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "interop/coordination/live_part.h"

namespace sharelock::interop {
namespace {

using Json = nlohmann::ordered_json;

constexpr int attempts_max = 2000;

/// `/records/3/offset` and `/records/0/offset` are the same place as far as shortening goes.
std::string without_indices(const std::string& path) {
  std::string form;
  std::ranges::copy_if(path, std::back_inserter(form), [](char c) { return c < '0' || c > '9'; });
  return form;
}

std::string op_of(const std::string& request) {
  return Json::parse(request).at("op").get<std::string>();
}

/// The request that makes the world of a life.
bool begins_world(const std::string& op) {
  return op.ends_with(".new") || op == "reset";
}

class Shortening {
 public:
  Shortening(Answerer& kafka, const Profile& profile, PartDifference difference)
      : kafka_{kafka}, profile_{profile}, best_{std::move(difference)} {}

  PartDifference result() {
    for (std::size_t before = 0; before != size();) {
      before = size();
      drop_requests();
      for (std::size_t i = 0; i < best_.life.size(); ++i) drop_elements(i);
    }
    return best_;
  }

 private:
  std::size_t size() const {
    std::size_t total = 0;
    for (const std::string& request : best_.life) total += request.size();
    return total;
  }

  /// Keeps the candidate if the same kind of request still differs in the same way.
  bool keep(const Life& candidate) {
    if (++attempts_ > attempts_max) return false;
    auto difference = compare_life(kafka_, profile_, candidate);
    if (!difference || op_of(difference->life.back()) != op_of(best_.life.back()) ||
        without_indices(difference->what.path) != without_indices(best_.what.path))
      return false;
    best_ = std::move(*difference);
    return true;
  }

  /// Halves, quarters, at last single requests; the one that begins the life stays.
  void drop_requests() {
    for (std::size_t chunk = best_.life.size(); chunk > 0; chunk /= 2)
      for (std::size_t at = begins_world(op_of(best_.life.front())) ? 1 : 0; at < best_.life.size();) {
        Life shorter = best_.life;
        const auto from = shorter.begin() + static_cast<std::ptrdiff_t>(at);
        shorter.erase(from, from + static_cast<std::ptrdiff_t>(std::min(chunk, shorter.size() - at)));
        if (shorter.empty() || !keep(shorter)) at += chunk;
      }
  }

  /// Does without single elements of one request, the last ones first: entries, batches, members, topics.
  void drop_elements(std::size_t index) {
    const Json flat = Json::parse(best_.life[index]).flatten();
    std::vector<std::string> elements;
    for (const auto& [where, value] : flat.items())
      // Of a path such as /entries/0/partitions/1/batches/2/0, every prefix that ends below a list is an element.
      for (std::size_t end = where.find('/', 1);; end = where.find('/', end + 1)) {
        elements.push_back(where.substr(0, end));
        if (end == std::string::npos) break;
      }
    for (auto element = elements.rbegin(); element != elements.rend(); ++element)
      drop_element(index, Json::json_pointer{*element});
  }

  /// Lists, and the objects whose members can go one by one. A list in a list is a tuple, such as a batch.
  static bool is_list(const Json& request, const Json::json_pointer& where) {
    const Json& list = request.at(where);
    if (list.is_array()) return where.empty() || !request.at(where.parent_pointer()).is_array();
    if (!list.is_object() || where.empty()) return false;
    const std::string& name = where.back();
    return name == "previous" || name == "config" || name == "create" || name == "grow" ||
           (name == "topics" && request.at("op") != "assign");
  }

  void drop_element(std::size_t index, const Json::json_pointer& element) {
    if (index >= best_.life.size()) return;
    Json request = Json::parse(best_.life[index]);
    const Json::json_pointer parent = element.parent_pointer();
    if (!request.contains(element) || !is_list(request, parent)) return;
    Json& list = request.at(parent);
    if (list.is_array())
      list.erase(std::stoul(element.back()));
    else
      list.erase(element.back());
    Life shorter = best_.life;
    shorter[index] = request.dump();
    keep(shorter);
  }

  Answerer& kafka_;
  const Profile& profile_;
  PartDifference best_;
  int attempts_ = 0;
};

}  // namespace

PartDifference shortened(Answerer& kafka, const Profile& profile, PartDifference difference) {
  return Shortening{kafka, profile, std::move(difference)}.result();
}

}  // namespace sharelock::interop
