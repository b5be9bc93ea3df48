#include "interop/harness/state_dump.h"

#include <array>

#include "interop/protocol/json_text.h"

namespace sharelock::interop {
namespace {

constexpr std::array<std::string_view, 5> state_names{"EMPTY", "INITIALIZING", "ACTIVE", "FAILED", "FENCED"};
constexpr std::array<std::string_view, 5> short_names{"AV", "AQ", "AK", "AG", "AR"};

class UnitsWriter {
 public:
  UnitsWriter(std::string& out, const SharePartition& partition, const NameTable& names,
              const std::function<bool(LockId)>& is_cancelled)
      : out_{out}, partition_{partition}, names_{names}, is_cancelled_{is_cancelled} {}

  void units() {
    const auto& window = partition_.window();
    for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at)) {
      const InFlightBatch& unit = window[at];
      append_field(out_, at == window.first() ? "{\"f\":" : ",{\"f\":", unit.first);
      append_field(out_, ",\"l\":", unit.last);
      if (unit.by_offset) {
        out_ += ",\"slots\":[";
        runs(at, unit);
        out_ += "]}";
      } else {
        out_ += ",\"slot\":{";
        slot(unit.whole);
        out_ += "}}";
      }
    }
  }

 private:
  /// Equal neighbouring slots are written once.
  void runs(InFlightWindow::Handle at, const InFlightBatch& unit) {
    const auto& window = partition_.window();
    for (Offset first = unit.first; first <= unit.last;) {
      const InFlightState& state = window.state(at, first);
      Offset last = first;
      while (last < unit.last && looks_equal(state, window.state(at, last + 1))) ++last;
      append_field(out_, first == unit.first ? "{\"a\":" : ",{\"a\":", first);
      append_field(out_, ",\"b\":", last);
      out_ += ',';
      slot(state);
      out_ += '}';
      first = last + 1;
    }
  }

  /// Whether two slots are written alike.
  bool looks_equal(const InFlightState& a, const InFlightState& b) const {
    const HeldLock& x = a.lock();
    const HeldLock& y = b.lock();
    const bool equal = a.state() == b.state() && a.delivery_count() == b.delivery_count() && a.owner() == b.owner() &&
                       a.is_pending() == b.is_pending() && a.is_sticky() == b.is_sticky() && x.exists() == y.exists();
    if (!equal) return false;
    if (a.is_pending() && (a.rollback_owner() != b.rollback_owner() || a.rollback_limit() != b.rollback_limit()))
      return false;
    return !x.exists() || (x.expires_at == y.expires_at && x.owner == y.owner && x.expired == y.expired &&
                           is_cancelled(x) == is_cancelled(y));
  }

  void slot(const InFlightState& state) {
    out_ += "\"st\":\"";
    out_ += short_name(state.state());
    append_field(out_, "\",\"dc\":", state.delivery_count());
    member(state.owner());
    if (state.is_pending()) {
      // A transition always begins with an acquired record, and leaves its delivery count alone (SP-6).
      append_field(out_, ",\"rb\":{\"st\":\"AQ\",\"dc\":", state.delivery_count());
      member(state.rollback_owner());
      append_field(out_, ",\"limit\":", state.rollback_limit());
      out_ += '}';
    }
    if (const HeldLock& lock = state.lock(); lock.exists()) {
      append_field(out_, ",\"lock\":{\"at\":", lock.expires_at);
      out_ += ",\"m\":";
      append_string(out_, names_.name_of(lock.owner.value()));
      if (lock.expired) out_ += ",\"expired\":true";
      if (is_cancelled(lock)) out_ += ",\"cancelled\":true";
      out_ += '}';
    }
    if (state.is_sticky()) out_ += ",\"sticky\":true";
  }

  void member(MemberId member) {
    if (member == nobody) return;
    out_ += ",\"m\":";
    append_string(out_, names_.name_of(member.value()));
  }

  bool is_cancelled(const HeldLock& lock) const { return is_cancelled_(lock.id); }

  std::string& out_;
  const SharePartition& partition_;
  const NameTable& names_;
  const std::function<bool(LockId)>& is_cancelled_;
};

