#include "cli/version.h"

namespace sharelock::cli {

const char* version() {
  return SHARELOCK_VERSION;
}

}  // namespace sharelock::cli
