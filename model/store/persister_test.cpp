// The persister: look-ups, coalescing, order, retries, and everything that it reports.
#include "model/store/persister.h"

#include <deque>
#include <random>

#include "model/store/combiner.h"
#include "model/store/testing/small_store.h"

namespace sharelock {
namespace {

using namespace testing_notation;
using ::testing::ElementsAre;

constexpr NodeId node1{1};
constexpr NodeId node2{2};
const LookupAnswer no_coordinator{KafkaError::none, 1, KafkaError::coordinator_not_available, {}};

RequestedEntry write_of(SharePartitionKey key, std::string_view written, std::int32_t se = 0) {
  return {key, 0, WriteEntry{se, 0, 0, 0, 0, batches(written)}};
}
RequestedEntry read_of(SharePartitionKey key) {
  return {key, 0, ReadEntry{}};
}

template <class Effect>
std::vector<Effect> only(const PersisterOutbox& out) {
  std::vector<Effect> found;
  for (const PersisterEffect& effect : out)
    if (const auto* one = std::get_if<Effect>(&effect)) found.push_back(*one);
  return found;
}

/// A persister whose broker knows that node 1 leads the state partition.
class PersisterTest : public ::testing::Test {
 protected:
  void calls(std::uint64_t id, std::vector<RequestedEntry> entries) { persister.call(PersisterCallId{id}, entries); }
  /// Lets the sender run until it has nothing to do.
  std::vector<persister_effect::RequestSent> sends() {
    PersisterOutbox out;
    while (persister.can_send()) persister.send({true, leaders}, out);
    return only<persister_effect::RequestSent>(out);
  }
  PersisterOutbox answers(PersisterRequestId id, const PersisterAnswer& answer) {
    PersisterOutbox out;
    persister.answered(id, answer, out);
    return out;
  }
  static PersisterAnswer error_for(const SharePartitionKey& key, KafkaError error) {
    return {KafkaError::none, {{key, 0, {error, {}}}}};
  }

