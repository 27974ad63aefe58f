// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executor/actions/update_web_acl.h"

namespace sallyport {

// Without a way to AWS each act fails and says so (BindEdge gives it one).
ActionRow UpdateIpSetRow(MakeEdgeAccess make = {});

}  // namespace sallyport
