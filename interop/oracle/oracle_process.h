// The real classes in a process of their own: interop/kafka/*/oracle.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "interop/oracle/answerer.h"
#include "interop/protocol/kafka_line.h"

namespace sharelock::interop {

/// What is needed to run the real class is not there (Java, Maven, Kafka's jars).
class OracleMissing : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs until it is destroyed. A thread moves the bytes, so that both sides can be far ahead of each other.
class OracleProcess final : public Answerer {
 public:
  /// Starts the oracle; the first start builds it, which takes some seconds and needs Maven.
  /// @param oracle  The folder below interop/kafka/ that holds its launcher.
  /// @throws OracleMissing  if it cannot be started.
  explicit OracleProcess(KafkaLine line, std::string_view oracle = "share-partition");
  ~OracleProcess() override;
  OracleProcess(const OracleProcess&) = delete;
  OracleProcess& operator=(const OracleProcess&) = delete;

  void send(std::string_view lines) override;
  /// @throws std::runtime_error  if the process ended.
  std::string_view receive() override;

 private:
  void move_bytes();
  bool write_some();
  bool read_some();

  int to_oracle_ = -1;
  int from_oracle_ = -1;
  int wake_read_ = -1;
  int wake_write_ = -1;
  int process_ = -1;

  std::mutex mutex_;
  std::condition_variable received_;
  std::deque<std::string> outgoing_;
  std::string incoming_;  ///< Complete and incomplete lines that receive() has not taken over yet.
  bool ended_ = false;    ///< The process closed its output.
  bool stopping_ = false;

  std::size_t written_ = 0;  ///< Of the first outgoing block; the thread's alone.
  std::string taken_;        ///< What receive() hands out; the caller's alone.
  std::size_t taken_at_ = 0;
  std::thread mover_;
};

}  // namespace sharelock::interop
