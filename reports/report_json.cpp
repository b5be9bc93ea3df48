#include <nlohmann/json.hpp>

#include "reports/report.h"

namespace sharelock {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::object();
  for (const auto& [name, value] : pairs) json[name] = value;
  return json;
}

Json json_of(const ReportSection& section) {
  Json json{{"scenario", section.scenario},
            {"verdict", section.verdict},
            {"judged", json_of(section.judged)},
            {"thoroughness", json_of(section.thoroughness)},
            {"seen", section.seen},
            {"never_seen", section.never_seen},
            {"cases", Json::array()},
            {"stories", Json::array()},
            {"seconds", section.seconds},
            {"again", section.again}};
  for (const ReportCase& each : section.cases)
    json["cases"].push_back(
        {{"name", each.name}, {"sentence", each.sentence}, {"verdict", name_of(each.verdict)}, {"what", each.what}});
  for (const RunResult& story : section.stories) json["stories"].push_back(Json::parse(run_as_json(story)));
  return json;
}

}  // namespace

std::string report_as_json(const Report& report) {
  Json json{{"version", report_version},
            {"program", report.program},
            {"verb", report.verb},
            {"violated", report.violated()},
            {"sections", Json::array()}};
  for (const ReportSection& section : report.sections) json["sections"].push_back(json_of(section));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sharelock
