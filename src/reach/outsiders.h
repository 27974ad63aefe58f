// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reach/world.h"

namespace sallyport::reach {

// Those whom the bucket's policies and ACL let in and who are nobody whose policies were read: other accounts, users of
// theirs, services. They are listed, since they cannot be followed to a host. What everyone may do is not told by one
// statement, but by all of them (Judge::DecideEveryone).
void AddOutsiders(const Facts& facts, World& world);

}  // namespace sallyport::reach
