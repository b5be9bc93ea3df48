#include "checker/claims/end.h"

#include "model/world/tell.h"

namespace sharelock::claims {

void End::finish(Watch& watch) {
  watch.world.group(watch.group).store_requests.for_each([&](const StoreRequest& request) {
    std::string what = "the store was asked for ";
    what += name_of(request.cause);
    what += ' ' + range_text(request.first, request.last) + " and never answered";
    watch.fail(info, std::move(what));
  });
  for (std::uint32_t id = 1; id <= watch.world.member_count(); ++id) {
    const Member& member = watch.world.member(MemberId{id});
    if (watch.world.settings().of(MemberId{id}).group != watch.group) continue;
    if (!member.is_connected() || !member.in_use()->acknowledging) continue;
    std::string what = watch.world.settings().of(MemberId{id}).name;
    what += " waits for the outcome of its acknowledgements";
    watch.fail(info, std::move(what));
  }
}

}  // namespace sharelock::claims
