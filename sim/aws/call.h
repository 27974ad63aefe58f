// SPDX-License-Identifier: Apache-2.0
//
// One call of one operation, whatever its protocol, and its answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/aws/members.h"
#include "sim/aws/operations.h"

namespace sallyport::aws_sim {

struct Account;
struct Regional;
class World;

// Who calls.
struct Principal {
  std::string account;
  std::string arn;      // ... :user/name, or sts ... :assumed-role/name/session
  std::string user_id;  // AIDA.., or AROA..:session
  // Patterns of `service:Action`; a call passes when one of `allow` and none of `deny` matches.
  std::vector<std::string> allow;
  std::vector<std::string> deny;
};

struct Call {
  const ServiceSpec* service = nullptr;
  const OperationSpec* operation = nullptr;
  json::object in;   // the members, under their names in OperationSpec::members
  std::string body;  // as sent
  std::string region;
  const Principal* who = nullptr;  // null for unsigned calls
  Account* account = nullptr;      // the caller's; null for unsigned calls
  Regional* regional = nullptr;    // the account's part in `region`
  TimePoint now;
  std::string url;             // of this server
  std::size_t page_limit = 0;  // no page is larger; 0 = as the service has it
  bool repeat_token = false;   // fault: every page's token leads to the same page
};

struct Failure {
  int status = 400;
  std::string code;
  std::string message;
  json::object more;  // further members of the error
};

struct Answer {
  Answer(json::object out) : members(std::move(out)) {}     // NOLINT(google-explicit-constructor)
  Answer(Failure problem) : failure(std::move(problem)) {}  // NOLINT(google-explicit-constructor)
  Answer(std::string xml_or_text, std::string type) : text(std::move(xml_or_text)), content_type(std::move(type)) {}

  json::object members;
  std::optional<Failure> failure;
  std::string text;  // the whole body instead of `members`, when content_type is not empty
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
};

inline Failure Fail(int status, std::string_view code, std::string message) {
  return {status, std::string(code), std::move(message), {}};
}

// How an operation pages.
struct PageRule {
  std::string_view token_in = "NextToken";
  std::string_view token_out = "NextToken";
  std::string_view size_in = "MaxResults";
  std::int64_t default_size = 100;
  std::int64_t smallest = 1;
  std::int64_t largest = 1000;
  std::string_view more = {};  // `IsTruncated`, always written when set
  std::string_view bad_token = "InvalidNextToken";
  std::string_view bad_size = "ValidationError";
};

struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string next;  // empty on the last page
};

// Which of `count` records this call gets. Tokens fit only the call that they came from: same operation, account,
// region and members.
std::optional<Failure> TakePage(const Call& call, std::size_t count, const PageRule& rule, Page& page);
// Adds the token (and `more`) to an answer.
void PutPage(json::object& out, const Page& page, const PageRule& rule);
// The page of `all` that the call gets, under `key`.
Answer OnePage(const Call& call, std::string_view key, const json::array& all, const PageRule& rule);
// The same of records, without the member `hidden`, which no answer has.
Answer OnePage(const Call& call, std::string_view key, const std::vector<const json::object*>& all,
               const PageRule& rule, std::string_view hidden = "");

}  // namespace sallyport::aws_sim
