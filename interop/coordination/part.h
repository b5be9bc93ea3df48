// The parts of a broker beside the share partition that are compared with the real classes, live.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/chance.h"
#include "interop/coordination/life.h"
#include "interop/protocol/kafka_line.h"
#include "model/profile/profile.h"

namespace sharelock::interop {

/// Something that a long comparison should have met, told by a request and its answer.
struct PartSituation {
  std::string_view name;
  std::string_view rules;
  bool (*occurs)(JsonElement request, JsonElement answer);
  KafkaLine since = KafkaLine::v4_2;  ///< The first line in which it can occur.
};

struct Part {
  std::string_view name;   ///< As in `--part NAME`.
  std::string_view lives;  ///< What its lives are called.
  /// Draws the life of that number. The same chance, number and profile give the same life.
  Life (*draw)(const Chance& chance, std::uint64_t number, const Profile& profile);
  std::span<const PartSituation> situations;
  std::string_view oracle = "coordination";  ///< Which oracle it is compared with.
};

std::span<const Part> all_parts();
/// Null if there is no such part.
const Part* part_named(std::string_view name);

std::span<const PartSituation> assignor_situations();
std::span<const PartSituation> broker_situations();
std::span<const PartSituation> group_situations();
std::span<const PartSituation> persister_situations();
std::span<const PartSituation> session_situations();
std::span<const PartSituation> store_situations();

}  // namespace sharelock::interop
