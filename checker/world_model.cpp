#include "checker/world_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "model/world/tell.h"

namespace sharelock {
namespace {

constexpr std::array state_letters{'a', 'Q', 'K', 'x', 'X'};  ///< By RecordState: available, acquired, ...

/// What is in flight, as `0-1:Q1(m1) 2:K1*`: state, delivery count, owner; * while a write is under way.
std::string window_text(const InFlightWindow& window, const WorldSettings& settings) {
  std::string text;
  const OffsetSpan all = all_of(window);
  for_each_state(window, all.first, all.last, [&](Offset first, Offset last, const InFlightState& state) {
    text += fmt::format("{}{}:{}{}", text.empty() ? "" : " ", range_text(first, last),
                        state_letters[static_cast<std::size_t>(state.state())], state.delivery_count());
    if (state.owner() != nobody) text += fmt::format("({})", settings.of(state.owner()).name);
    if (state.is_pending()) text += "*";
  });
  return text;
}

std::string spans_text(const IntervalSet& spans) {
  std::string text;
  for (const OffsetSpan& span : spans)
    text += fmt::format("{}{}", text.empty() ? "" : " ", range_text(span.first, span.last));
  return text;
}

}  // namespace

std::vector<WorldModel::State> WorldModel::initial_states() const {
  std::vector<State> states(1);
  states[0].world.emplace(*settings_);
  states[0].claims = ClaimSet{settings_->groups.size()};
  return states;
}

bool WorldModel::is_busy(const State& state) const {
  if (!state.busy) state.busy = state.world->is_under_way();
  return *state.busy;
}

void WorldModel::actions(const State& state, std::vector<Step>& out) const {
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  state.world->enabled(out);
  const std::optional<std::uint32_t>& most = settings_->bounds.deviations;
  if (!most || state.deviations < *most || !is_busy(state)) return;
  out.erase(std::remove_if(out.begin() + begin, out.end(), [](const Step& step) { return !goes_on(step); }), out.end());
}

bool WorldModel::next(const State& state, const Step& action, State& after) const {
  after.world = state.world;
  after.claims = state.claims;
  after.broken.reset();
  after.seen.clear();
  after.deviations = state.deviations;
  after.busy.reset();
  if (settings_->bounds.deviations && !goes_on(action) && is_busy(state)) ++after.deviations;
  const TimeMs at = state.world->later();
  if (!after.world->apply(action, at, after.seen)) return false;
  after.broken = after.claims.judge(*after.world, at, after.seen);
  return true;
}

/// What encoding a state needs, lent from call to call, one for each thread.
struct WorldModel::Scratch {
  Survey survey;
  Offset base = 0;
  Encoding bytes;
  std::vector<Encoding> members;

