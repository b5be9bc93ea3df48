#include "checker/claims/dur.h"

namespace sharelock::claims {

void Dur::not_again(Offset first, Offset last, MemberId by, std::string_view how, Watch& watch) const {
  const Offset again = final_.first_present(first, last);
  if (again > last) return;
  std::string what = std::to_string(again);
  what += ", whose acknowledgement was confirmed, is ";
  what += how;
  what += watch.world.settings().of(by).name;
  watch.fail(info, std::move(what));
}

}  // namespace sharelock::claims