class StateWriter {
 public:
  StateWriter(std::string& out, ScriptedPartition& scripted, const NameTable& names)
      : out_{out}, scripted_{scripted}, partition_{scripted.partition()}, names_{names} {}

  void write() {
    header();
    append_units(out_ += ',', partition_, names_, [&](LockId lock) { return scripted_.timer().is_cancelled(lock); });
    out_ += ",\"timers\":[";
    timers();
    out_ += ']';
    pending(",\"reads\":[", Pending::Kind::read);
    pending(",\"writes\":[", Pending::Kind::write);
    pending(",\"dlq\":[", Pending::Kind::dead_letter);
    out_ += '}';
  }

 private:
  void header() {
    out_ += "{\"st\":\"";
    out_ += name_of(partition_.state());
    append_field(out_, "\",\"now\":", scripted_.now());
    append_bookkeeping(out_ += ',', partition_);
    out_ += ",\"fetchLock\":";
    if (const FetchId holder = partition_.fetch_lock(); holder != FetchId{})
      append_string(out_, names_.name_of(static_cast<std::uint32_t>(holder.value() - 1)));
    else
      out_ += "null";
    append_fetch_metadata(out_ += ',', partition_);
  }

  void timers() {
    bool first = true;
    for (const AcquisitionLock& lock : scripted_.timer().alive()) {
      append_field(out_, first ? "{\"at\":" : ",{\"at\":", lock.expires_at);
      out_ += ",\"m\":";
      append_string(out_, names_.name_of(lock.owner.value()));
      append_field(out_, ",\"f\":", lock.first);
      append_field(out_, ",\"l\":", lock.last);
      out_ += '}';
      first = false;
    }
  }

  void pending(std::string_view head, Pending::Kind kind) {
    out_ += head;
    bool first = true;
    for (const Pending& pending : scripted_.pending()) {
      if (pending.kind != kind) continue;
      out_ += first ? "{" : ",{";
      append_hand_over(out_, pending.issued, pending.batches);
      out_ += '}';
      first = false;
    }
    out_ += ']';
  }

  std::string& out_;
  ScriptedPartition& scripted_;
  const SharePartition& partition_;
  const NameTable& names_;
};

class LineWriter {
 public:
  LineWriter(std::string& out, const SharePartition& partition, const NameTable& names)
      : out_{out}, partition_{partition}, names_{names} {}

  void write() {
    append_field(out_, "S=", partition_.start_offset());
    append_field(out_, " E=", partition_.end_offset());
    append_field(out_, " N=", partition_.peek_next_fetch_offset());
    append_field(out_, " D=", partition_.delivery_complete_count());
    // An inactive window has no effect and is not shown.
    if (partition_.gap_active()) {
      append_field(out_, " G=", partition_.gap()->start);
      append_field(out_, "..", partition_.gap()->window_end);
    } else {
      out_ += " G=-";
    }
    out_ += " |";
    const auto& window = partition_.window();
    if (window.empty()) out_ += " empty";
    for (auto at = window.first(); at != InFlightWindow::none; at = window.next(at)) unit(at, window[at]);
  }

 private:
  void unit(InFlightWindow::Handle at, const InFlightBatch& unit) {
    append_field(out_, unit.by_offset ? " {" : " [", unit.first);
    append_field(out_, "-", unit.last);
    if (unit.by_offset) {
      out_ += ':';
      runs(at, unit);
      out_ += '}';
    } else {
      out_ += ' ';
      slot(unit.whole);
      out_ += ']';
    }
  }

  void runs(InFlightWindow::Handle at, const InFlightBatch& unit) {
    const auto& window = partition_.window();
    const auto looks_equal = [](const InFlightState& a, const InFlightState& b) {
      return a.state() == b.state() && a.delivery_count() == b.delivery_count() && a.owner() == b.owner() &&
             a.is_pending() == b.is_pending();
    };
    for (Offset first = unit.first; first <= unit.last;) {
      const InFlightState& state = window.state(at, first);
      Offset last = first;
      while (last < unit.last && looks_equal(state, window.state(at, last + 1))) ++last;
      append_field(out_, " ", first);
      if (last > first) append_field(out_, "-", last);
      out_ += ':';
      slot(state);
      first = last + 1;
    }
  }

