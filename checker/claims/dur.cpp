#include "checker/claims/dur.h"

namespace sharelock::claims {

void Dur::not_again(Offset first, Offset last, MemberId by, Watch& watch) const {
  const Offset again = final_.first_present(first, last);
  if (again > last) return;
  std::string what = std::to_string(again);
  what += ", whose acknowledgement was confirmed, is acquired by ";
  what += watch.world.settings().of(by).name;
  watch.fail(info, std::move(what));
}

}  // namespace sharelock::claims
