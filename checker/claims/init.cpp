#include "checker/claims/init.h"

namespace sharelock::claims {

void Init::finish(Watch& watch) {
  if (!watch.world.lacks_service(watch.group)) return;
  const Administration& administration = *watch.world.administration();
  if (administration.is_initialised(watch.group, watch.world.partition()))
    watch.fail(info, "the partition is initialised, and assigned to nobody");
  else if (administration.is_initialising(watch.group))
    watch.fail(info, "the partition is recorded as being initialised, and nobody initialises it");
  else
    watch.fail(info, "the partition is not initialised");
}

}  // namespace sharelock::claims