  std::vector<std::optional<NodeId>> leaders{node1};
  Persister persister;
};

TEST_F(PersisterTest, TriesFiveTimesWithDoublingWaitsAndThenReports) {  // T25, PE-13
  calls(1, {write_of(k1, "0-9:K1")});
  TimeMs waited = 0;
  std::vector<TimeMs> attempts_at;
  for (;;) {
    const auto sent = sends();
    ASSERT_EQ(sent.size(), 1u);
    attempts_at.push_back(waited);
    const auto out = answers(sent[0].id, error_for(k1, KafkaError::coordinator_load_in_progress));
    if (const auto done = only<persister_effect::CallDone>(out); !done.empty()) {
      EXPECT_EQ(done[0].results[0].error, KafkaError::coordinator_load_in_progress);
      break;
    }
    const auto backoff = only<persister_effect::BackoffBegun>(out).at(0);
    waited += persister_backoff_ms(backoff.attempt, 1000);
    persister.backoff_ended(backoff.handler);
  }
  EXPECT_THAT(attempts_at, ElementsAre(0, 2000, 6000, 14'000, 30'000));
  EXPECT_TRUE(persister.idle());
}

TEST(PersisterBackoff, StaysWithinItsJitterAndBelowItsCap) {
  EXPECT_EQ(persister_backoff_ms(1, 800), 1600);
  EXPECT_EQ(persister_backoff_ms(4, 1199), 19'184);
  EXPECT_EQ(persister_backoff_ms(5, 1199), 30'000);
}

TEST_F(PersisterTest, TriesAgainOnlyWhereAnotherAttemptMaySucceed) {  // Section 5.4
  struct Case {
    PersisterAnswer answer;
    bool retried;
    KafkaError reported;
  };
  const std::vector<Case> cases{
      {error_for(k1, KafkaError::not_coordinator), true, {}},
      {error_for(k1, KafkaError::coordinator_not_available), true, {}},
      {error_for(k1, KafkaError::unknown_topic_or_partition), true, {}},
      {{KafkaError::network_exception, {}}, true, {}},
      {{KafkaError{35}, {}}, false, KafkaError{35}},  // UNSUPPORTED_VERSION
      {{KafkaError::unknown_server_error, {}}, false, KafkaError::unknown_server_error},
      {{KafkaError::none, {}}, false, KafkaError::unknown_server_error},  // It lacks the key (PE-12, SC-7).
      {error_for(k2, KafkaError::none), false, KafkaError::unknown_server_error},
      {error_for(k1, KafkaError::fenced_state_epoch), false, KafkaError::fenced_state_epoch},
      {error_for(k1, KafkaError::invalid_request), false, KafkaError::invalid_request},
      {error_for(k1, KafkaError::network_exception), false, KafkaError::network_exception},
  };
  for (const Case& one : cases) {
    persister = {};
    calls(1, {write_of(k1, "0-9:K1")});
    const auto out = answers(sends().at(0).id, one.answer);
    EXPECT_EQ(only<persister_effect::BackoffBegun>(out).size(), one.retried ? 1u : 0u);
    if (one.retried) continue;
    EXPECT_EQ(only<persister_effect::CallDone>(out).at(0).results[0].error, one.reported);
  }
}

TEST_F(PersisterTest, HasOneRequestOfAKindUnderWayToANodeAndGathersTheRest) {  // PE-4 to PE-6
  calls(1, {write_of(k1, "0:K1")});
  const auto first = sends();
  ASSERT_EQ(first.size(), 1u);
  calls(2, {write_of(k1, "1:K1")});
  calls(3, {write_of(k2, "2:K1")});
  EXPECT_TRUE(sends().empty());
  calls(4, {read_of(k1)});
  EXPECT_EQ(sends().size(), 1u);  // Kinds do not wait for each other.
  answers(first[0].id, error_for(k1, KafkaError::none));
  const auto second = sends();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].request.entries.size(), 2u);
}

TEST_F(PersisterTest, SendsSeveralGroupsTogetherAndMoreWhenTheFirstIsAnswered) {  // PE-4, PE-5
  const SharePartitionKey other{GroupId{2}, TopicId{1}, 0};
  calls(1, {write_of(k1, "0:K1")});
  const auto first = sends();
  calls(2, {write_of(other, "0:K1")});
  calls(3, {write_of(k2, "0:K1")});
  EXPECT_TRUE(sends().empty());
  answers(first.at(0).id, error_for(k1, KafkaError::none));
  const auto together = sends();
  EXPECT_EQ(together.size(), 2u);
  calls(4, {write_of(k1, "1:K1")});
  EXPECT_TRUE(sends().empty());
  answers(together[0].id, error_for(other, KafkaError::none));
  EXPECT_EQ(sends().size(), 1u);  // Although the other of the two is still under way.
}

TEST_F(PersisterTest, LooksTheCoordinatorUpWhereTheMetadataDoesNotKnowIt) {  // PE-2, PE-14
  leaders.clear();
  calls(1, {write_of(k1, "0:K1")});
  PersisterOutbox out;
  for (std::int32_t attempt = 1; attempt < persister_attempts_max; ++attempt) {
    out.clear();
    persister.send({true, leaders}, out);
    const auto lookup = only<persister_effect::LookupSent>(out).at(0);
    EXPECT_EQ(lookup.key, k1);
    EXPECT_FALSE(persister.can_send());
    out.clear();
    persister.lookup_answered(lookup.id, no_coordinator, out);
    EXPECT_EQ(only<persister_effect::BackoffBegun>(out).at(0).attempt, attempt);
    persister.backoff_ended(only<persister_effect::BackoffBegun>(out).at(0).handler);
  }
  out.clear();
  persister.send({true, leaders}, out);
  persister.lookup_answered(only<persister_effect::LookupSent>(out).at(0).id,
                            {KafkaError::none, 1, KafkaError::none, node2}, out);
  const auto sent = sends();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].node, node2);
  // A failed attempt forgets the coordinator, and a series of look-ups begins that has its own five attempts.
  out = answers(sent[0].id, error_for(k1, KafkaError::not_coordinator));
  persister.backoff_ended(only<persister_effect::BackoffBegun>(out).at(0).handler);
  out.clear();
  persister.send({true, leaders}, out);
  const auto again = only<persister_effect::LookupSent>(out).at(0);
  out.clear();
  persister.lookup_answered(again.id, no_coordinator, out);
  EXPECT_EQ(only<persister_effect::BackoffBegun>(out).at(0).attempt, 1);
}

