// What a world knows of its store, that a request is applied, answered, lost, repeated, in any order, allows all that
// the real persister and the real coordinator do: they are played beside a world, and each thing that they do is a step
// of it, with the same outcome.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "model/store/persister.h"
#include "model/world/testing/small_worlds.h"

namespace sharelock {
namespace {

constexpr NodeId coordinator_node{1};

SharePartitionKey key_of(GroupId group) {
  return {group, TopicId{1}, 0};
}

/// A world whose store's steps are chosen by a persister in each broker, a network that loses and delays, and a
/// coordinator whose log is replicated late, that is moved, pruned and loaded again.
class RealStore {
 public:
  RealStore(const WorldSettings& settings, const std::vector<std::uint32_t>& choices)
      : world_{settings}, choices_{choices}, coordinator_{{.records_per_snapshot = settings.snapshot_updates}, 1} {
    Topics topics;
    topics.set(TopicId{1}, 1);
    StoreOutbox out;
    coordinator_.load(0, settings.profile, out);
    coordinator_.metadata_changed(topics, {}, settings.profile, out);
    for (std::uint32_t id = 1; id <= settings.groups.size(); ++id)
      coordinator_.handle({key_of(GroupId{id}), 0, InitializeEntry{1, settings.of(GroupId{id}).initial_start_offset}},
                          0, settings.profile, out);
    commit(coordinator_.partition(0).log_end());
  }

  /// Goes on as long as there are choices left to be made.
  void run() {
    while (next_ < choices_.size()) {
      switch (choose(8)) {
        case 0:
        case 1:
        case 2:
          world_step();
          break;
        case 3:
          commit(coordinator_.partition(0).log_end());
          break;
        case 4:
          if (choose(4) == 0) coordinator_changes();
          break;
        case 5:
          back_off_ends();
          break;
        default:
          network_step();
      }
      for (std::size_t broker = 0; broker < broker_count; ++broker) send(broker);
      compare();
    }
  }

  std::size_t answered = 0;  ///< So many requests of the world were answered,
  std::size_t repeated = 0;  ///< and so many were applied once more.

 private:
  /// A request of the world: an entry of a persister's call.
  struct Asked {
    GroupId group;
    std::uint32_t id;
  };
  enum class Fate : std::uint8_t { unknown, arrives, lost };
  /// A request of a persister on its way.
  struct Sent {
    std::size_t broker;
    PersisterRequestId id;
    StateRequest request;
    std::vector<Asked> asked{};           ///< By entry of the request.
    std::vector<std::uint32_t> copies{};  ///< By entry: the world's copy that stands for it; 0: the request itself.
    bool handled = false;
    bool given_up = false;      ///< The persister no longer waits for it.
    bool committed = false;     ///< What it changed cannot be lost any more.
    Fate fate = Fate::unknown;  ///< Of the answer, once it was handled.
    std::vector<AnsweredEntry> answers{};
    Offset released_at = 0;
  };

  std::uint32_t choose(std::uint32_t below) { return next_ < choices_.size() ? choices_[next_++] % below : 0; }
  const Profile& profile() const { return world_.settings().profile; }

  void take(const Step& step) {
    Observations seen;
    RC_ASSERT(world_.apply(step, world_.later(), seen));
  }

  static bool is_of_the_store(const Step& step) {
    return step.kind == StepKind::store_applies || step.kind == StepKind::store_answers ||
           step.kind == StepKind::store_copied || step.kind == StepKind::store_repeats;
  }

  void world_step() {
    std::vector<Step> steps;
    world_.enabled(steps);
    std::erase_if(steps, is_of_the_store);
    if (steps.empty()) return;
    take(testing::pick(steps, choose(1'000'000)));
    hand_over();
  }

  /// What the world asked of its store since the last step goes to the persister of the broker that asked.
  void hand_over() {
    for (std::uint32_t index = 1; index <= world_.group_count(); ++index) {
      const GroupId id{index};
      const Group& group = world_.group(id);
      group.store_requests.for_each([&](const StoreRequest& request) {
        if (!asked_.insert({{index, request.id}, true}).second) return;
        const auto broker = index_of(group.find(request.instance)->broker);
        const PersisterCallId call{std::uint64_t{index} << 32 | request.id};
        persisters_[broker].call(call, {{key_of(id), 0, request.entry}});
        open_.push_back({{id, request.id}, request.entry});
      });
    }
  }

  void send(std::size_t broker) {
    const std::vector<std::optional<NodeId>> leaders{coordinator_node};
    PersisterOutbox out;
    while (persisters_[broker].can_send()) persisters_[broker].send({true, leaders}, out);
    take_over(broker, out);
  }

