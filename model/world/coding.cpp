// A world as bytes (model/coding/survey.h), and what of it cannot matter any more and is left out: what is under way to
// somebody who is not there, share partitions that nothing can reach, running numbers of any kind.
#include "model/log/coding.h"

#include <algorithm>

#include "model/group/coding.h"
#include "model/partition/coding.h"
#include "model/store/coding.h"
#include "model/world/partition_world.h"
#include "model/world/request_id.h"

namespace sharelock {
namespace {

template <class Coder>
void code_ranges(Coder& coder, auto& ranges) {
  code_all(coder, ranges, [&](auto& range) {
    coder.offset(range.first);
    coder.offset(range.last);
    coder.small(range.type);
  });
}

template <class Coder>
void code_response(Coder& coder, auto& response, bool administration) {
  if (administration) coder.state_epoch(response.state_epoch);
  coder.number(response.error);
  coder.number(response.fetch_error);
  coder.number(response.acknowledge_error);
  code_all(coder, response.records, [&](auto& range) {
    coder.offset(range.first);
    coder.offset(range.last);
    coder.number(range.delivery_count);
  });
  coder.spans(response.gaps);
}

}  // namespace

/// The parts of a world's code that need to know the world as a whole.
struct PartitionWorld::Coding {
  /// Whether an answer to a member's request is due or under way.
  static bool is_answered_next(const Connection* connection) {
    return connection != nullptr &&
           (connection->exchange == Exchange::at_leader || connection->exchange == Exchange::to_member);
  }

  /// The session epochs that can still meet at the broker which a member takes for the leader: of the member's next
  /// request (once the present one is answered), of the one under way, of the session. Only which of them are equal
  /// counts, so they begin at 1. A session with another broker is replaced or closed, whatever its epoch.
  struct SessionEpochs {
    std::int32_t next = 0;
    std::int32_t asked = 0;
    std::int32_t known = 0;

    static SessionEpochs of(const Member& member) {
      const Connection* in_use = member.in_use();
      const bool closing =
          in_use != nullptr && in_use->exchange != Exchange::none && in_use->request.kind == MemberRequest::Kind::close;
      SessionEpochs epochs;
      if (member.alive && !closing) epochs.next = member.next_epoch + is_answered_next(in_use);
      for (const Connection& connection : member.connections)
        if (connection.exchange == Exchange::to_leader) epochs.asked = connection.request.session_epoch;
      const SessionAtBroker& session = member.session_at(member.broker);
      if (session.open && (epochs.next > 0 || epochs.asked > 0)) epochs.known = session.epoch;
      std::int32_t least = 0;
      for (const std::int32_t epoch : {epochs.next, epochs.asked, epochs.known})
        if (epoch > 0 && (least == 0 || epoch < least)) least = epoch;
      for (std::int32_t* const epoch : {&epochs.next, &epochs.asked, &epochs.known})
        if (*epoch > 0) *epoch -= least - 1;
      return epochs;
    }
  };

  /// The share partitions of a group that can matter, by number: the first is coded as 1. The store may remember one
  /// that is gone.
  struct Instances {
    Ranks<std::uint32_t> numbers{};

    explicit Instances(const PartitionWorld& world, GroupId id) {
      numbers.add(0);
      for (const ShareInstance& instance : world.group(id).instances)
        if (world.can_matter(id, instance)) numbers.add(instance.number.value());
      world.for_each_copy(id, [&](const StoreRequest& copy) { numbers.add(copy.instance.value()); });
    }
  };

  /// Brokers are called by what they are: the one that leads comes first.
  template <class Coder, class Self>
  static void code_broker(Self& world, Coder& coder, auto& broker) {
    bool leads = broker == world.leader_;
    coder.flag(leads);
    if constexpr (Coder::reads) broker = leads ? world.leader_ : other_than(world.leader_);
  }

