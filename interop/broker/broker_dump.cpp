#include "interop/broker/broker_dump.h"

#include <algorithm>
#include <array>

#include "interop/harness/state_dump.h"
#include "interop/protocol/json_text.h"

namespace sharelock::interop {
namespace {

constexpr std::array<std::string_view, 5> role_names{"leader", "follower", "offline", "moved", "deleted"};

std::int64_t number_of(FetchId fetch) {
  return static_cast<std::int64_t>(fetch.value()) - 1;
}

/// wait: in the purgatory; read, remote: there too, a read outstanding; late: out of it, but not yet answered.
std::string_view phase(const ShareFetch& fetch) {
  if (fetch.completed) return "late";
  if (fetch.pending_read) return "read";
  return fetch.remote.empty() ? "wait" : "remote";
}

class BrokerDump {
 public:
  BrokerDump(std::string& out, BrokerWorld& world) : out_{out}, world_{world}, manager_{world.manager()} {}

  void full() {
    append_field(out_, "{\"now\":", world_.now());
    list("shares", shown(), [&](SharePartitionId object) { share(object); });
    list("logs", logs(), [&](const BrokerWorld::NamedPartition* named) { log(*named); });
    list("fetches", waiting(), [&](const ShareFetch* each) { fetch(*each); });
    list("watch", watch_lists(), [&](const std::pair<std::string, WatchKey>& watched) { watch(watched); });
    list("locks", world_.locks().alive(), [&](const AcquisitionLock& lock) {
      world_.append_timer(out_ += '{', lock);
      out_ += '}';
    });
    list("timers", world_.fetch_timers(), [&](const BrokerWorld::FetchTimer& timer) {
      BrokerWorld::append_timer(out_ += '{', timer);
      out_ += '}';
    });
    using Kind = BrokerWorld::HandOver::Kind;
    hand_overs("reads", Kind::read);
    hand_overs("writes", Kind::write);
    hand_overs("dlq", Kind::dead_letter);
    list("logReads", world_.log_reads, [&](const BrokerWorld::LogRead& read) {
      append_field(out_, "{\"id\":", read.id.value());
      append_field(out_, ",\"req\":", number_of(read.fetch));
      out_ += read.cancelled ? ",\"cancelled\":true}" : "}";
    });
    list("remotes", world_.remote_reads, [&](const BrokerWorld::RemoteRead& read) { remote(read); });
    append_field(out_, ",\"actions\":", static_cast<std::int64_t>(manager_.actions()));
    list("sessions", sessions(), [&](const ShareSession* each) { session(*each); });
    out_ += '}';
  }

  void line() {
    const std::size_t begin = out_.size();
    for (const SharePartitionId object : shown()) {
      const SharePartition& partition = manager_.cache()[object].partition;
      if (out_.size() > begin) out_ += "; ";
      (out_ += world_.name_of(object)) += ' ';
      out_ += name_of(partition.state());
      if (partition.fetch_lock() != FetchId{}) append_field(out_, " lock=F", number_of(partition.fetch_lock()));
      sharelock::interop::append_state_line(out_ += ' ', partition, world_.members);
    }
    for (const ShareFetch* fetch : waiting()) {
      append_field(out_, out_.size() > begin ? "; F" : "F", number_of(fetch->id));
      (out_ += ' ') += phase(*fetch);
    }
  }

 private:
  template <class Items, class Write>
  void list(std::string_view name, const Items& items, Write&& write) {
    ((out_ += ",\"").append(name)) += "\":[";
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ',';
      first = false;
      write(item);
    }
    out_ += ']';
  }

  void string(std::string_view name, std::string_view value) {
    ((out_ += ",\"").append(name)) += "\":";
    append_string(out_, value);
  }

  /// The objects in the cache, and older ones that a waiting fetch refers to or whose fetch lock is held.
  std::vector<SharePartitionId> shown() const {
    std::vector<SharePartitionId> ids;
    const std::vector<const ShareFetch*> fetches = waiting();
    for (const auto& [id, object] : manager_.cache().objects()) {
      const bool referred = !object.cached && std::ranges::any_of(fetches, [&, wanted = id](const ShareFetch* fetch) {
        return fetch->queued &&
               std::ranges::any_of(fetch->shares, [&](const auto& each) { return each.second == wanted; });
      });
      if (object.cached || referred || object.partition.fetch_lock() != FetchId{}) ids.push_back(id);
    }
    std::ranges::sort(ids, {}, [&](SharePartitionId id) { return std::string_view{world_.name_of(id)}; });
    return ids;
  }

  std::vector<const ShareFetch*> waiting() const {
    std::vector<const ShareFetch*> found;
    for (const auto& [id, request] : world_.fetches())
      if (const ShareFetch* fetch = manager_.find(id)) found.push_back(fetch);
    return found;
  }

