// SPDX-License-Identifier: Apache-2.0
//
// What an operator decides about a case. It is an event of the case like any other, with a plan without actions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/ledger.h"

namespace sallyport {

// Of events that only an operator's command makes; no workflow takes it, so nobody can send one.
inline constexpr std::string_view kOperatorSource = "sallyport.operator";
inline constexpr std::string_view kOperatorWorkflow = "operator";

// Closes the case for good: what was refused, failed, or says that a host is probably compromised needs nobody any
// more. What is on its way goes on, and the case closes when it has ended; an outcome that is not known keeps it open.
// The case as it stands then. kNotFound: there is no such case; kInvalidInput: no reason is given; kRefused: it is
// closed already.
Result<CaseRecord> CloseCase(Ledger& ledger, CaseNumber number, const std::string& by, const std::string& reason);

}  // namespace sallyport