  /// Who leads, and what each broker knows of it.
  template <class Coder, class Self>
  static void code_brokers(Self& world, Coder& coder) {
    if constexpr (Coder::reads) world.leader_ = BrokerId::one;
    coder.leader_epoch(world.leader_epoch_);
    for (const BrokerRole role : {BrokerRole::leader, BrokerRole::other}) {
      auto& broker = world.brokers_[index_of(world.broker_of(role))];
      if constexpr (Coder::reads) broker = Broker{};
      coder.flag(broker.leads);
      coder.leader_epoch(broker.leader_epoch);
      if (broker.leads && broker.leader_epoch != world.leader_epoch_) coder.offset_from_here(broker.sees_until);
    }
  }

  template <class Coder, class Self>
  static void code_member(Self& world, Coder& coder, MemberId id, const Instances* instances) {
    auto& member = world.members_[id.value() - 1];
    coder.group(world.settings_->of(id).group.value());
    SessionEpochs epochs = Coder::reads ? SessionEpochs{} : SessionEpochs::of(member);
    coder.flag(member.alive);
    code_broker(world, coder, member.broker);
    coder.number(epochs.next);
    coder.number(epochs.known);
    coder.spans(member.held);
    code_ranges(coder, member.waiting);
    if (world.settings_->administration) {
      coder.state_epoch(member.member_epoch);
      coder.flag(member.assigned);
    }
    code_sessions(world, coder, member, epochs);
    code_all(coder, member.connections, [&](auto& connection) {
      if constexpr (Coder::reads) connection.number = ++member.connections_made;
      code_broker(world, coder, connection.broker);
      code_session_of(coder, member, connection);
      code_connection(world, coder, connection, epochs, instances);
      if (connection.fetching && world.reads_end_later()) code_attempt(world, coder, id, connection);
      if constexpr (Coder::reads)
        if (connection.fetching) world.group_of(world.settings_of(id).group).waiting.push_back({id, connection.number});
    });
    if constexpr (Coder::reads) member.next_epoch = std::max(0, epochs.next - is_answered_next(member.in_use()));
  }

  template <class Coder, class Self>
  static void code_sessions(const auto& world, Coder& coder, Self& member, const SessionEpochs& epochs) {
    for (const BrokerRole role : {BrokerRole::leader, BrokerRole::other}) {
      const BrokerId broker = world.broker_of(role);
      coder.flag(member.sessions[index_of(broker)].open);
      if constexpr (Coder::reads)
        if (broker == member.broker) member.session_at(broker).epoch = epochs.known;
    }
  }

  /// Whether the session with its broker began on this connection.
  template <class Coder, class Self>
  static void code_session_of(Coder& coder, Self& member, const Connection& connection) {
    auto& session = member.sessions[index_of(connection.broker)];
    if (!session.open) return;
    bool began_here = session.connection == connection.number;
    coder.flag(began_here);
    if constexpr (Coder::reads)
      if (began_here) session.connection = connection.number;
  }

  /// A connection with its request, as far as somebody can still see it.
  template <class Coder, class Self>
  static void code_connection(const auto& world, Coder& coder, Self& connection, SessionEpochs& epochs,
                              const Instances* instances) {
    std::uint8_t packed = 0;
    if constexpr (!Coder::reads)
      packed = static_cast<std::uint8_t>(unsigned{connection.open} | unsigned{connection.acknowledging} << 1 |
                                         unsigned{connection.fetching} << 2 |
                                         unsigned{connection.fetching && connection.check_scheduled} << 3);
    coder.small(packed);
    coder.small(connection.exchange);
    if constexpr (Coder::reads) {
      connection.open = packed & 1;
      connection.acknowledging = packed & 2;
      connection.fetching = packed & 4;
      connection.check_scheduled = packed & 8;
    }
    const Exchange exchange = connection.exchange;
    if (exchange != Exchange::none) {
      coder.small(connection.request.kind);
      if (connection.open || exchange == Exchange::to_leader) code_ranges(coder, connection.request.acknowledgements);
    }
    if (exchange == Exchange::to_leader) {
      coder.number(epochs.asked);
      if constexpr (Coder::reads) connection.request.session_epoch = epochs.asked;
    }
    if (exchange == Exchange::at_leader || exchange == Exchange::to_member) {
      if (connection.open)
        code_response(coder, connection.response, world.settings_->administration);
      else
        coder.number(connection.response.error);  // A session that was asked to end does, if that is none.
    }
    if (!connection.fetching) return;
    std::size_t fetched_from = instances == nullptr ? 0 : place_of(*instances, connection.fetched_from);
    fetched_from = coder.count(fetched_from);
    if constexpr (Coder::reads) connection.fetched_from = InstanceNumber{static_cast<std::uint32_t>(fetched_from)};
  }

