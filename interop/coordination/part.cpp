#include "interop/coordination/part.h"

#include <algorithm>
#include <array>

#include "interop/broker/broker_script.h"
#include "interop/coordination/assignor_script.h"
#include "interop/coordination/group_script.h"
#include "interop/coordination/persister_script.h"
#include "interop/coordination/session_script.h"
#include "interop/coordination/shard_script.h"

namespace sharelock::interop {
namespace {

constexpr std::uint32_t requests_per_life = 60;

/// Every fourth is not a life but a handful of combinations.
Life draw_store(const Chance& chance, std::uint64_t number, const Profile& profile) {
  return number % 4 == 3 ? draw_combinations(chance.fork("combinations").fork(number), requests_per_life)
                         : draw_shard_life(chance.fork(number), profile, requests_per_life);
}

Life draw_assignor(const Chance& chance, std::uint64_t number, const Profile&) {
  return draw_assignments(chance.fork(number));
}

Life draw_group(const Chance& chance, std::uint64_t number, const Profile& profile) {
  return draw_group_life(chance.fork(number), profile, requests_per_life);
}

Life draw_session(const Chance& chance, std::uint64_t number, const Profile&) {
  return draw_session_life(chance.fork(number), requests_per_life);
}

Life draw_persister(const Chance& chance, std::uint64_t number, const Profile&) {
  return draw_persister_life(chance.fork(number), requests_per_life);
}

Life draw_broker(const Chance& chance, std::uint64_t number, const Profile& profile) {
  return draw_broker_life(chance.fork(number), profile, requests_per_life);
}

}  // namespace

std::span<const Part> all_parts() {
  static const std::array parts{
      Part{"store", "lives of a share coordinator and lists of combinations", draw_store, store_situations()},
      Part{"persister", "lives of a broker's persister", draw_persister, persister_situations()},
      Part{"assignor", "groups", draw_assignor, assignor_situations()},
      Part{"group", "lives of a group coordinator's share groups", draw_group, group_situations()},
      Part{"session", "lives of a broker's share sessions", draw_session, session_situations()},
      Part{"broker", "lives of a broker's share fetch path", draw_broker, broker_situations(), "broker"},
  };
  return parts;
}

const Part* part_named(std::string_view name) {
  const auto found = std::ranges::find(all_parts(), name, &Part::name);
  return found == all_parts().end() ? nullptr : &*found;
}

}  // namespace sharelock::interop