  void take_over(std::size_t broker, const PersisterOutbox& out) {
    for (const PersisterEffect& effect : out) {
      if (const auto* sent = std::get_if<persister_effect::RequestSent>(&effect)) {
        Sent on_its_way{broker, sent->id, sent->request};
        for (const RequestedEntry& entry : sent->request.entries) on_its_way.asked.push_back(asked_by(entry));
        on_its_way.copies.resize(on_its_way.asked.size());
        sent_.push_back(std::move(on_its_way));
      } else if (const auto* lookup = std::get_if<persister_effect::LookupSent>(&effect)) {
        PersisterOutbox more;
        persisters_[broker].lookup_answered(lookup->id, {.node = coordinator_node}, more);
        take_over(broker, more);
      } else if (const auto* begun = std::get_if<persister_effect::BackoffBegun>(&effect)) {
        back_offs_.push_back({broker, begun->handler});
      } else if (const auto* done = std::get_if<persister_effect::CallDone>(&effect)) {
        call_done(*done);
      }
    }
  }

  /// The oldest open request with that entry that is not on its way already: persisters do not say whose it is.
  Asked asked_by(const RequestedEntry& entry) {
    const auto open = std::ranges::find_if(open_, [&](const auto& each) {
      return each.first.group == entry.key.group && each.second == entry.entry &&
             std::ranges::none_of(sent_, [&](const Sent& sent) {
               return !sent.given_up && std::ranges::any_of(sent.asked, [&](const Asked& asked) {
                 return asked.group == each.first.group && asked.id == each.first.id;
               });
             });
    });
    RC_ASSERT(open != open_.end());
    return open->first;
  }

  const StoreRequest* find(const Asked& asked) const { return world_.group(asked.group).store_requests.find(asked.id); }
  Step about(StepKind kind, const Asked& asked, const StoreRequest& request) const {
    return {.kind = kind,
            .cause = request.cause,
            .group = asked.group,
            .member = request.member,
            .first = request.first,
            .last = request.last,
            .hint = request.id};
  }

  void network_step() {
    if (sent_.empty()) return;
    const std::size_t place = choose(static_cast<std::uint32_t>(sent_.size()));
    Sent& sent = sent_[place];
    if (!sent.handled && choose(4) > 0) return handle(sent);
    if (sent.handled && sent.fate == Fate::arrives) {
      if (sent.committed) answer(place);
    } else if (!sent.given_up && choose(3) == 0) {
      give_up(place);
    }
    std::erase_if(sent_, [](const Sent& each) {
      return each.given_up && each.handled && (each.committed || each.answers.empty());
    });
  }

  /// The coordinator takes the request; whether its answer will arrive is decided now.
  void handle(Sent& sent) {
    sent.handled = true;
    sent.fate = sent.given_up || choose(3) == 0 ? Fate::lost : Fate::arrives;
    StoreOutbox out;
    const bool loaded = coordinator_.partition(0).is_loaded();
    sent.answers = coordinator_.handle(sent.request, 0, profile(), out);
    if (!loaded) {  // Nothing was done, and everybody may know.
      sent.committed = true;
      return;
    }
    for (const AnsweredEntry& entry : sent.answers) sent.released_at = std::max(sent.released_at, entry.released_at);
    order_.push_back({sent.broker, sent.id});
  }

  /// What was handled and is replicated now has happened, in that order.
  void commit(Offset to) {
    if (!coordinator_.partition(0).is_loaded()) return;
    coordinator_.partition(0).commit(to);
    for (const auto& [broker, id] : order_)
      if (Sent* sent = find_sent(broker, id)) happen(*sent);
    order_.clear();
  }

  Sent* find_sent(std::size_t broker, PersisterRequestId id) {
    const auto sent =
        std::ranges::find_if(sent_, [&](const Sent& each) { return each.broker == broker && each.id == id; });
    return sent == sent_.end() ? nullptr : &*sent;
  }

  void happen(Sent& sent) {
    sent.committed = true;
    for (std::size_t i = 0; i < sent.asked.size(); ++i) {
      const Asked& asked = sent.asked[i];
      if (sent.fate == Fate::arrives) {
        take(about(StepKind::store_applies, asked, *find(asked)));
        continue;
      }
      if (sent.copies[i] == 0) make_copy(sent, i);
      const StoreRequest* copy = world_.group(asked.group).copies.find(sent.copies[i]);
      RC_ASSERT(copy != nullptr);
      take(about(StepKind::store_repeats, asked, *copy));
      ++repeated;
    }
  }

  void make_copy(Sent& sent, std::size_t place) {
    const Asked& asked = sent.asked[place];
    const StoreRequest* request = find(asked);
    RC_ASSERT(request != nullptr);
    take(about(StepKind::store_copied, asked, *request));
    sent.copies[place] = world_.group(asked.group).requests_issued;
  }