  /// The attempt of a waiting fetch: what it waits for, whether it believes that it holds the fetch lock, and whether
  /// it does; or whether it is to be tried again when the lock is free.
  template <class Coder, class Self>
  static void code_attempt(Self& world, Coder& coder, MemberId id, auto& connection) {
    auto* instance = world.groups_[world.settings_of(id).group.value() - 1].find(connection.fetched_from);
    const FetchId own = fetch_id(id, connection);
    std::uint8_t packed = 0;
    if constexpr (!Coder::reads) {
      const bool is_active = instance != nullptr && instance->partition.state() == PartitionState::active;
      packed =
          static_cast<std::uint8_t>(static_cast<unsigned>(connection.attempt) | unsigned{connection.holds_lock} << 2 |
                                    unsigned{is_active && connection.met_lock} << 3 |
                                    unsigned{is_active && instance->partition.fetch_lock() == own} << 4);
    }
    coder.small(packed);
    if constexpr (Coder::reads) {
      connection.attempt = static_cast<Attempt>(packed & 3);
      connection.holds_lock = packed & 4;
      connection.met_lock = packed & 8;
      if ((packed & 16) != 0) instance->partition.try_fetch_lock(own);
    }
    if (connection.attempt != Attempt::none || connection.holds_lock) coder.offset(connection.read_from);
  }

  /// Whether the fetch lock is held by nobody who waits: it will never be free again.
  static bool is_lock_lost(const PartitionWorld& world, GroupId id, const ShareInstance& instance) {
    const FetchId holder = instance.partition.fetch_lock();
    return holder != FetchId{} && instance.partition.state() == PartitionState::active &&
           std::ranges::none_of(world.group(id).waiting, [&](const Waiter& waiter) {
             return fetch_id(waiter.member, *world.member(waiter.member).find(waiter.connection)) == holder;
           });
  }

  /// 0 for one that nothing can reach any more.
  static std::size_t place_of(const Instances& instances, InstanceNumber number) {
    return instances.numbers.contains(number.value()) ? instances.numbers.of(number.value()) : 0;
  }

  template <class Coder, class Self>
  static void code_group(Self& world, Coder& coder, GroupId id, Instances& instances) {
    auto& group = world.groups_[id.value() - 1];
    coder.group(id.value());
    if (!world.settings_->of(id).changes.empty()) coder.number(group.configuration);
    std::int32_t stored = 0;
    const auto code_stored = [&](auto& instance) {
      if constexpr (!Coder::reads) {
        instances.numbers.add(static_cast<std::uint32_t>(instance));
        stored = static_cast<std::int32_t>(instances.numbers.of(static_cast<std::uint32_t>(instance)));
      }
      coder.number(stored);
      if constexpr (Coder::reads) instance = stored;
    };
    ShareCoordinatorShard::code(world.store_, coder, world.key_of(id), code_stored);
    const auto number_of = [&](InstanceNumber number) { return instances.numbers.of(number.value()); };
    if constexpr (Coder::reads) {
      read_instances(world, coder, id);
      group.instances_created = std::max(group.instances_created, static_cast<std::uint32_t>(stored));
    } else {
      coder.count(static_cast<std::size_t>(
          std::ranges::count_if(group.instances, [&](const auto& each) { return world.can_matter(id, each); })));
      coder.count(group.current == InstanceNumber{} ? 0 : number_of(group.current));
      coder.leader_epoch(group.latest_epoch);
      for (const ShareInstance& instance : group.instances) {
        if (!world.can_matter(id, instance)) continue;
        coder.count(number_of(instance.number));
        code_broker(world, coder, instance.broker);
        coder.flag(group.is_cached(instance));
        coder.leader_epoch(instance.partition.leader_epoch());
        code_instance(world, coder, id, instance);
      }
    }
    code_copies(world, coder, id, instances);
    if constexpr (!Coder::writes && !Coder::reads) survey_start(world, coder, id);
  }

