// A world as bytes (model/coding/survey.h), and what of it cannot matter any more and is left out: what is under way to
// somebody who is not there, share partitions that nothing can reach, running numbers of any kind.
#include "model/log/coding.h"

#include <algorithm>

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
void code_response(Coder& coder, auto& response) {
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

/// Where the one request of a connection is, for whoever can still see it.
Exchange exchange_of(const Member& member) {
  return !member.alive && member.exchange == Exchange::to_member ? Exchange::none : member.exchange;
}

/// Whether an answer to the member's request is due or under way.
bool is_answered_next(const Member& member) {
  return member.exchange == Exchange::at_leader || member.exchange == Exchange::to_member;
}

/// The session epochs that can still meet: of the member's next request (once the present one is answered), of the one
/// under way, of the session. Only which of them are equal counts, so they begin at 1.
struct SessionEpochs {
  std::int32_t next = 0;
  std::int32_t asked = 0;
  std::int32_t known = 0;

  static SessionEpochs of(const Member& member) {
    const bool closing = member.exchange != Exchange::none && member.request.kind == MemberRequest::Kind::close;
    SessionEpochs epochs;
    if (member.alive && !closing) epochs.next = member.next_epoch + is_answered_next(member);
    if (member.exchange == Exchange::to_leader) epochs.asked = member.request.session_epoch;
    if (member.has_session && (epochs.next > 0 || epochs.asked > 0)) epochs.known = member.session_epoch;
    std::int32_t least = 0;
    for (const std::int32_t epoch : {epochs.next, epochs.asked, epochs.known})
      if (epoch > 0 && (least == 0 || epoch < least)) least = epoch;
    for (std::int32_t* const epoch : {&epochs.next, &epochs.asked, &epochs.known})
      if (*epoch > 0) *epoch -= least - 1;
    return epochs;
  }
};

}  // namespace

/// The parts of a world's code that need to know the world as a whole.
struct PartitionWorld::Coding {
  /// The share partitions of a group that can matter, by number: the first is coded as 1. The store may remember one
  /// that is gone.
  struct Instances {
    Ranks<std::uint32_t> numbers{};

    explicit Instances(const PartitionWorld& world, GroupId id) {
      numbers.add(0);
      for (const ShareInstance& instance : world.group(id).instances)
        if (world.can_matter(id, instance)) numbers.add(instance.number.value());
    }
  };

  /// Flags of a member, and where its request is.
  template <class Coder, class Self>
  static Exchange code_standing(Self& member, Coder& coder) {
    const bool at_leader = member.exchange == Exchange::at_leader;
    std::uint8_t packed = 0;
    if constexpr (!Coder::reads)
      packed = static_cast<std::uint8_t>(
          unsigned{member.alive} | unsigned{member.connected} << 1 | unsigned{member.has_session} << 2 |
          unsigned{member.break_unnoticed} << 3 | unsigned{member.acknowledging && at_leader} << 4 |
          unsigned{member.fetching} << 5 | unsigned{member.fetching && member.check_scheduled} << 6);
    coder.small(packed);
    Exchange exchange = exchange_of(member);
    coder.small(exchange);
    if constexpr (Coder::reads) {
      member.alive = packed & 1;
      member.connected = packed & 2;
      member.has_session = packed & 4;
      member.break_unnoticed = packed & 8;
      member.acknowledging = packed & 16;
      member.fetching = packed & 32;
      member.check_scheduled = packed & 64;
      member.exchange = exchange;
    }
    return exchange;
  }

  template <class Coder, class Self>
  static void code_member(Self& member, Coder& coder, const Instances* instances) {
    const Exchange exchange = code_standing(member, coder);
    SessionEpochs epochs = Coder::reads ? SessionEpochs{} : SessionEpochs::of(member);
    coder.number(epochs.next);
    coder.number(epochs.known);
    if constexpr (Coder::reads) {
      member.next_epoch = std::max(0, epochs.next - is_answered_next(member));
      member.session_epoch = epochs.known;
    }
    coder.spans(member.held);
    code_ranges(coder, member.waiting);
    if (exchange != Exchange::none) {
      coder.small(member.request.kind);
      code_ranges(coder, member.request.acknowledgements);
    }
    if (exchange == Exchange::to_leader) {
      coder.number(epochs.asked);
      if constexpr (Coder::reads) member.request.session_epoch = epochs.asked;
    }
    if (exchange == Exchange::at_leader || exchange == Exchange::to_member) code_response(coder, member.response);
    if (!member.fetching) return;
    std::size_t fetched_from = instances == nullptr ? 0 : place_of(*instances, member.fetched_from);
    fetched_from = coder.count(fetched_from);
    if constexpr (Coder::reads) member.fetched_from = InstanceNumber{static_cast<std::uint32_t>(fetched_from)};
  }

