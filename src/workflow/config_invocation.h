// SPDX-License-Identifier: Apache-2.0
//
// A call of AWS Config: which rule is to be evaluated, about what, and how it wants its answer. Pure.
// Source: AWS Config developer guide, "Example events for AWS Config rules"; contract aws-api, section 10; the shapes
// of awslabs' RDK (its items spell `ARN` and `awsAccountId`, those of the API `arn` and `accountId`).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "compliance/evaluation.h"
#include "compliance/parameters.h"
#include "compliance/rules.h"
#include "event/event.h"

namespace sallyport {

struct ConfigInvocation {
  // Why it cannot be answered: what is wrong, where, and what to do. Empty: nothing is wrong.
  std::string problem;

  compliance::Place place;
  std::string rule_name;
  std::string rule_id;  // "config-rule-a1b2c3"; its ARN or name where it has none
  std::optional<compliance::RuleParameters> parameters;
  bool has_token = false;
  bool test = false;  // the token is `TESTMODE`: checked by AWS Config, not stored
  // Of the verdicts: when the item was captured, or a schedule made its notification (edge case C5).
  std::optional<TimePoint> ordering;
  std::string notified;  // `notificationCreationTime` as it stands there: tells two evaluations of one item apart

  bool scheduled = false;  // about all instances of the account and region
  // Of a change.
  std::string resource_type;
  std::string resource_id;
  compliance::Resource resource;
  bool oversized = false;  // there is a summary alone: neither tags nor state
  // Why it does not apply whatever SWP says: it is gone, not recorded, left the scope, no instance, only proposed.
  std::string not_applicable;
};

// Never fails: what is wrong is in `problem`, so that the rule of AWS Config fails visibly.
ConfigInvocation ReadConfigInvocation(const Event& event);

}  // namespace sallyport
