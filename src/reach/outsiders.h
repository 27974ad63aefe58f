// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reach/world.h"

namespace sallyport::reach {

// Those whom the bucket's policies and ACL let in and who are no role that was read: other accounts, users, services,
// everyone. They are listed, since they cannot be followed to a host.
void AddOutsiders(const Facts& facts, World& world);

}  // namespace sallyport::reach
