// The requests of the broker oracle's protocol (interop/kafka/broker/PROTOCOL.md), carried out by the model: the same
// requests, the same answers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop/broker/broker_world.h"
#include "interop/protocol/json_fields.h"
#include "interop/protocol/kafka_line.h"
#include "interop/protocol/step.h"

namespace sharelock::interop {

class ScriptedBroker {
 public:
  /// Without a reset it is as the oracle starts.
  ScriptedBroker(KafkaLine line, const Profile& profile);

  /// Decodes a request; a `reset` makes its world here. The answer is as the oracle's byte for byte, but for the
  /// wording of errors: `class` and `message` are left out. A request that cannot be executed changes nothing and is
  /// answered with an error of the class BadInput.
  Step decode(Json request);
  void handle(Json request, std::string& answer) { decode(request)(&answer); }

  BrokerWorld& world() { return *world_; }

 private:
  /// What is particular to a request: it appends its result, and says whether the call failed as a whole.
  using Work = std::function<KafkaError(std::string& result)>;
  /// A request that another thread carries out in the first log read of a request.
  struct Beside {
    std::string op;
    Work work;
  };
  using Others = std::vector<Beside>;

  KafkaError run(const Work& work, const std::optional<Others>& others, std::string& result);
  Others other_thread(const JsonFields& request);
  void run_beside(const Beside& other);
  void append_shown(std::string_view mode, std::string& answer);

  Work work(std::string_view op, const JsonFields& request);
  Work reset(const JsonFields& request);
  Work configure(const JsonFields& request);
  Work create(const JsonFields& request);
  Work append(const JsonFields& request);
  Work high_watermark(const JsonFields& request);
  Work move_log(std::string_view op, const JsonFields& request);
  Work aborted(const JsonFields& request);
  Work fail(const JsonFields& request);
  Work role(const JsonFields& request);
  Work store(const JsonFields& request);
  Work session(const JsonFields& request);
  Work fetch(const JsonFields& request);
  Work acknowledge(const JsonFields& request);
  Work release(const JsonFields& request);
  Work advance(const JsonFields& request);
  Work fire(const JsonFields& request);
  Work complete(std::string_view op, const JsonFields& request);
  Work complete_log_read(const JsonFields& request);
  Work complete_remote(const JsonFields& request);
  Work check(const JsonFields& request);

  HostedLog& log(std::string_view name);
  std::vector<TopicIdPartition> partitions(const JsonFields& request, std::string_view name);
  GroupId group_of(const JsonFields& request);
  MemberId member_of(const JsonFields& request);
  static KafkaError append_started(const std::optional<std::pair<std::int64_t, bool>>& started, std::string& result);
  KafkaError error_named(std::string_view name) const;

  KafkaLine line_;
  Profile profile_;
  std::unique_ptr<BrokerWorld> world_;
  std::string dump_ = "full";
};

}  // namespace sharelock::interop