  /// 0 for one that nothing can reach any more.
  static std::size_t place_of(const Instances& instances, InstanceNumber number) {
    return instances.numbers.contains(number.value()) ? instances.numbers.of(number.value()) : 0;
  }

  template <class Coder, class Self>
  static void code_group(Self& world, Coder& coder, GroupId id, Instances& instances) {
    auto& group = world.groups_[id.value() - 1];
    std::int32_t stored = 0;
    const auto code_stored = [&](auto& instance) {
      if constexpr (!Coder::reads) {
        instances.numbers.add(static_cast<std::uint32_t>(instance));
        stored = static_cast<std::int32_t>(instances.numbers.of(static_cast<std::uint32_t>(instance)));
      }
      coder.number(stored);
      if constexpr (Coder::reads) instance = stored;
    };
    ShareCoordinatorShard::code(world.store_, coder, key_of(id), code_stored);
    const auto number_of = [&](InstanceNumber number) { return instances.numbers.of(number.value()); };
    if constexpr (Coder::reads) {
      read_instances(world, coder, id);
      group.instances_created = std::max(group.instances_created, static_cast<std::uint32_t>(stored));
    } else {
      coder.count(static_cast<std::size_t>(
          std::ranges::count_if(group.instances, [&](const auto& each) { return world.can_matter(id, each); })));
      coder.count(group.current == InstanceNumber{} ? 0 : number_of(group.current));
      for (const ShareInstance& instance : group.instances) {
        if (!world.can_matter(id, instance)) continue;
        coder.count(number_of(instance.number));
        coder.leader_epoch(instance.partition.leader_epoch());
        code_instance(world, coder, id, instance);
      }
    }
    if constexpr (!Coder::writes && !Coder::reads) survey_start(world, coder, id);
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
    const LogLookups log;
    const Surroundings around{0, world.settings_->profile, world.settings_->of(id).configuration, log};
    for (; left > 0; --left) {
      const InstanceNumber number{static_cast<std::uint32_t>(reader.count())};
      std::int32_t leader_epoch = 0;
      reader.leader_epoch(leader_epoch);
      group.instances.push_back({number, SharePartition{leader_epoch, around}, {}});
      group.instances_created = number.value();
      code_instance(world, reader, id, group.instances.back());
    }
  }

  /// A share partition with its locks in the timer and its requests under way.
  template <class Coder, class Self>
  static void code_instance(Self& world, Coder& coder, GroupId id, auto& instance) {
    TimedLocks timed{.duration_ms = world.settings_->of(id).configuration.lock_duration_ms};
    coder.flag(instance.loaded);
    code_timers(coder, instance, timed);
    SharePartition::code(instance.partition, coder, timed);
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
      std::ranges::stable_sort(timers, {}, [](const TimedLock& each) {
        return std::tuple{each.lock.expires_at, each.lock.first, each.lock.last, each.fired};
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
      constexpr std::uint32_t first_connection = 1;
      if constexpr (Coder::reads) asking = request_id(asked, member == nobody ? 0 : first_connection, member);
    });
    if constexpr (Coder::reads) request.hand_over = id;
  }

  template <class Coder, class Self>
  static void code_request(Self& world, Coder& coder, auto& instance, auto& request, TimedLocks& timed) {
    coder.small(request.cause);
    code_hand_over(world, coder, instance, request, timed);
    const bool load = request.cause == StoreCause::load;
    if constexpr (Coder::reads) {
      if (load)
        request.entry = ReadEntry{};
      else
        request.entry = WriteEntry{};
    }
    const auto its_own = [&](auto& number) {
      if constexpr (Coder::reads) number = static_cast<std::int32_t>(instance.number.value());
    };
    if (load) {
      coder.leader_epoch(std::get<ReadEntry>(request.entry).leader_epoch);
      its_own(std::get<ReadEntry>(request.entry).instance);
    } else {
      code_write(coder, std::get<WriteEntry>(request.entry), its_own);
    }
    bool applied = request.result.has_value();
    coder.flag(applied);
    if constexpr (Coder::reads) {
      if (applied) request.result.emplace();
      name_request(request);
    }
    if (applied) code_result(coder, *request.result);
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
  coder.leader_epoch(self.leader_epoch_);
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
    const GroupId group = self.settings_of(id).group;
    Coding::code_member(self.members_[index], coder, Coder::reads ? nullptr : &instances[group.value() - 1]);
    if constexpr (Coder::reads)
      if (self.members_[index].fetching) self.group_of(group).waiting.push_back(id);
  }
  if constexpr (Coder::reads || Coder::writes) PartitionLog::code(self.log_, coder);
  if constexpr (Coder::reads) self.now_ = coder.latest_deadline();
}

template void PartitionWorld::code(const PartitionWorld&, Survey&);
template void PartitionWorld::code(const PartitionWorld&, Writer&);
template void PartitionWorld::code(PartitionWorld&, Reader&);

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
