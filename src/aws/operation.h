// SPDX-License-Identifier: Apache-2.0
//
// What is known of a service and an operation before anything is sent, one call, and the seam that sends it.
// Source: contract aws-api, sections 2 and 6 (the official service models, 2026).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/structure.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::aws {

// Contract aws-api, section 2.
enum class Protocol { kJson10, kJson11, kQuery, kEc2, kRestJson, kRestXml };

struct Service {
  std::string_view name;          // ours, in messages: `elbv2`
  std::string_view id;            // the model's service id: `Elastic Load Balancing v2`; names its environment variable
  std::string_view prefix;        // of the host: `elasticloadbalancing`
  std::string_view signing_name;  // in the signature
  std::string_view action_prefix;  // of IAM actions
  Protocol protocol = Protocol::kJson11;
  std::string_view version{};        // query and ec2: `Version`
  std::string_view target_prefix{};  // json: the part of `X-Amz-Target` before the dot
  // A listing may send a page token with its last page, and then an empty page.
  bool empty_page_is_last = false;
};

struct Operation {
  const Service& service;
  std::string_view name;
  std::string_view method = "POST";
  std::string_view uri = "/";  // `{Name}` stands for a member; may have a query
  // False: a lost answer may mean that it was carried out, and carrying it out twice does harm.
  bool repeatable = true;
  bool is_signed = true;
  // rest-xml: the root element of the answer; empty when the answer has no body or is not XML.
  std::string_view root{};
  // The IAM action, where it is not the service's prefix and the operation's name.
  std::string_view action{};
  // Something of the account is another one behind it: before each try whoever sends may be told to stop
  // (HttpRequest::changes). Keys, sessions and the like are none of that.
  bool changes = false;

  // What follows is made from the request's and the answer's C++ structures: Make(), table.h. `request` and `answer`
  // stand for objects of these.
  Structure request{};
  Structure answer{};  // no rows: that it came says enough, nothing of it is read
  // Null for what does not answer in pages. An empty `next_page`: this was the last one.
  std::string* (*page_token)(void* request) = nullptr;
  std::string* (*next_page)(void* answer) = nullptr;
  // Where the service says itself whether there is more; this wins. Null: it does not.
  std::optional<bool>* (*truncated)(void* answer) = nullptr;
  // Whether this request belongs in the one region of the global services. Null: no.
  bool (*is_global)(const void* request) = nullptr;

  std::string Action() const {
    return std::string(service.action_prefix) + ":" + std::string(action.empty() ? name : action);
  }
};

// An answer of which nothing is read.
struct Nothing {};

// Where a call goes. The account says whose credentials are used; empty is the one we start with.
struct Place {
  std::string account{};
  std::string region{};

  bool operator==(const Place&) const = default;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// One request, without what depends on the endpoint and the credentials.
struct Call {
  const Operation* operation = nullptr;
  Place place{};
  std::string path = "/";  // percent-encoded; without the bucket
  std::string query{};     // percent-encoded
  HeaderList headers{};
  std::string body{};
  std::string bucket{};        // S3: becomes part of the host or the path
  std::string host_account{};  // S3 Control: goes in front of the host
  // For the answer with all retries; zero: the transport's own.
  Duration deadline{0};
  // Nothing is sent after this.
  std::optional<std::chrono::steady_clock::time_point> until{};
};

struct WireAnswer {
  int status = 0;
  HeaderList headers{};
  std::string body{};

  // The first header of that name, in any case; empty when there is none.
  std::string_view Header(std::string_view name) const;
};

// Sends a call until it is answered or cannot be: endpoint, credentials, signature, rates and retries are behind it.
// Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  // A 2xx answer that reports no error, or an Error with its origin (base/result.h):
  //   kForbidden        for want of permission; origin names the missing action
  //   kUnauthenticated  no, wrong, expired or revoked credentials
  //   kNotFound, kInvalidInput, kRateLimited, kUnavailable, kOutcomeUnknown, kTimeout, kBadAnswer, ...: as in result.h
  virtual Result<WireAnswer> Send(const Call& call) = 0;
};

}  // namespace sallyport::aws