  void slot(const InFlightState& state) {
    out_ += short_name(state.state());
    append_number(out_, state.delivery_count());
    if (state.owner() != nobody) {
      out_ += '@';
      out_ += names_.name_of(state.owner().value());
    }
    if (state.is_pending()) out_ += '~';
  }

  std::string& out_;
  const SharePartition& partition_;
  const NameTable& names_;
};

void append_write(std::string& out, const event::WriteIssued& write, std::span<const StateBatch> batches) {
  append_field(out, "\"id\":", write.id);
  append_field(out, ",\"epoch\":", write.state_epoch);
  append_field(out, ",\"leader\":", write.leader_epoch);
  append_field(out, ",\"S\":", write.start_offset);
  append_field(out, ",\"D\":", write.delivery_complete_count);
  out += ",\"batches\":[";
  for (const StateBatch& batch : batches) {
    append_field(out, &batch == batches.data() ? "[" : ",[", batch.first);
    append_field(out, ",", batch.last);
    out += ",\"";
    out += short_name(batch.state);
    append_field(out, "\",", batch.delivery_count);
    out += ']';
  }
  out += ']';
}

}  // namespace

std::string_view name_of(PartitionState state) {
  return state_names[static_cast<std::size_t>(state)];
}

void append_bookkeeping(std::string& out, const SharePartition& partition) {
  append_field(out, "\"S\":", partition.start_offset());
  append_field(out, ",\"E\":", partition.end_offset());
  append_field(out, ",\"N\":", partition.peek_next_fetch_offset());
  append_field(out, ",\"D\":", partition.delivery_complete_count());
  append_bool(out += ",\"F\":", partition.find_next_fetch_offset());
  append_field(out, ",\"epoch\":", partition.state_epoch());
  append_field(out, ",\"leader\":", partition.leader_epoch());
  const auto& gap = partition.gap();
  if (!gap) {
    out += ",\"gap\":null";
    return;
  }
  append_field(out, ",\"gap\":{\"a\":", gap->start);
  append_field(out, ",\"b\":", gap->window_end);
  append_bool(out += ",\"active\":", partition.gap_active());
  out += '}';
}

void append_fetch_metadata(std::string& out, const SharePartition& partition) {
  const auto& meta = partition.last_fetch_metadata();
  if (!meta) {
    out += "\"meta\":null";
    return;
  }
  append_field(out, "\"meta\":{\"at\":", meta->offset);
  append_field(out, ",\"offset\":", meta->position.message_offset);
  append_field(out, ",\"segment\":", meta->position.segment_base_offset);
  append_field(out, ",\"pos\":", meta->position.position_in_segment);
  out += '}';
}

void append_units(std::string& out, const SharePartition& partition, const NameTable& names,
                  const std::function<bool(LockId)>& is_cancelled) {
  out += "\"units\":[";
  UnitsWriter{out, partition, names, is_cancelled}.units();
  out += ']';
}

std::string_view short_name(RecordState state) {
  return short_names[static_cast<std::size_t>(state)];
}

void append_hand_over(std::string& out, const Event& issued, std::span<const StateBatch> batches) {
  if (const auto* write = std::get_if<event::WriteIssued>(&issued)) {
    append_write(out, *write, batches);
  } else if (const auto* read = std::get_if<event::ReadIssued>(&issued)) {
    append_field(out, "\"id\":", read->id);
    append_field(out, ",\"leader\":", read->leader_epoch);
  } else if (const auto* letter = std::get_if<event::DeadLetterIssued>(&issued)) {
    append_field(out, "\"id\":", letter->id);
    append_field(out, ",\"f\":", letter->first);
    append_field(out, ",\"l\":", letter->last);
    append_field(out, ",\"dc\":", letter->delivery_count);
    out += letter->cause == DeadLetterCause::rejected ? ",\"cause\":\"rejected\"" : ",\"cause\":\"exceeded\"";
  }
}

void append_state(std::string& out, ScriptedPartition& scripted, const NameTable& names) {
  StateWriter{out, scripted, names}.write();
}

void append_state_line(std::string& out, const SharePartition& partition, const NameTable& names) {
  LineWriter{out, partition, names}.write();
}

}  // namespace sharelock::interop
