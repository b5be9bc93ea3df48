// Something that answers the oracle's protocol: the real class in its process, or, in tests, a second model.
#pragma once

#include <string>
#include <string_view>

namespace sharelock::interop {

class Answerer {
 public:
  virtual ~Answerer() = default;

  /// Sends any number of requests, one per line, without waiting for the answers to earlier ones.
  virtual void send(std::string_view lines) = 0;
  /// The next answer, in the order of the requests; valid until the next call. Waits for it.
  virtual std::string_view receive() = 0;
};

}  // namespace sharelock::interop
