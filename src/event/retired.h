// SPDX-License-Identifier: Apache-2.0
//
// What AWS has switched off: WAF Classic on 30 September 2025, Inspector Classic on 20 May 2026. Their events, messages
// and ids are still met in old rules, queues, files and configurations; each gets one sentence that says so. Macie
// Classic is no such service: its alerts are handled. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace sallyport {

// The sentence for the `source` of an EventBridge event; nothing for a service that is there.
std::optional<std::string> RetiredSource(std::string_view source);

// The sentence for a document that is no event: a message that Inspector Classic sent to an SNS topic, or what its
// DescribeFindings answered. Nothing for any other.
std::optional<std::string> RetiredDocument(const Json& document);

// The sentence for what a resource names as its web ACL (CloudFront's `WebACLId`), when that is one of WAF Classic: an
// ARN of `waf` or `waf-regional`, or an id alone, since web ACLs of today stand there with their ARN. Nothing for those
// and for an empty one.
std::optional<std::string> RetiredWebAcl(std::string_view web_acl);

}  // namespace sallyport
