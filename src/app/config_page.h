// SPDX-License-Identifier: Apache-2.0
//
// What `config evaluate` found as a page of the page kit: headline with bars by account and region, hosts with their
// verdicts, what changed, what could not be read. Pure.
#pragma once

#include "app/config_report.h"
#include "report/page.h"

namespace sallyport {

// `at`: when it was evaluated.
report::Page EvaluatePage(const EvaluateReport& report, TimePoint at);

}  // namespace sallyport