TEST_F(PersisterTest, GivesUpAtOnceWithoutAnyBrokerOrWithAStrangeLookUp) {  // PE-2, PE-11
  leaders.clear();
  calls(1, {write_of(k1, "0:K1")});
  PersisterOutbox out;
  persister.send({false, leaders}, out);
  EXPECT_EQ(only<persister_effect::CallDone>(out).at(0).results[0].error, KafkaError::coordinator_not_available);
  calls(2, {write_of(k1, "0:K1")});
  out.clear();
  persister.send({true, leaders}, out);
  const auto lookup = only<persister_effect::LookupSent>(out).at(0);
  out.clear();
  persister.lookup_answered(lookup.id, {KafkaError::none, 2, KafkaError::none, node2}, out);
  EXPECT_EQ(only<persister_effect::CallDone>(out).at(0).results[0].error, KafkaError::unknown_server_error);
}

TEST_F(PersisterTest, SendsNothingInAnIterationThatFindsNoBroker) {  // PE-2
  leaders.clear();
  calls(1, {write_of(k1, "0:K1"), write_of(k2, "0:K1")});
  PersisterOutbox out;
  persister.send({true, leaders}, out);
  persister.lookup_answered(only<persister_effect::LookupSent>(out).at(0).id,
                            {KafkaError::none, 1, KafkaError::none, node2}, out);
  out.clear();
  persister.send({false, leaders}, out);
  EXPECT_TRUE(out.empty());  // The first key waits in its bucket, the second has failed.
  persister.send({false, leaders}, out);
  EXPECT_EQ(only<persister_effect::RequestSent>(out).size(), 1u);
}

TEST_F(PersisterTest, GathersAKeyWhoseLookUpSucceededWithoutAnotherTurn) {  // PE-2, PE-3
  leaders.clear();
  calls(1, {write_of(k1, "0:K1"), write_of(k2, "0:K1")});
  PersisterOutbox out;
  persister.send({true, leaders}, out);
  persister.send({true, leaders}, out);
  const auto lookups = only<persister_effect::LookupSent>(out);
  ASSERT_EQ(lookups.size(), 2u);
  out.clear();
  for (const auto& lookup : lookups)
    persister.lookup_answered(lookup.id, {KafkaError::none, 1, KafkaError::none, node2}, out);
  persister.send({true, leaders}, out);
  EXPECT_EQ(only<persister_effect::RequestSent>(out).at(0).request.entries.size(), 2u);
}

TEST_F(PersisterTest, ConfirmsARejectedWriteWhenItSharesARequestWithAnAcceptedOneUnlessTheStoreIsIdeal) {  // PE-9
  for (const ProfileName name : {ProfileName::v4_4, ProfileName::ideal}) {
    persister = {};
    SmallStore store{name};
    store.initialize(1, 0);
    calls(1, {read_of(k1)});  // Keeps the sender busy with something else.
    calls(2, {write_of(k1, "0-4:K1", 0)});
    calls(3, {write_of(k1, "5-9:K1", 1)});
    // Both are resolved while a first write is under way.
    Persister busy;
    busy.call(PersisterCallId{9}, {write_of(k2, "0:K1")});
    PersisterOutbox out;
    busy.send({true, leaders}, out);
    busy.call(PersisterCallId{2}, {write_of(k1, "0-4:K1", 0)});
    busy.call(PersisterCallId{3}, {write_of(k1, "5-9:K1", 1)});
    busy.send({true, leaders}, out);
    busy.send({true, leaders}, out);
    busy.answered(only<persister_effect::RequestSent>(out).at(0).id, error_for(k2, KafkaError::none), out);
    out.clear();
    busy.send({true, leaders}, out);
    const auto both = only<persister_effect::RequestSent>(out).at(0);
    out.clear();
    busy.answered(both.id, {KafkaError::none, store.coordinator.handle(both.request, 0, store.profile, store.out)},
                  out);
    const auto done = only<persister_effect::CallDone>(out);
    ASSERT_EQ(done.size(), 2u);
    EXPECT_EQ(done[0].results[0].error, name == ProfileName::ideal ? KafkaError::fenced_state_epoch : KafkaError::none);
    EXPECT_EQ(done[1].results[0].error, KafkaError::none);
  }
}