  static Scratch& mine() {
    thread_local Scratch scratch;
    return scratch;
  }
};

void WorldModel::begin_encoding(const State& state, Scratch& scratch) const {
  scratch.survey.begin();
  state.world->survey(scratch.survey);
  state.claims.survey(*state.world, scratch.survey);
  scratch.base = state.world->base(scratch.survey);
}

/// The last byte says whether something is under way: see needs_judging.
void WorldModel::write_all(const State& state, const MemberNames& names, Scratch& scratch) const {
  scratch.bytes.clear();
  Writer writer{scratch.survey, scratch.base, names, scratch.bytes};
  state.world->write(writer);
  state.claims.write(*state.world, writer);
  if (settings_->bounds.deviations) writer.small(state.deviations);
  writer.flag(is_busy(state));
}

void WorldModel::encode(const State& state, const explore::Renaming& renaming, explore::ByteBuffer& out) const {
  Scratch& scratch = Scratch::mine();
  begin_encoding(state, scratch);
  MemberNames names;
  if (!renaming.is_identity())
    for (std::size_t i = 0; i < explore::Renaming::members_max; ++i) names.rename(i, renaming(i));
  write_all(state, names, scratch);
  out.append(scratch.bytes);
}

/// Members are put in the order of what they are themselves. Only where two of them are alike is the rest looked at:
/// then the least encoding is taken.
void WorldModel::encode_canonical(const State& state, std::span<const explore::Renaming> renamings,
                                  explore::ByteBuffer& out) const {
  Scratch& scratch = Scratch::mine();
  begin_encoding(state, scratch);
  const std::size_t count = state.world->member_count();
  scratch.members.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    scratch.members[i].clear();
    Writer writer{scratch.survey, scratch.base, MemberNames{}, scratch.members[i]};
    state.world->write_member(writer, MemberId{static_cast<std::uint32_t>(i) + 1});
  }
  // A renaming is taken as an order: which member comes in which place. Less than 0: `a` begins with lesser ones.
  const auto compare = [&](const explore::Renaming& a, const explore::Renaming& b) {
    for (std::size_t place = 0; place < count; ++place) {
      const Encoding& left = scratch.members[a(place)];
      const Encoding& right = scratch.members[b(place)];
      if (left != right) return explore::less_bytes(left, right) ? -1 : 1;
    }
    return 0;
  };
  const explore::Renaming* least = &renamings.front();
  for (const explore::Renaming& renaming : renamings.subspan(1))
    if (compare(renaming, *least) < 0) least = &renaming;
  const std::size_t begin = out.size();
  for (const explore::Renaming& renaming : renamings) {
    if (compare(renaming, *least) != 0) continue;
    MemberNames names;
    for (std::size_t place = 0; place < count; ++place) names.rename(renaming(place), place);
    write_all(state, names, scratch);
    if (out.size() > begin && !explore::less_bytes(scratch.bytes, out.from(begin))) continue;
    out.shrink(begin);
    out.append(scratch.bytes);
  }
}

void WorldModel::decode(explore::Bytes bytes, State& state) const {
  if (!state.world) state = initial_states().front();
  state.busy = bytes.back() != std::byte{0};
  if (settings_->bounds.deviations) state.deviations = std::to_integer<std::uint8_t>(bytes[bytes.size() - 2]);
  Reader reader{bytes};
  state.world->read(reader);
  state.claims.read(*state.world, reader);
  state.broken.reset();
  state.seen.clear();
}

bool WorldModel::needs_judging(explore::Bytes encoding) const {
  return settle_ && encoding.back() == std::byte{0};
}

std::optional<explore::Violation> WorldModel::violation(const State& state) const {
  if (!settle_ || is_busy(state)) return std::nullopt;
  State settling;
  settling.world = state.world;
  settling.claims = state.claims;
  settling.busy = false;
  PartitionWorld& world = *settling.world;
  ClaimSet& claims = settling.claims;
  world.renew_bounds();
  Scratch& scratch = Scratch::mine();
  begin_encoding(settling, scratch);
  write_all(settling, {}, scratch);
  const SettledStates::Key key = SettledStates::key_of(scratch.bytes);
  if (settled_->contains(key)) return std::nullopt;
  TimeMs now = world.later();
  bool holds = true;
  settle_(world, now, [&](const Replayed& replayed) {
    // Whatever breaks a claim that promises `always` is found by the search itself.
    holds = !claims.judge(replayed.world, replayed.at, replayed.observations);
    return holds;
  });
  const std::optional<Violation> left = holds ? claims.judge_end(world, now) : std::nullopt;
  if (left) return explore::Violation{std::string{left->claim}, left->what};
  settled_->add(key);
  return std::nullopt;
}

std::optional<explore::Violation> WorldModel::step_violation(const State&, const Step&, const State& after) const {
  if (!after.broken) return std::nullopt;
  return explore::Violation{std::string{after.broken->claim}, after.broken->what};
}

std::vector<std::vector<std::size_t>> WorldModel::interchangeable() const {
  return PartitionWorld{*settings_}.interchangeable();
}

std::vector<explore::StepClass> WorldModel::step_classes() const {
  std::vector<explore::StepClass> classes;
  for (std::size_t kind = 0; kind < step_kind_count; ++kind)
    classes.push_back({std::string{form_of(static_cast<StepKind>(kind)).name}, explore::Fairness::none});
  classes.push_back({"store-fails", explore::Fairness::none});
  return classes;
}

