// A corpus: plans in a folder, each worth playing again.
//
// Files are named by what they hold, `failure-CLAIM-DIGEST.plan` and `case-DIGEST.plan`, so two corpora are merged by
// copying one into the other. `sharelock replay` plays any of them.
#pragma once

#include <string>
#include <vector>

#include "cli/run_scenario.h"

namespace sharelock::cli {

class Corpus {
 public:
  /// A folder that may not exist yet.
  explicit Corpus(std::string folder) : folder_{std::move(folder)} {}

  /// Its plans, past failures first, both by name. Whether their steps are possible in a world is for that to say.
  /// @throws InputError  for a file *.plan that is none.
  std::vector<Plan> read() const;

  /// Adds a plan that is not there yet; `claim` is what it breaks, empty: nothing. Returns its path.
  /// @throws OutputError
  std::string add(const RunRequest& request, const std::string& claim, const Plan& plan) const;

 private:
  std::string folder_;
};

}  // namespace sharelock::cli
