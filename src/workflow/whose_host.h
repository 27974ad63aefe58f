// SPDX-License-Identifier: Apache-2.0
//
// Whose host it is: the finding, its envelope and SWP's record name an AWS account, and must not contradict each other.
// An account that the settings name (`accounts`) is ours, and may speak of hosts of others: a delegated administrator
// of GuardDuty or Macie gets the findings of all member accounts, in envelopes of its own. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "event/event.h"
#include "gates/gates.h"

namespace sallyport {

// Why it cannot be said whose host it is, when `speaker` ("the envelope") is of account `speaker_account` and says that
// the host is of account `account`; nothing: there is no doubt. Empty: no account is named.
std::optional<std::string> AccountDoubt(std::string_view speaker_account, std::string_view account,
                                        std::string_view speaker, const GateSettings& settings);

// The same of everything that an event says besides: the ARNs of EC2 instances in its envelope's `resources`, of which
// one of another account contradicts it.
std::optional<std::string> EnvelopeDoubt(const Event& event, std::string_view account, const GateSettings& settings);

// The ARN of a finding is its detector's: that of an administrator speaks of hosts of others as an envelope does. An
// ARN that names no account says nothing.
std::optional<std::string> FindingArnDoubt(std::string_view arn, std::string_view account,
                                           const GateSettings& settings);

// The ARN of a host says whose it is, whoever speaks of it; an ARN that names no account says nothing.
std::optional<std::string> HostArnDoubt(std::string_view arn, std::string_view account);

// The account in an ARN: "111122223333"; empty: the text is no ARN, or names none of twelve digits.
std::string_view AccountInArn(std::string_view arn);

}  // namespace sallyport
