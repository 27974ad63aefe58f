// SPDX-License-Identifier: Apache-2.0
//
// What an operator decides about a case. It is an event of the case like any other, with a plan without actions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ledger/ledger.h"

namespace sallyport {

inline constexpr std::string_view kOperatorWorkflow = "operator";
// What stands in the detail type of its events.
inline constexpr std::string_view kCaseClosed = "Case Closed";
inline constexpr std::string_view kCaseAcknowledged = "Case Acknowledged";

// Closes the case for good: what was refused, failed, or says that a host is probably compromised needs nobody any
// more. What is on its way goes on, and the case closes when it has ended; an outcome that is not known keeps it open.
// The case as it stands then. kNotFound: there is no such case; kInvalidInput: no reason is given; kRefused: it is
// closed already, also by somebody else at the same moment.
Result<CaseRecord> CloseCase(Ledger& ledger, CaseNumber number, const std::string& by, const std::string& reason);

// Somebody looks after it: nobody is reminded of it until `until`. News of the case are told all the same. As it stands
// then. kNotFound; kRefused: it is closed, or another operator decided about it at the same moment; kInvalidInput:
// `until` has passed.
Result<CaseRecord> AcknowledgeCase(Ledger& ledger, CaseNumber number, const std::string& by, TimePoint until,
                                   TimePoint now, const std::string& reason);

// Until when the case is acknowledged; nothing: it is not, or an operator has decided something else since.
Result<std::optional<TimePoint>> AcknowledgedUntil(Journal& journal, CaseNumber number);

}  // namespace sallyport
