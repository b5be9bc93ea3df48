#include "interop/coordination/assignor_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "interop/coordination/assignor_requests.h"

namespace sharelock::interop {
namespace {

struct DrawnTopic {
  std::string name;
  std::string id;
  std::int64_t partitions;
  bool in_metadata = true;
  std::vector<std::int32_t> assignable;  ///< Of its partitions.
};

struct DrawnMember {
  std::string id;
  std::vector<std::size_t> topics;  ///< Indices.
};

class AssignmentDrawer {
 public:
  explicit AssignmentDrawer(Chance chance) : chance_{chance} {}

  Life computations() {
    for (std::int64_t i = chance_.between(1, 4); i > 0; --i) add_topic();
    same_ = chance_.happens({3, 4});
    most_members_ = chance_.pick(std::array{1, 4, 8, 14, 40});
    leaves_topics_ = chance_.happens({1, 5});
    Life life;
    constexpr int count = 20;
    for (int i = 0; i < count; ++i) {
      for (std::int64_t changes = chance_.between(i == 0 ? 1 : 0, i == 0 ? most_members_ : 3); changes > 0; --changes)
        change();
      life.push_back(request());
      remember(life.back());
    }
    return life;
  }

 private:
  void add_topic() {
    constexpr std::array<std::int64_t, 12> sizes{1, 1, 2, 2, 3, 3, 4, 5, 7, 11, 29, 60};
    const std::string name = fmt::format("T{}", topics_.size());
    topics_.push_back({name, id(), chance_.pick(sizes), !chance_.happens({1, 150}), {}});
    DrawnTopic& topic = topics_.back();
    for (std::int32_t number = 0; number < topic.partitions; ++number)
      if (!chance_.happens({1, 6})) topic.assignable.push_back(number);
  }

  std::string id() {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::string_view last = "AQgw";
    std::string text;
    for (int i = 0; i < 21; ++i) text += digits[chance_.below(digits.size())];
    return text + last[chance_.below(last.size())];
  }

  void change() {
    constexpr std::array<std::uint32_t, 5> weights{8, 4, 2, 2, 1};
    switch (chance_.weighted(weights)) {
      case 0:
        if (members_.size() < static_cast<std::size_t>(most_members_)) join();
        break;
      case 1:
        if (!members_.empty())
          members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(chance_.below(members_.size())));
        break;
      case 2:
        if (!members_.empty()) members_[chance_.below(members_.size())].topics = subscription();
        break;
      case 3:
        change_partitions(topics_[chance_.below(topics_.size())]);
        break;
      default:
        same_topics_ = drawn_topics();
    }
  }

  void join() {
    members_.push_back({fmt::format("M{:02}", chance_.below(100)), subscription()});
    const auto same_id = [&](const DrawnMember& member) { return member.id == members_.back().id; };
    if (std::ranges::count_if(members_, same_id) > 1) members_.pop_back();
    if (!chance_.happens({1, 3})) std::ranges::sort(members_, {}, &DrawnMember::id);
  }

  std::vector<std::size_t> subscription() {
    if (same_topics_.empty()) same_topics_ = drawn_topics();
    return same_ ? same_topics_ : drawn_topics();
  }

  std::vector<std::size_t> drawn_topics() {
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < topics_.size(); ++i)
      if (chance_.happens({2, 3})) drawn.push_back(i);
    if (chance_.happens({1, 4})) std::ranges::reverse(drawn);
    return drawn;
  }

  /// Mostly more can be assigned; sometimes less, which a real group seldom sees (AS-14).
  void change_partitions(DrawnTopic& topic) {
    if (chance_.happens({1, 2})) topic.partitions += chance_.between(0, 3);
    std::vector<std::int32_t> now;
    for (std::int32_t number = 0; number < topic.partitions; ++number) {
      const bool was = std::ranges::find(topic.assignable, number) != topic.assignable.end();
      if (was ? !(leaves_topics_ && chance_.happens({1, 4})) : chance_.happens({2, 3})) now.push_back(number);
    }
    topic.assignable = std::move(now);
  }

  std::string request() {
    std::string text = R"({"op":"assign","topics":{)";
    for (const DrawnTopic& topic : topics_) {
      text += fmt::format(R"({}"{}":{{"id":"{}")", &topic == &topics_.front() ? "" : ",", topic.name, topic.id);
      if (topic.in_metadata) text += fmt::format(R"(,"partitions":{})", topic.partitions);
      if (topic.assignable.size() != static_cast<std::size_t>(topic.partitions) || chance_.happens({1, 2}))
        text += fmt::format(R"(,"assignable":[{}])", fmt::join(topic.assignable, ","));
      text += '}';
    }
    text += R"(},"members":[)";
    for (const DrawnMember& member : members_) {
      text += fmt::format(R"({}{{"id":"{}","topics":[)", &member == &members_.front() ? "" : ",", member.id);
      for (const std::size_t topic : member.topics)
        text += fmt::format(R"({}"{}")", topic == member.topics.front() ? "" : ",", topics_[topic].name);
      text += ']';
      if (const auto before = previous_.find(member.id); before != previous_.end())
        text += R"(,"previous":)" + before->second;
      text += '}';
    }
    return text + "]}";
  }

  /// What the model answers is what the next computation begins with; a failed one changes nothing.
  void remember(const std::string& request) {
    answer_.clear();
    decode_assignment(parser_.parse(request))(&answer_);
    const JsonElement answer = parser_.parse(answer_);
    const auto assignment = field(answer, "assignment");
    if (!assignment || chance_.happens({1, 20})) return;
    previous_.clear();
    for (const auto member : assignment->get_object()) previous_.emplace(member.key, simdjson::to_string(member.value));
  }

  Chance chance_;
  std::vector<DrawnTopic> topics_;
  std::vector<DrawnMember> members_;
  std::map<std::string, std::string, std::less<>> previous_;
  std::vector<std::size_t> same_topics_;
  bool same_ = true;
  bool leaves_topics_ = false;
  std::int32_t most_members_ = 0;
  simdjson::dom::parser parser_;
  std::string answer_;
};

}  // namespace

Life draw_assignments(Chance chance) {
  return AssignmentDrawer{chance}.computations();
}

}  // namespace sharelock::interop
