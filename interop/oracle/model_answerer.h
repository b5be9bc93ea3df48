// The model in the place of the real class: answers the protocol's lines. For tests, and to see two sets of switches differ.
#pragma once

#include <string>

#include "interop/harness/answer_writer.h"
#include "interop/harness/scripted_partition.h"
#include "interop/oracle/answerer.h"
#include "interop/protocol/request_parser.h"

namespace sharelock::interop {

class ModelAnswerer final : public Answerer {
 public:
  ModelAnswerer(KafkaLine line, const Profile& profile) : parser_{line, names_}, scripted_{line, profile} {}

  void send(std::string_view lines) override { requests_.append(lines); }

  std::string_view receive() override {
    const std::size_t end = requests_.find('\n', at_);
    const Request request = parser_.parse(std::string_view{requests_}.substr(at_, end - at_));
    at_ = end + 1;
    if (at_ == requests_.size()) {
      requests_.clear();
      at_ = 0;
    }
    answer_.clear();
    writer_.append(answer_, request, scripted_.execute(request), scripted_);
    return answer_;
  }

 private:
  NameTable names_;
  RequestParser parser_;
  ScriptedPartition scripted_;
  AnswerWriter writer_{names_};
  std::string requests_;
  std::size_t at_ = 0;
  std::string answer_;
};

}  // namespace sharelock::interop
