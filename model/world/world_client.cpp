// The members' side: what applications and their clients do, and what they learn.
//
// The client is the simplest that can work with a share session: one request at a time, acknowledgements travel with
// the next request, an error of the session begins a new one, and so does a new leader. (The real share consumer is a
// model of its own.)
#include "model/world/on_partition.h"

namespace sharelock {
namespace {

constexpr KafkaError network_exception{13};
constexpr KafkaError invalid_share_session_epoch{123};

/// Adds `given` in order of offsets, joined with neighbours of the same type. An earlier renewal of the same offsets
/// that was not sent yet gives way.
void add_in_order(AcknowledgedRanges& ranges, const AcknowledgedRange& given) {
  AcknowledgedRanges kept;
  for (const AcknowledgedRange& range : ranges) {
    if (range.first < given.first) kept.push_back({range.first, std::min(range.last, given.first - 1), range.type});
    if (range.last > given.last) kept.push_back({std::max(range.first, given.last + 1), range.last, range.type});
    if (range.last < given.first || range.first > given.last) continue;
  }
  const auto at = std::lower_bound(kept.begin(), kept.end(), given.first,
                                   [](const AcknowledgedRange& range, Offset first) { return range.first < first; });
  kept.insert(at, given);
  ranges.clear();
  for (const AcknowledgedRange& range : kept) {
    if (!ranges.empty() && ranges.back().type == range.type && ranges.back().last + 1 == range.first)
      ranges.back().last = range.last;
    else
      ranges.push_back(range);
  }
}

/// The same where everything already there lies below: the usual case.
void add_acknowledgement(AcknowledgedRanges& ranges, const AcknowledgedRange& given) {
  if (!ranges.empty() && ranges.back().last >= given.first) return add_in_order(ranges, given);
  if (!ranges.empty() && ranges.back().type == given.type && ranges.back().last + 1 == given.first)
    ranges.back().last = given.last;
  else
    ranges.push_back(given);
}

}  // namespace

bool PartitionWorld::send(Call& call, MemberRequest::Kind kind) {
  const MemberId id = call.step.member;
  const GroupId group = settings_of(id).group;
  Member& member = member_of(id);
  if (!member.is_idle()) return false;
  if (kind == MemberRequest::Kind::fetch && !may_fetch(id)) return false;
  if (kind == MemberRequest::Kind::acknowledge && member.waiting.empty()) return false;
  if (member.next_epoch == 0) {
    if (kind != MemberRequest::Kind::fetch) return false;
    // The first request of a session cannot carry acknowledgements (SP-181): those of an earlier session are lost.
    for (const AcknowledgedRange& range : member.waiting)
      call.out.emplace_back(
          seen::AcknowledgementFailed{group, id, range.first, range.last, range.type, invalid_share_session_epoch});
    member.waiting.clear();
  }
  Connection& connection = *member.in_use();
  connection.request = {kind, kind == MemberRequest::Kind::close ? -1 : member.next_epoch, std::move(member.waiting)};
  member.waiting.clear();
  connection.exchange = Exchange::to_leader;
  call.out.emplace_back(seen::RequestSent{group, id, kind == MemberRequest::Kind::fetch});
  return true;
}

bool PartitionWorld::acknowledge(Call& call) {
  const Step& step = call.step;
  Member& member = member_of(step.member);
  if (!member.alive || step.last < step.first || !member.held.covers(step.first, step.last)) return false;
  if (step.type != AcknowledgeType::renew) member.held.remove(step.first, step.last);
  add_acknowledgement(member.waiting, {step.first, step.last, step.type});
  call.out.emplace_back(
      seen::AcknowledgementGiven{settings_of(step.member).group, step.member, step.first, step.last, step.type});
  return true;
}

bool PartitionWorld::response_arrives(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.is_connected()) return false;
  Connection& connection = *member.in_use();
  if (connection.exchange != Exchange::to_member) return false;
  const MemberResponse& response = connection.response;
  const bool closing = connection.request.kind == MemberRequest::Kind::close;
  connection.exchange = Exchange::none;
  const KafkaError error = response.error;
  outcome_known(call, id, connection, error != KafkaError::none ? error : response.acknowledge_error);
  if (error != KafkaError::none || closing)
    member.next_epoch = 0;
  else
    ++member.next_epoch;
  const std::int64_t delivered = error == KafkaError::none ? read_records(call, member, response) : 0;
  call.out.emplace_back(seen::ResponseRead{settings_of(id).group, id,
                                           error != KafkaError::none ? error : response.fetch_error, delivered});
  connection.response = {};
  return true;
}