  /// Nobody waits for what becomes of them.
  template <class Coder, class Self>
  static void code_copies(Self& world, Coder& coder, GroupId id, const Instances& instances) {
    auto& group = world.groups_[id.value() - 1];
    const auto code_copy = [&](auto& copy, auto&& number) {
      coder.small(copy.cause);
      code_entry(coder, copy, number);
    };
    if constexpr (Coder::reads) {
      for (std::size_t left = coder.count(); left > 0; --left) {
        StoreRequest copy;
        copy.id = ++group.requests_issued;
        code_copy(copy, [&](auto& number) {
          coder.number(number);
          copy.instance = InstanceNumber{static_cast<std::uint32_t>(number)};
          group.instances_created = std::max(group.instances_created, copy.instance.value());
        });
        name_request(copy);
        group.copies.add(std::move(copy));
      }
    } else {
      code_set(
          coder, group.copies, [&](const StoreRequest& copy) { return world.would_store(id, copy.entry); },
          [&](const StoreRequest& copy) {
            code_copy(copy, [&](auto number) {
              coder.number(static_cast<std::int32_t>(instances.numbers.of(static_cast<std::uint32_t>(number))));
            });
          });
    }
  }

  /// A group without start offset will look for one.
  static void survey_start(const PartitionWorld& world, Survey& survey, GroupId id) {
    if (world.stored(id).start_offset == -1) survey.offset(world.first_start(id));
  }

  static void read_instances(PartitionWorld& world, Reader& reader, GroupId id) {
    Group& group = world.groups_[id.value() - 1];
    group.instances_created = 0;
    std::size_t left = reader.count();
    group.current = InstanceNumber{static_cast<std::uint32_t>(reader.count())};
    reader.leader_epoch(group.latest_epoch);
    const LogLookups log;
    const Surroundings around{0, world.settings_->profile, world.configuration(id), log};
    for (; left > 0; --left) {
      const InstanceNumber number{static_cast<std::uint32_t>(reader.count())};
      BrokerId broker{};
      bool is_cached = false;
      std::int32_t leader_epoch = 0;
      code_broker(world, reader, broker);
      reader.flag(is_cached);
      reader.leader_epoch(leader_epoch);
      if (is_cached) group.cache[index_of(broker)] = number;
      group.instances.push_back({number, broker, SharePartition{leader_epoch, around}, {}});
      group.instances_created = number.value();
      code_instance(world, reader, id, group.instances.back());
    }
  }

  /// A share partition with its locks in the timer and its requests under way.
  template <class Coder, class Self>
  static void code_instance(Self& world, Coder& coder, GroupId id, auto& instance) {
    TimedLocks timed{.duration_ms = world.configuration(id).lock_duration_ms};
    coder.flag(instance.loaded);
    if (!world.settings_->of(id).changes.empty()) SharePartition::code_limits(instance.partition, coder);
    code_timers(coder, instance, timed);
    SharePartition::code(instance.partition, coder, timed);
    if (world.reads_end_later()) {
      bool lost = false;
      if constexpr (!Coder::reads) lost = is_lock_lost(world, id, instance);
      coder.flag(lost);
      if constexpr (Coder::reads)
        if (lost) instance.partition.try_fetch_lock(FetchId{~std::uint64_t{0}});
    }
    code_requests(world, coder, id, instance, timed);
    code_dead_letters(world, coder, id, instance, timed);
    if constexpr (Coder::reads) instance.partition.number_locks_from(timed.next);
  }