  void share(SharePartitionId id) {
    const auto& object = manager_.cache()[id];
    append_string(out_ += "{\"sp\":", world_.name_of(id));
    if (!object.cached) out_ += ",\"removed\":true";
    string("st", name_of(object.partition.state()));
    append_bookkeeping(out_ += ',', object.partition);
    if (object.partition.fetch_lock() == FetchId{}) {
      out_ += ",\"fetchLock\":null,";
    } else {
      append_field(out_, ",\"fetchLock\":\"F", number_of(object.partition.fetch_lock()));
      out_ += "\",";
    }
    append_fetch_metadata(out_, object.partition);
    append_units(out_ += ',', object.partition, world_.members,
                 [&](LockId lock) { return world_.is_cancelled(id, lock); });
    out_ += '}';
  }

  std::vector<const BrokerWorld::NamedPartition*> logs() const {
    std::vector<const BrokerWorld::NamedPartition*> found;
    for (const auto& named : world_.partitions())
      if (named.hosted) found.push_back(&named);
    std::ranges::sort(found, [](const auto* a, const auto* b) {
      return std::tie(a->topic, a->number) < std::tie(b->topic, b->number);
    });
    return found;
  }

  void log(const BrokerWorld::NamedPartition& named) {
    const HostedLog& hosted = *named.hosted;
    append_string(out_ += "{\"tp\":", named.name);
    string("role", role_names[static_cast<std::size_t>(hosted.role)]);
    append_field(out_, ",\"epoch\":", hosted.epoch);
    append_field(out_, ",\"start\":", hosted.log.start);
    append_field(out_, ",\"local\":", hosted.log.local_start);
    append_field(out_, ",\"lso\":", hosted.log.last_stable);
    append_field(out_, ",\"hw\":", hosted.log.high_watermark);
    append_field(out_, ",\"end\":", hosted.log.end());
    out_ += '}';
  }

  void fetch(const ShareFetch& fetch) {
    append_field(out_, "{\"req\":", number_of(fetch.id));
    string("group", world_.groups.name_of(fetch.parameters.group.value()));
    string("m", world_.members.name_of(fetch.parameters.member.value()));
    string("phase", phase(fetch));
    std::vector<std::string_view> held;
    for (const auto& [what, object] : fetch.shares)
      if (manager_.cache()[object].partition.fetch_lock() == fetch.id) held.push_back(world_.name_of(object));
    list("held", held, [&](std::string_view name) { append_string(out_, name); });
    out_ += '}';
  }

  std::vector<std::pair<std::string, WatchKey>> watch_lists() const {
    std::vector<std::pair<std::string, WatchKey>> found;
    for (const WatchKey& key : manager_.watched().keys())
      if (!manager_.watched().waiting(key).empty()) found.emplace_back(world_.name_of(key), key);
    std::ranges::sort(found);
    return found;
  }

  void watch(const std::pair<std::string, WatchKey>& watched) {
    append_string(out_ += "{\"key\":", watched.first);
    list("reqs", manager_.watched().waiting(watched.second),
         [&](FetchId fetch) { append_number(out_, number_of(fetch)); });
    out_ += '}';
  }

  void hand_overs(std::string_view name, BrokerWorld::HandOver::Kind kind) {
    std::vector<const BrokerWorld::HandOver*> found;
    for (const auto& each : world_.hand_overs)
      if (each.kind == kind) found.push_back(&each);
    list(name, found, [&](const BrokerWorld::HandOver* each) {
      append_field(out_, "{\"id\":", each->id);
      string("sp", each->share);
      (out_ += ',').append(each->text) += '}';
    });
  }

  void remote(const BrokerWorld::RemoteRead& read) {
    append_field(out_, "{\"id\":", read.id.value());
    string("tp", world_.name_of(read.what));
    append_field(out_, ",\"offset\":", read.info.offset);
    append_field(out_, ",\"max\":", read.info.bytes_max);
    out_ += '}';
  }

  std::vector<const ShareSession*> sessions() const {
    std::vector<const ShareSession*> found;
    for (const auto& [key, session] : manager_.sessions().sessions()) found.push_back(&session);
    std::ranges::sort(found, {}, [&](const ShareSession* each) {
      return std::pair{world_.groups.name_of(each->key.group.value()),
                       world_.members.name_of(each->key.member.value())};
    });
    return found;
  }

  void session(const ShareSession& session) {
    append_string(out_ += "{\"group\":", world_.groups.name_of(session.key.group.value()));
    string("m", world_.members.name_of(session.key.member.value()));
    append_field(out_, ",\"epoch\":", session.epoch);
    list("parts", session.partitions(),
         [&](const SessionPartition& partition) { append_string(out_, world_.name_of(partition.what)); });
    out_ += '}';
  }

  std::string& out_;
  BrokerWorld& world_;
  const SharePartitionManager& manager_;
};

}  // namespace

void append_state(std::string& out, BrokerWorld& world) {
  BrokerDump{out, world}.full();
}

void append_state_line(std::string& out, BrokerWorld& world) {
  BrokerDump{out, world}.line();
}

}  // namespace sharelock::interop
