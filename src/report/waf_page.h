// SPDX-License-Identifier: Apache-2.0
//
// A run of the map from the edge to the host as a page: headline with bars by account and team, the picture of the
// ways, hosts with filter and details, candidates. Pure.
#pragma once

#include "edge/run.h"
#include "report/page.h"

namespace sallyport::report {

Page WafPage(const edge::Run& run);

}  // namespace sallyport::report
