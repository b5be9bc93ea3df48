#include "checker/settled_states.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sharelock {
namespace {

SettledStates::Key key_of(const std::string& text) {
  return SettledStates::key_of(std::as_bytes(std::span{text}));
}

RC_GTEST_PROP(SettledStates, KnowWhatWasAddedLastAndNothingThatWasNot, (const std::vector<std::string>& texts)) {
  SettledStates settled;
  for (const std::string& text : texts) {
    settled.add(key_of(text));
    RC_ASSERT(settled.contains(key_of(text)));
    RC_ASSERT(!settled.contains(key_of(text + "!")));
  }
}

}  // namespace
}  // namespace sharelock
