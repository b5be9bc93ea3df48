// A life: requests of the coordination oracle's protocol that belong together, and the names in them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interop/coordination/json_access.h"

namespace sharelock::interop {

/// Requests of the protocol, one JSON text each: a `shard.new`, `session.new` or `group.new` and what follows it, or
/// requests that stand alone (`combine`, `assign`).
using Life = std::vector<std::string>;

/// Names in ascending order. Ids are their ranks, so that ids are in the order of the names.
class NameRanks {
 public:
  void add(std::string_view name);
  /// From 1 on; 0 if it is none of them.
  std::uint32_t rank(std::string_view name) const;
  std::string_view name(std::uint32_t rank) const { return rank == 0 ? std::string_view{} : names_[rank - 1]; }

  std::span<const std::string> all() const { return names_; }

 private:
  std::vector<std::string> names_;
};

/// What a client calls itself if a request does not say it.
inline constexpr std::string_view usual_client = "client";

/// The names that the requests of a life use.
struct LifeNames {
  NameRanks groups;
  NameRanks members;
  NameRanks connections;
  NameRanks topics;
  NameRanks clients;
  NameRanks racks;

  LifeNames() { clients.add(usual_client); }

  /// Adds those of one request.
  void add(JsonElement request);
};

LifeNames names_in(const Life& life);

}  // namespace sharelock::interop
