// SPDX-License-Identifier: Apache-2.0
//
// IAM policy documents, as far as the simulator decides by them: trust policies and policies of buckets. Written
// for the simulator alone, so that it does not share a mistake with what is tested against it.
//
// Known: Effect, Action/NotAction, Resource/NotResource, Principal (AWS, Service, Federated, `*`), and conditions of
// the String, Arn, Bool and Null families with IfExists. A condition with any other operator counts as not met.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/aws/members.h"

namespace sallyport::aws_sim {

struct PolicyQuestion {
  std::string action;
  std::string resource;   // empty: the document has no resources (trust policies)
  std::string principal;  // an ARN, `service:ec2.amazonaws.com` or `federated:...`; empty: an identity policy
  std::map<std::string, std::vector<std::string>, std::less<>> context;  // keys in lower case
};

enum class Verdict { kNone, kAllow, kDeny };

// `document`: JSON text. A text that is no policy decides nothing. Deny beats allow beats nothing.
Verdict Judge(std::string_view document, const PolicyQuestion& question);

}  // namespace sallyport::aws_sim
