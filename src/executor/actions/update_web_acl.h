// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "edge/reads.h"
#include "executor/action_table.h"

namespace sallyport {

// The way to AWS of one actor; made when actors are.
using MakeEdgeAccess = std::function<std::unique_ptr<edge::Access>(const ActorSeams& seams)>;

// Without a way to AWS each act fails and says so: a program that can ask AWS puts its own row there (BindEdge).
ActionRow UpdateWebAclRow(MakeEdgeAccess make = {});

// The same table, with a way to AWS for the kinds that need one.
ActionTable BindEdge(ActionTable table, const MakeEdgeAccess& make);

}  // namespace sallyport
