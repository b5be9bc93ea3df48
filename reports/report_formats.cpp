#include <array>

#include "base/input_error.h"
#include "reports/report.h"

namespace sharelock {
namespace {

constexpr std::array formats{
    ReportFormat{".txt", report_as_text},
    ReportFormat{".md", report_as_markdown},
    ReportFormat{".json", report_as_json},
    ReportFormat{".xml", report_as_junit},
};

}  // namespace

const ReportFormat& report_format_of(const std::string& path) {
  for (const ReportFormat& format : formats)
    if (path.size() > format.extension.size() && path.ends_with(format.extension)) return format;
  std::string known;
  for (const ReportFormat& format : formats) known.append(known.empty() ? "" : ", ").append(format.extension);
  throw InputError{{path, 0, 0}, "the name of a report says how it is written", "one of " + known};
}

}  // namespace sharelock
