#include "model/broker/share_session_cache.h"

#include <limits>

namespace sharelock {
namespace {

constexpr ShareSessionKey m1{GroupId{1}, MemberId{1}};
constexpr ShareSessionKey m2{GroupId{1}, MemberId{2}};
constexpr ConnectionId c1{1};
constexpr ConnectionId c2{2};
constexpr TopicIdPartition p0{TopicId{1}, 0};
constexpr TopicIdPartition p1{TopicId{1}, 1};
constexpr TopicIdPartition p2{TopicId{1}, 2};

ShareFetchHead request(ShareSessionKey who, std::int32_t epoch, std::vector<RequestedPartition> fetch = {},
                       ConnectionId connection = c1) {
  return {who, epoch, connection, false, std::move(fetch), {}};
}

std::vector<TopicIdPartition> order(const ShareSessionCache& cache, ShareSessionKey who) {
  std::vector<TopicIdPartition> result;
  for (const SessionPartition& partition : cache.sessions().at(who).partitions()) result.push_back(partition.what);
  return result;
}

std::vector<TopicIdPartition> respond(ShareSessionCache& cache, const ShareFetchContext& context,
                                      std::vector<FetchedPartition> fetched) {
  return compose_response(context, cache.find(context.session), fetched).included;
}

TEST(ShareSession, EpochsGoOnFromTheLargestToOne) {
  EXPECT_EQ(next_epoch(0), 1);
  EXPECT_EQ(next_epoch(std::numeric_limits<std::int32_t>::max()), 1);
}

TEST(ShareSession, FetchAndAcknowledgeShareOneSequence) {
  ShareSessionCache cache{10};
  EXPECT_EQ(cache.fetch(request(m1, 0)).error, KafkaError::none);
  EXPECT_EQ(cache.acknowledge(m1, 1), KafkaError::none);
  EXPECT_EQ(cache.fetch(request(m1, 1)).error, KafkaError::invalid_share_session_epoch);
  EXPECT_EQ(cache.fetch(request(m1, 2)).error, KafkaError::none);
  EXPECT_EQ(cache.acknowledge(m1, 0), KafkaError::invalid_share_session_epoch);
  EXPECT_EQ(cache.acknowledge(m2, 1), KafkaError::share_session_not_found);
}

TEST(ShareSession, AFirstRequestWithAcknowledgementsKeepsTheSession) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}}));
  ShareFetchHead again = request(m1, 0, {{p1}});
  again.acknowledges = true;
  EXPECT_EQ(cache.fetch(again).error, KafkaError::invalid_request);
  EXPECT_EQ(order(cache, m1), std::vector{p0});
}

TEST(ShareSession, AFullBrokerHasDroppedTheMembersFormerSession) {
  ShareSessionCache cache{1};
  cache.fetch(request(m1, 0));
  EXPECT_EQ(cache.fetch(request(m2, 0)).error, KafkaError::share_session_limit_reached);
  EXPECT_EQ(cache.fetch(request(m1, 0)).error, KafkaError::none);
  EXPECT_EQ(cache.sessions().size(), 1u);
}

TEST(ShareSession, APartitionWithRecordsGoesToTheEnd) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}, {p1}, {p2}}));
  const auto context = cache.fetch(request(m1, 1)).context;
  EXPECT_EQ(respond(cache, context, {{p0, true}, {p1}, {p2}}), std::vector{p0});
  EXPECT_EQ(order(cache, m1), (std::vector{p1, p2, p0}));
}

TEST(ShareSession, AnErrorIsFollowedByOneMoreAnswer) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}}));
  const auto first = cache.fetch(request(m1, 1, {{p1}})).context;
  EXPECT_EQ(respond(cache, first, {{p0}, {p1, false, KafkaError::not_leader_or_follower}}), std::vector{p1});
  const auto second = cache.fetch(request(m1, 2)).context;
  EXPECT_EQ(respond(cache, second, {{p0}, {p1}}), std::vector{p1});
  const auto third = cache.fetch(request(m1, 3)).context;
  EXPECT_TRUE(respond(cache, third, {{p0}, {p1}}).empty());
}

TEST(ShareSession, EndsWithItsConnection) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}}));
  SessionOutbox out;
  cache.disconnected(c1, out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(std::get<session_effect::MemberLeft>(out[0]).session.key, m1);
  EXPECT_EQ(std::get<session_effect::GroupEmpty>(out[1]).group, m1.group);
}

TEST(ShareSession, OutlivesTheConnectionOfTheOneBefore) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}}, c1));
  cache.fetch(request(m1, 0, {{p0}}, c2));
  SessionOutbox out;
  cache.disconnected(c1, out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(cache.sessions().size(), 1u);
}

TEST(ShareSession, OutlivesItsConnectionWhenAnotherSessionOnItWasClosed) {
  ShareSessionCache cache{10};
  cache.fetch(request(m1, 0, {{p0}}, c1));
  cache.fetch(request(m2, 0, {{p0}}, c1));
  cache.release(m1);
  SessionOutbox out;
  cache.disconnected(c1, out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(cache.sessions().size(), 1u);
}

}  // namespace
}  // namespace sharelock