TEST_F(PersisterTest, CompletesACallWhenAllOfItsKeysHave) {  // PE-1
  calls(1, {write_of(k1, "0:K1"), write_of(k2, "0:K1")});
  PersisterOutbox out;
  persister.send({true, leaders}, out);
  const auto first = only<persister_effect::RequestSent>(out).at(0);
  EXPECT_EQ(first.request.entries.size(), 1u);  // One queued handler per iteration.
  EXPECT_TRUE(only<persister_effect::CallDone>(answers(first.id, error_for(k1, KafkaError::none))).empty());
  const auto second = sends().at(0);
  const auto done =
      only<persister_effect::CallDone>(answers(second.id, error_for(k2, KafkaError::fenced_leader_epoch)));
  EXPECT_EQ(done.at(0).results[0].error, KafkaError::none);
  EXPECT_EQ(done.at(0).results[1].error, KafkaError::fenced_leader_epoch);
}

/// Lets a persister, a store and everything that can go wrong between them take turns until all calls are done.
/// @param chance  Draws what goes wrong; null: nothing does. Empty if five attempts of a write failed.
std::optional<StateBatches> final_batches(const std::vector<StateBatches>& writes, std::mt19937_64* chance) {
  const auto drawn = [&](std::size_t below) { return static_cast<std::size_t>((*chance)() % below); };
  SmallStore store;
  store.initialize(0, 0);
  Persister persister;
  std::vector<PersisterHandlerId> waiting;
  std::deque<persister_effect::RequestSent> under_way;
  const std::vector<std::optional<NodeId>> leaders{node1};
  std::size_t called = 0;
  std::size_t done = 0;
  PersisterOutbox out;
  while (done < writes.size()) {
    const std::size_t choice = chance ? drawn(4) : 3;
    if (called < writes.size() && (choice == 0 || (!chance && under_way.empty()))) {
      const auto id = PersisterCallId{called};
      persister.call(id, {{k1, 0, WriteEntry{0, 0, 0, 0, 0, writes[called++]}}});
    }
    if (choice == 1 && !waiting.empty()) {
      std::swap(waiting[drawn(waiting.size())], waiting.back());
      persister.backoff_ended(waiting.back());
      waiting.pop_back();
    }
    if (persister.can_send()) persister.send({true, leaders}, out);
    if (choice >= 2 && !under_way.empty()) {
      // Lost before the store, or applied and its answer lost, or neither; at most now and then.
      const std::size_t fate = chance ? drawn(12) : 2;
      PersisterAnswer answer{fate < 2 ? KafkaError::network_exception : KafkaError::none, {}};
      if (fate != 0) answer.results = store.coordinator.handle(under_way.front().request, 0, store.profile, store.out);
      persister.answered(under_way.front().id, answer, out);
      under_way.pop_front();
    }
    for (PersisterEffect& effect : std::exchange(out, {})) {
      if (auto* sent = std::get_if<persister_effect::RequestSent>(&effect)) under_way.push_back(std::move(*sent));
      if (const auto* backoff = std::get_if<persister_effect::BackoffBegun>(&effect))
        waiting.push_back(backoff->handler);
      if (const auto* call = std::get_if<persister_effect::CallDone>(&effect)) {
        if (call->results[0].error != KafkaError::none) return std::nullopt;
        ++done;
      }
    }
  }
  RC_ASSERT(persister.idle());
  return store.state().batches;
}

RC_GTEST_PROP(Persister, LeavesTheSameBatchesWhateverWasLostRepeatedOrOvertaken, ()) {  // T23, T24, PE-8, PE-10, BC-7
  std::vector<StateBatches> writes;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    const auto first = *rc::gen::inRange<Offset>(0, 20);
    const auto state = *rc::gen::element(RecordState::available, RecordState::acknowledged, RecordState::archived);
    StateBatches list;
    list.push_back({first, first + *rc::gen::inRange<Offset>(0, 6), state, *rc::gen::inRange(1, 4)});
    writes.push_back(list);
  }
  std::mt19937_64 chance{*rc::gen::arbitrary<std::uint64_t>()};
  const auto with_faults = final_batches(writes, &chance);
  RC_PRE(with_faults.has_value());
  RC_ASSERT(with_faults == final_batches(writes, nullptr));
}

}  // namespace
}  // namespace sharelock