  void answer(std::size_t place) {
    const Sent sent = sent_[place];
    sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(place));
    PersisterOutbox out;
    persisters_[sent.broker].answered(sent.id, {KafkaError::none, sent.answers}, out);
    take_over(sent.broker, out);
  }

  /// The persister waits no longer; the request, or what it did, may still be under way.
  void give_up(std::size_t place) {
    sent_[place].given_up = true;
    if (!sent_[place].committed)
      for (std::size_t i = 0; i < sent_[place].asked.size(); ++i) make_copy(sent_[place], i);
    const auto [broker, id] = std::pair{sent_[place].broker, sent_[place].id};
    const KafkaError error = choose(2) == 0 ? KafkaError::network_exception : KafkaError::request_timed_out;
    PersisterOutbox out;
    persisters_[broker].answered(id, {error, {}}, out);
    take_over(broker, out);
  }

  void back_off_ends() {
    if (back_offs_.empty()) return;
    const auto [broker, handler] = back_offs_.front();
    back_offs_.erase(back_offs_.begin());
    persisters_[broker].backoff_ended(handler);
  }

  void call_done(const persister_effect::CallDone& done) {
    const Asked asked{GroupId{static_cast<std::uint32_t>(done.call.value() >> 32)},
                      static_cast<std::uint32_t>(done.call.value())};
    std::erase_if(open_,
                  [&](const auto& each) { return each.first.group == asked.group && each.first.id == asked.id; });
    const StoreRequest* request = find(asked);
    RC_ASSERT(request != nullptr);
    Step step = about(StepKind::store_answers, asked, *request);
    // What the coordinator answered is what the world's store answers; anything else is an error that replaces it.
    if (request->result != done.results.front()) step.error = done.results.front().error;
    RC_ASSERT(request->result == done.results.front() || step.error != KafkaError::none);
    ++answered;
    take(step);
    hand_over();
  }

  /// The coordinator resigns, perhaps loses what was not replicated, and is loaded again; or it prunes its log.
  void coordinator_changes() {
    StatePartition& partition = coordinator_.partition(0);
    StoreOutbox out;
    if (!partition.is_loaded()) return coordinator_.load(0, profile(), out);
    if (choose(2) == 0) {
      // The job waits for what was written before it (SC-65).
      commit(partition.log_end());
      if (const std::optional<Offset> redundant = partition.shard().redundant_offset())
        coordinator_.pruned(0, *redundant);
      return;
    }
    coordinator_.unload(0);
    partition.truncate(partition.high_watermark());
    for (const auto& [broker, id] : order_)  // Nobody hears of what they did, for it did not happen.
      if (Sent* sent = find_sent(broker, id)) forget(*sent);
    order_.clear();
  }

  void forget(Sent& sent) {
    sent.committed = true;
    for (AnsweredEntry& entry : sent.answers) entry.result = {KafkaError::not_coordinator, {}};
  }

  void compare() const {
    const StatePartition& partition = coordinator_.partition(0);
    if (!partition.is_loaded() || partition.high_watermark() != partition.log_end()) return;
    for (std::uint32_t id = 1; id <= world_.group_count(); ++id) {
      KeyState real = *partition.shard().find(key_of(GroupId{id}));
      const ShareSnapshot& known = world_.stored(GroupId{id});
      real.state.snapshot_epoch = known.snapshot_epoch;
      real.state.written = known.written;
      real.state.created = known.created;
      RC_ASSERT(real.state == known);
    }
  }

  PartitionWorld world_;
  const std::vector<std::uint32_t>& choices_;
  std::size_t next_ = 0;
  ShareCoordinator coordinator_;
  std::array<Persister, broker_count> persisters_;
  std::vector<Sent> sent_;
  std::vector<std::pair<std::size_t, PersisterRequestId>> order_;  ///< Handled and not committed, in this order.
  std::vector<std::pair<std::size_t, PersisterHandlerId>> back_offs_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> asked_;
  std::vector<std::pair<Asked, StateEntry>> open_;
};

RC_GTEST_PROP(RealStore, DoesNothingThatAWorldDoesNotAllow, ()) {
  const auto seed = *rc::gen::resize(1000, rc::gen::inRange<std::uint32_t>(0, 1'000'000));
  WorldSettings settings = testing::small_settings(seed);
  // What `ideal` stores while it loads does not go through a persister in a world.
  settings.profile.set(Switch::resolved_start_unstored, 1);
  settings.profile.set(Switch::duplicates_share_answer, 0);
  const auto choices = *rc::gen::resize(
      1500, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 1'000'000)));
  RealStore real{settings, choices};
  real.run();
  RC_CLASSIFY(real.answered > 0, "answered");
  RC_CLASSIFY(real.repeated > 0, "repeated");
}

}  // namespace
}  // namespace sharelock