std::size_t WorldModel::step_class(const Step& action) const {
  return action.error == KafkaError::none ? static_cast<std::size_t>(action.kind) : step_kind_count;
}

std::vector<explore::Field> WorldModel::tell(const State& state) const {
  const PartitionWorld& world = *state.world;
  std::vector<explore::Field> fields{{"log", fmt::format("{}-{}", world.log().start(), world.log().high_watermark())},
                                     {"leader epoch", std::to_string(world.leader_epoch())}};
  for (std::uint32_t id = 1; id <= world.group_count(); ++id) {
    const Group& group = world.group(GroupId{id});
    const std::string& name = settings_->of(GroupId{id}).name;
    const auto add = [&](std::string_view what, std::string value) {
      fields.push_back({name.empty() ? std::string{what} : fmt::format("{} {}", name, what), std::move(value)});
    };
    if (const ShareInstance* cached = group.cached(); cached != nullptr && cached->loaded) {
      add("start offset", std::to_string(cached->partition.start_offset()));
      add("in flight", window_text(cached->partition.window(), *settings_));
    }
    add("stored start offset", std::to_string(world.stored(GroupId{id}).start_offset));
    add("at the store", std::to_string(group.store_requests.size()));
    if (const Administration* known = world.administration(); known != nullptr) {
      const ShareGroup* joined = known->coordinator.find(GroupId{id});
      add("group epoch", joined == nullptr ? "none" : std::to_string(joined->epoch()));
      add("partition", known->is_initialised(GroupId{id}, world.partition()) ? "initialised" : "not initialised");
    }
  }
  for (std::uint32_t id = 1; id <= world.member_count(); ++id) {
    const Member& member = world.member(MemberId{id});
    fields.push_back({settings_->of(MemberId{id}).name,
                      fmt::format("{}{}{}", member.alive ? "" : "dead ",
                                  member.has_session() ? "session, holds " : "holds ", spans_text(member.held))});
  }
  return fields;
}

std::string WorldModel::identity() const {
  Digest digest;
  const auto add = [&](auto... numbers) { digest.add({static_cast<std::uint64_t>(numbers)...}); };
  for (const SwitchInfo& info : all_switches()) add(settings_->profile.value(info.id));
  for (const GroupSettings& group : settings_->groups) {
    const auto add_configuration = [&](const GroupConfiguration& of) {
      add(of.max_record_locks, of.delivery_count_limit, of.lock_duration_ms, of.renew_enabled,
          of.dead_letter_queue_enabled, of.auto_offset_reset);
    };
    add_configuration(group.configuration);
    for (const GroupConfiguration& change : group.changes) add_configuration(change);
    add(group.isolation, group.initial_start_offset);
  }
  for (const MemberSettings& member : settings_->members)
    add(member.group.value(), member.mode, member.max_poll_records, member.read_offsets_min);
  const Bounds& bounds = settings_->bounds;
  add(settings_->read_offsets_max, settings_->log_reads, settings_->snapshot_updates, bounds.records_max,
      bounds.producers, bounds.grain, bounds.commits, bounds.closes, bounds.locks_expire, bounds.timers,
      bounds.faults_max);
  for (const std::int32_t size : bounds.batch_sizes) add(size);
  for (const AcknowledgeType type : bounds.acknowledge) add(type);
  for (const KafkaError error : bounds.store_errors) add(error);
  for (const std::uint32_t most : bounds.faults) add(most);
  add(settings_->administration, settings_->partition_added);
  add(bounds.deviations ? *bounds.deviations + 1 : 0, settle_ ? 1 : 0);
  return fmt::format("world of {} groups, {} members, {} records, {} faults, claims {} [{}]", settings_->groups.size(),
                     settings_->members.size(), bounds.records_max, bounds.faults_max, fmt::join(all_claim_ids(), " "),
                     digest.text());
}

}  // namespace sharelock