  /// By deadline, then by range: the order in which locks were set means nothing else.
  template <class Coder>
  static void code_timers(Coder& coder, auto& instance, TimedLocks& timed) {
    boost::container::small_vector<TimedLock, 8> timers;
    if constexpr (!Coder::reads) {
      instance.timers.for_each([&](const TimedLock& each) { timers.push_back(each); });
      std::ranges::sort(timers, {}, [](const TimedLock& each) {
        return std::tuple{each.lock.expires_at, each.lock.first, each.lock.last, each.fired, each.id};
      });
    }
    code_all(coder, timers, [&](auto& each) {
      coder.deadline(timed.duration_ms, each.lock.expires_at);
      coder.member(each.lock.owner);
      coder.offset(each.lock.first);
      coder.offset(each.lock.last);
      coder.flag(each.fired);
      if constexpr (Coder::reads) {
        each.id = each.lock.id = LockId{timed.next++};
        instance.timers.add(each);
      }
      timed.locks.push_back(each.lock);
    });
  }

  /// Requests are handled each for itself, so they are a set: coded in the order of their bytes.
  template <class Coder, class Self>
  static void code_requests(Self& world, Coder& coder, GroupId id, auto& instance, TimedLocks& timed) {
    auto& group = world.groups_[id.value() - 1];
    if constexpr (Coder::reads) {
      for (std::size_t left = coder.count(); left > 0; --left) {
        StoreRequest request;
        request.id = ++group.requests_issued;
        request.instance = instance.number;
        code_request(world, coder, instance, request, timed);
        group.store_requests.add(std::move(request));
      }
    } else {
      code_set(
          coder, group.store_requests,
          [&](const StoreRequest& each) { return each.instance == instance.number && world.can_matter(id, each); },
          [&](const StoreRequest& each) { code_request(world, coder, instance, each, timed); });
    }
  }

  template <class Coder, class Self>
  static void code_dead_letters(Self& world, Coder& coder, GroupId id, auto& instance, TimedLocks& timed) {
    auto& group = world.groups_[id.value() - 1];
    const auto code_one = [&](auto& each) {
      coder.offset(each.first);
      coder.offset(each.last);
      code_hand_over(world, coder, instance, each, timed);
    };
    if constexpr (Coder::reads) {
      for (std::size_t left = coder.count(); left > 0; --left) {
        DeadLetterRequest request{.id = ++group.requests_issued, .instance = instance.number};
        code_one(request);
        group.dead_letters.add(request);
      }
    } else {
      code_set(
          coder, group.dead_letters, [&](const auto& each) { return each.instance == instance.number; }, code_one);
    }
  }

  template <class Coder>
  static void code_set(Coder& coder, const auto& items, auto&& wanted, auto&& each) {
    std::size_t size = 0;
    items.for_each([&](const auto& item) { size += wanted(item); });
    coder.count(size);
    boost::container::small_vector<std::size_t, 8> begins;
    items.for_each([&](const auto& item) {
      if (!wanted(item)) return;
      if constexpr (Coder::writes) begins.push_back(coder.position());
      each(item);
    });
    if constexpr (Coder::writes) coder.sort_parts(begins);
  }

  template <class Coder, class Self>
  static void code_hand_over(Self& world, Coder& coder, auto& instance, auto& request, TimedLocks& timed) {
    HandOverId id = request.hand_over;
    SharePartition::code_hand_over(instance.partition, coder, id, timed, [&](auto& asking) {
      Asked asked = asked_of(asking);
      coder.small(asked);
      MemberId member = nobody;
      if constexpr (!Coder::reads)
        if (world.is_awaited(asking)) member = sharelock::member_of(asking);
      coder.member(member);
      std::size_t connection = 0;
      if (member != nobody) connection = coder.count(Coder::reads ? 0 : place_of_connection(world, asking));
      if constexpr (Coder::reads) asking = request_id(asked, static_cast<std::uint32_t>(connection), member);
    });
    if constexpr (Coder::reads) request.hand_over = id;
  }

  /// Of the connections of whoever asks; the first is 1.
  static std::size_t place_of_connection(const PartitionWorld& world, RequestId request) {
    const Member& asking = world.member(sharelock::member_of(request));
    return static_cast<std::size_t>(asking.find(connection_of(request)) - asking.connections.data()) + 1;
  }

