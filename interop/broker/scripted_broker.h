// The requests of the broker oracle's protocol (interop/kafka/broker/PROTOCOL.md), carried out by the model: the same
// requests, the same answers.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "interop/broker/broker_world.h"
#include "interop/protocol/json_fields.h"
#include "interop/protocol/kafka_line.h"

namespace sharelock::interop {

class ScriptedBroker {
 public:
  /// Without a reset it is as the oracle starts.
  ScriptedBroker(KafkaLine line, const Profile& profile);

  /// Executes a request and appends the answer, byte for byte as the oracle does, but for the wording of errors:
  /// `class` and `message` are left out. A request that cannot be executed changes nothing and is answered with an
  /// error of the class BadInput.
  void handle(Json request, std::string& answer);

  BrokerWorld& world() { return *world_; }

 private:
  /// A call that threw: the error of the whole request.
  struct Thrown {
    KafkaError error;
  };

  void run(std::string_view op, const JsonFields& request, std::string& result);
  void call(std::string_view op, const JsonFields& request, std::string& result);
  std::function<void()> other_thread(const JsonFields& request);
  void append_shown(std::string_view mode, std::string& answer);

  void reset(const JsonFields& request, std::string& result);
  void configure(const JsonFields& request);
  void create(const JsonFields& request);
  void append(const JsonFields& request, std::string& result);
  void high_watermark(const JsonFields& request);
  void move_log(std::string_view op, const JsonFields& request);
  void aborted(const JsonFields& request);
  void fail(const JsonFields& request);
  void role(const JsonFields& request);
  void store(const JsonFields& request);
  void session(const JsonFields& request);
  void fetch(const JsonFields& request, std::string& result);
  void acknowledge(const JsonFields& request, std::string& result);
  void release(const JsonFields& request, std::string& result);
  void advance(const JsonFields& request, std::string& result);
  void fire(const JsonFields& request);
  void complete(std::string_view op, const JsonFields& request);
  void complete_log_read(const JsonFields& request, std::string& result);
  void complete_remote(const JsonFields& request, std::string& result);
  void check(const JsonFields& request, std::string& result);

  HostedLog& log(const JsonFields& request);
  std::vector<TopicIdPartition> partitions(const JsonFields& request, std::string_view name);
  void append_started(const std::optional<std::pair<std::int64_t, bool>>& started, std::string& result);
  KafkaError error_named(std::string_view name) const;

  KafkaLine line_;
  Profile profile_;
  std::unique_ptr<BrokerWorld> world_;
  std::string dump_ = "full";
};

}  // namespace sharelock::interop