/// Hands the records of the response to the application, and acknowledges as gaps the offsets that hold none.
std::int64_t PartitionWorld::read_records(Call& call, Member& member, const MemberResponse& response) {
  const MemberId id = call.step.member;
  const GroupId group = settings_of(id).group;
  std::int64_t delivered = 0;
  for (const AcquiredRange& range : response.records) {
    for (Offset first = range.first; first <= range.last;) {
      const Offset gap = response.gaps.first_present(first, range.last);
      if (first < gap) {
        member.held.add(first, gap - 1);
        call.out.emplace_back(seen::Delivered{group, id, first, gap - 1, range.delivery_count});
        delivered += gap - first;
      }
      first = std::min(response.gaps.first_absent(gap), range.last + 1);
      if (gap < first) add_acknowledgement(member.waiting, {gap, first - 1, AcknowledgeType::gap});
    }
  }
  return delivered;
}

/// What became of the acknowledgements of the request under way is known to the member now.
void PartitionWorld::outcome_known(Call& call, MemberId id, Connection& connection, KafkaError error) {
  const GroupId group = settings_of(id).group;
  const bool present = !administration_ || connection.response.state_epoch == stored(group).state_epoch;
  for (const AcknowledgedRange& range : connection.request.acknowledgements) {
    if (error == KafkaError::none)
      call.out.emplace_back(seen::AcknowledgementConfirmed{group, id, range.first, range.last, range.type, present});
    else
      call.out.emplace_back(seen::AcknowledgementFailed{group, id, range.first, range.last, range.type, error});
  }
  connection.request.acknowledgements.clear();
}

/// A new connection to the broker that it takes for the leader.
Connection& PartitionWorld::connect(Member& member) {
  Connection& connection = member.connections.emplace_back();
  connection.number = ++member.connections_made;
  connection.broker = member.broker;
  return connection;
}

/// The member's end of a connection is gone. What is on its way to a member is lost, and nobody waits for outcomes; but
/// a fetch that waits at the broker goes on waiting, and the end of a session is still an end: nobody knows better.
void PartitionWorld::break_connection(Connection& connection) {
  connection.open = false;
  if (connection.exchange == Exchange::to_member) connection.exchange = Exchange::none;
  if (connection.request.kind != MemberRequest::Kind::close) connection.acknowledging = false;
  const bool at_work = connection.acknowledging || connection.fetching;
  if (connection.exchange == Exchange::at_leader && !at_work) connection.exchange = Exchange::none;
}

bool PartitionWorld::crash(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.alive) return false;
  member.alive = false;
  member.member_epoch = 0;
  member.assigned = false;
  member.held = {};
  member.waiting.clear();
  member.next_epoch = 0;
  // A request that was sent still arrives.
  for (Connection& connection : member.connections) break_connection(connection);
  call.out.emplace_back(seen::MemberCrashed{settings_of(id).group, id});
  return true;
}

bool PartitionWorld::disconnect(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.is_connected()) return false;
  Connection& connection = *member.in_use();
  if (connection.exchange != Exchange::none) outcome_known(call, id, connection, network_exception);
  if (connection.exchange == Exchange::to_leader) connection.exchange = Exchange::none;
  break_connection(connection);
  member.next_epoch = 0;
  call.out.emplace_back(seen::MemberDisconnected{settings_of(id).group, id, connection.number});
  return true;
}

/// A member that lost its connection makes a new one, whether the broker knows yet or not: its session will replace the
/// other (SP-181). One that died is another member when it starts again: that is modelled once nothing is left of it.
bool PartitionWorld::restart(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.can_restart()) return false;
  if (!member.alive) member.broker = leader_;
  member.alive = true;
  connect(member);
  call.out.emplace_back(seen::MemberStarted{settings_of(id).group, id});
  return true;
}

/// The connection to the former leader stays open, and its session stays where it is.
bool PartitionWorld::member_learns(Call& call) {
  const MemberId id = call.step.member;
  Member& member = member_of(id);
  if (!member.alive || member.broker == leader_) return false;
  const bool connected = member.is_connected();
  if (connected && !member.is_idle()) return false;
  member.broker = leader_;
  member.next_epoch = 0;
  if (connected && !member.is_connected()) connect(member);
  call.out.emplace_back(seen::MemberLearned{settings_of(id).group, id});
  return true;
}

}  // namespace sharelock