  template <class Coder, class Self>
  static void code_request(Self& world, Coder& coder, auto& instance, auto& request, TimedLocks& timed) {
    coder.small(request.cause);
    code_hand_over(world, coder, instance, request, timed);
    code_entry(coder, request, [&](auto& number) {
      if constexpr (Coder::reads) number = static_cast<std::int32_t>(instance.number.value());
    });
    bool applied = request.result.has_value();
    coder.flag(applied);
    if constexpr (Coder::reads) {
      if (applied) request.result.emplace();
      name_request(request);
    }
    if (applied) code_result(coder, *request.result);
  }

  /// What is asked: a read or a write, by which share partition.
  template <class Coder, class CodeInstance>
  static void code_entry(Coder& coder, auto& request, CodeInstance&& code_instance) {
    if (request.cause == StoreCause::initialise) return code_initialise(coder, request);
    const bool load = request.cause == StoreCause::load;
    if constexpr (Coder::reads) {
      if (load)
        request.entry = ReadEntry{};
      else
        request.entry = WriteEntry{};
    }
    if (load) {
      coder.leader_epoch(std::get<ReadEntry>(request.entry).leader_epoch);
      code_instance(std::get<ReadEntry>(request.entry).instance);
    } else {
      code_write(coder, std::get<WriteEntry>(request.entry), code_instance);
    }
  }

  template <class Coder>
  static void code_initialise(Coder& coder, auto& request) {
    if constexpr (Coder::reads) request.entry = InitializeEntry{};
    auto& entry = std::get<InitializeEntry>(request.entry);
    coder.state_epoch(entry.state_epoch);
    coder.start_or_none(entry.start_offset);
  }

  /// The group coordinator, and what it asked the store for. Offsets mean themselves there: a group may begin at 0, and
  /// go back to what is left of the log.
  template <class Coder, class Self>
  static void code_administration(Self& world, Coder& coder) {
    if constexpr (!Coder::writes && !Coder::reads) coder.offset(Offset{0});
    auto known = [&] {
      if constexpr (Coder::reads)
        return std::make_shared<Administration>(world.group_count());
      else
        return world.administration_;
    }();
    bool exists = world.partition_exists();
    coder.flag(exists);
    if constexpr (Coder::reads) known->set_partitions(world.partition() + (exists ? 1 : 0));
    for (std::uint32_t index = 1; index <= world.group_count(); ++index) {
      const GroupId id{index};
      coder.group(index);
      ShareGroupCoordinator::code(known->coordinator, coder, id, static_cast<std::uint32_t>(world.member_count()));
      bool overdue = known->of(id).overdue && known->is_initialising(id);
      coder.flag(overdue);
      bool knew_topic = known->of(id).knew_topic;
      coder.flag(knew_topic);
      if constexpr (Coder::reads) known->of(id) = {.overdue = overdue, .knew_topic = knew_topic};
      code_initialisations(world, coder, id, *known);
    }
    if constexpr (Coder::reads) world.administration_ = std::move(known);
  }

  /// What becomes of the outcome of an initialise request.
  enum class Outcome : std::uint8_t { ignored, awaited, awaited_with_other, altering };
  static Outcome outcome_of(const AwaitedInitialise* awaited) {
    if (awaited == nullptr) return Outcome::ignored;
    if (awaited->alters) return Outcome::altering;
    return awaited->with_other ? Outcome::awaited_with_other : Outcome::awaited;
  }

  template <class Coder, class Self>
  static void code_initialisations(Self& world, Coder& coder, GroupId id, auto& administration) {
    auto& group = world.groups_[id.value() - 1];
    const auto code_one = [&](auto& request, Outcome& outcome) {
      code_initialise(coder, request);
      bool applied = request.result.has_value();
      coder.flag(applied);
      if constexpr (Coder::reads)
        if (applied) request.result.emplace();
      if (applied) coder.number(request.result->error);
      coder.small(outcome);
    };
    if constexpr (Coder::reads) {
      for (std::size_t left = coder.count(); left > 0; --left) {
        StoreRequest request;
        request.id = ++group.requests_issued;
        request.cause = StoreCause::initialise;
        name_request(request);
        Outcome outcome{};
        code_one(request, outcome);
        if (outcome != Outcome::ignored)
          administration.awaited.push_back(
              {id, request.id, outcome == Outcome::awaited_with_other, outcome == Outcome::altering});
        group.store_requests.add(std::move(request));
      }
    } else {
      code_set(
          coder, group.store_requests,
          [&](const StoreRequest& each) { return each.cause == StoreCause::initialise && world.can_matter(id, each); },
          [&](const StoreRequest& each) {
            Outcome outcome = outcome_of(administration.find(id, each.id));
            code_one(each, outcome);
          });
    }
  }

