// SPDX-License-Identifier: Apache-2.0
//
// One typed call, and a typed listing to its end. Pure but for the Transport.
//
// A request is a structure with
//   using Answer = ...;               the structure that comes back
//   static const Operation& Op();
//   std::string page_token;           when the operation answers in pages (Json for DynamoDB)
// and the Answer of such a one has
//   std::string next_page;            of the same type; empty: this was the last
//   std::optional<bool> truncated;    where the service says itself whether there is more; this wins
//   void Take(Answer&& page);         appends the next page's elements
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "aws/bounds.h"
#include "aws/codec.h"
#include "aws/endpoint.h"
#include "aws/operation.h"
#include "aws/service_error.h"

namespace sallyport::aws {

struct CallOptions {
  // For one answer with its retries; zero: the transport's own.
  Duration deadline{0};
  // No call is begun after this.
  std::optional<std::chrono::steady_clock::time_point> until{};
};

template <class Request>
concept Paged = requires(Request request, typename Request::Answer answer) {
  request.page_token;
  answer.next_page;
};

// One HTTP call; of a listing one page.
template <class Request>
Result<typename Request::Answer> CallOnce(Transport& transport, const Place& place, Request request,
                                          const CallOptions& options = {}) {
  Result<Call> call = Encode(Request::Op(), place, request);
  if (!call.ok()) return call.error();
  call->deadline = options.deadline;
  call->until = options.until;
  const Result<WireAnswer> answer = transport.Send(*call);
  if (!answer.ok()) return answer.error();
  auto decoded = Decode<typename Request::Answer>(Request::Op(), *answer);
  if (!decoded.ok()) return WithOrigin(decoded.error(), *call, RequestId(*answer));
  return decoded;
}

namespace paging {

inline std::string Text(const std::string& token) {
  return token;
}
inline std::string Text(const Json& token) {
  return token.HasValue() ? token.ToText() : "";
}

// Whether a page is followed by another; an error when the service contradicts itself.
template <class Answer>
Result<bool> HasMore(const Answer& page) {
  const bool has_token = !Text(page.next_page).empty();
  if constexpr (requires { page.truncated; }) {
    if (!page.truncated.has_value()) return has_token;
    if (*page.truncated && !has_token) {
      return Error{ErrorCode::kBadAnswer, "the answer says that there is more, and not where", ""};
    }
    return *page.truncated;
  }
  // WAF may send a marker with the last page, and then an empty page.
  if constexpr (requires { page.IsLast(); }) return has_token && !page.IsLast();
  return has_token;
}

Error Repeats(const Call& call, int pages);
Error TooMany(const Call& call);

}  // namespace paging

// All pages together. A listing that fails on any page is an Error: half a list is no list. kBadAnswer when a page
// token comes a second time, kTooLarge after bounds::kPages pages.
template <Paged Request>
Result<typename Request::Answer> CallAll(Transport& transport, const Place& place, Request request,
                                         const CallOptions& options = {}) {
  typename Request::Answer all;
  std::set<std::string> seen;
  Call about;
  about.operation = &Request::Op();
  about.place = place;
  for (int pages = 1; pages <= bounds::kPages; ++pages) {
    auto page = CallOnce(transport, place, request, options);
    if (!page.ok()) return page.error();
    const auto more = paging::HasMore(*page);
    if (!more.ok()) return WithOrigin(more.error(), about);
    request.page_token = page->next_page;
    all.Take(std::move(*page));
    if (!*more) return all;
    if (!seen.insert(paging::Text(request.page_token)).second) return paging::Repeats(about, pages);
  }
  return paging::TooMany(about);
}

// AWS as seen from one account and region:
//
//   const auto instances = aws.Call(ec2::DescribeInstances{.filters = {{"instance-id", {id}}}});
//
// A value that is cheap to copy. The transport outlives it.
class Aws {
 public:
  Aws(Transport& transport, Place place, CallOptions options = {})
      : transport_(&transport), place_(std::move(place)), options_(options) {}

  // The whole answer: of a listing all pages.
  template <class Request>
  Result<typename Request::Answer> Call(Request request) const {
    const Place place = PlaceOf(request);
    if constexpr (Paged<Request>) return CallAll(*transport_, place, std::move(request), options_);
    return CallOnce(*transport_, place, std::move(request), options_);
  }
  // One page; the next one is asked for with `page_token`.
  template <Paged Request>
  Result<typename Request::Answer> Page(Request request) const {
    const Place place = PlaceOf(request);
    return CallOnce(*transport_, place, std::move(request), options_);
  }

  Aws In(std::string region) const { return {*transport_, {place_.account, std::move(region)}, options_}; }
  Aws With(CallOptions options) const { return {*transport_, place_, options}; }
  const Place& place() const { return place_; }

 private:
  // What belongs to CloudFront is asked for in the one region of the global services.
  template <class Request>
  Place PlaceOf(const Request& request) const {
    if constexpr (requires { request.IsGlobal(); }) {
      if (request.IsGlobal()) return {place_.account, std::string(PartitionOf(place_.region).global_region)};
    }
    return place_;
  }

  Transport* transport_;
  Place place_;
  CallOptions options_;
};

}  // namespace sallyport::aws