  /// A request is called after what it writes. (Whose step it was is a name only, and forgotten.)
  static void name_request(StoreRequest& request) {
    request.last = -1;
    const auto* write = std::get_if<WriteEntry>(&request.entry);
    if (write == nullptr || write->batches.empty()) return;
    request.first = write->batches.front().first;
    request.last = write->batches.back().last;
  }

  template <class Coder, class Self>
  static void code_spent(Self& world, Coder& coder) {
    const Bounds& bounds = world.settings_->bounds;
    const auto code_rest = [&](auto most, auto& spent) {
      auto rest = Coder::reads ? most : most - std::min(most, spent);
      coder.number(rest);
      if constexpr (Coder::reads) spent = most - rest;
    };
    code_rest(bounds.records_max, world.spent_.records);
    code_rest(bounds.faults_max, world.spent_.all_faults);
    for (std::size_t kind = 0; kind < fault_kind_count; ++kind)
      if (bounds.faults[kind] > 0) code_rest(bounds.faults[kind], world.spent_.faults[kind]);
  }
};

template <class Coder, class Self>
void PartitionWorld::code(Self& self, Coder& coder) {
  Coding::code_spent(self, coder);
  Coding::code_brokers(self, coder);
  boost::container::small_vector<Coding::Instances, 2> instances;
  for (std::uint32_t id = 1; id <= self.group_count(); ++id) {
    if constexpr (Coder::reads) {
      Group& group = self.group_of(GroupId{id});
      group = Group{};
    }
    instances.emplace_back(self, GroupId{id});
    Coding::code_group(self, coder, GroupId{id}, instances.back());
  }
  for (std::size_t place = 0; place < self.member_count(); ++place) {
    std::size_t index = place;
    if constexpr (Coder::writes) index = coder.names().called(place);
    const MemberId id{static_cast<std::uint32_t>(index) + 1};
    if constexpr (Coder::reads) self.members_[index] = Member{};
    Coding::code_member(self, coder, id, Coder::reads ? nullptr : &instances[self.settings_of(id).group.value() - 1]);
  }
  if (self.settings_->administration) Coding::code_administration(self, coder);
  if constexpr (Coder::reads || Coder::writes) PartitionLog::code(self.log_, coder);
  if constexpr (Coder::reads) self.now_ = coder.latest_deadline();
}

template void PartitionWorld::code(const PartitionWorld&, Survey&);
template void PartitionWorld::code(const PartitionWorld&, Writer&);
template void PartitionWorld::code(PartitionWorld&, Reader&);

void PartitionWorld::write_member(Writer& writer, MemberId id) const {
  Coding::code_member(*this, writer, id, nullptr);
}

void PartitionWorld::encode(Encoding& out, const MemberNames& names) const {
  Survey found;
  survey(found);
  Writer writer{found, base(found), names, out};
  write(writer);
}

void PartitionWorld::decode(std::span<const std::byte> bytes) {
  Reader reader{bytes};
  read(reader);
}

std::vector<std::vector<std::size_t>> PartitionWorld::interchangeable() const {
  std::vector<std::vector<std::size_t>> sets;
  if (settings_->partition_added) return sets;  // Which partition is whose, the assignor decides by member ids.
  const auto alike = [&](std::size_t a, std::size_t b) {
    MemberSettings other = settings_->members[b];
    other.name = settings_->members[a].name;
    return settings_->members[a] == other;
  };
  for (std::size_t member = 0; member < member_count(); ++member) {
    const auto same = std::ranges::find_if(sets, [&](const auto& set) { return alike(set.front(), member); });
    if (same == sets.end())
      sets.push_back({member});
    else
      same->push_back(member);
  }
  std::erase_if(sets, [](const auto& set) { return set.size() < 2; });
  return sets;
}

}  // namespace sharelock
