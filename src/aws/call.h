// SPDX-License-Identifier: Apache-2.0
//
// One typed call, and a typed listing to its end. Pure but for the Transport.
//
// A request is a structure with
//   using Answer = ...;               the structure that comes back
//   static const Operation kOp;       made by Make() of table.h from the tables of both
//   std::string page_token;           when the operation answers in pages
//   bool IsGlobal() const;            when it may belong in the one region of the global services
// and the Answer of one that answers in pages has
//   std::string next_page;            empty: this was the last
//   std::optional<bool> truncated;    where the service says itself whether there is more; this wins
// The lists of an Answer take the elements of all pages.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "aws/operation.h"

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

// How much of a listing is asked for.
enum class Pages { kOne, kAll };

// AWS as seen from one account and region:
//
//   const auto instances = aws.Call(ec2::DescribeInstances{.filters = {{"instance-id", {id}}}});
//
// A value that is cheap to copy. The transport outlives it.
class Aws {
 public:
  Aws(Transport& transport, Place place, CallOptions options = {})
      : transport_(&transport), place_(std::move(place)), options_(options) {}

  // The whole answer: of a listing all pages together. A listing that fails on any page is an Error: half a list is no
  // list. kBadAnswer when a page token comes a second time, kTooLarge after bounds::kPages pages.
  template <class Request>
  Result<typename Request::Answer> Call(Request request) const {
    return Typed(std::move(request), Pages::kAll);
  }
  // One page; the next one is asked for with `page_token`.
  template <Paged Request>
  Result<typename Request::Answer> Page(Request request) const {
    return Typed(std::move(request), Pages::kOne);
  }
  // The same for any operation: `request` and `answer` are objects of its two structures.
  Status Ask(const Operation& operation, void* request, void* answer, Pages pages) const;

  Aws In(std::string region) const { return {*transport_, {place_.account, std::move(region)}, options_}; }
  Aws With(CallOptions options) const { return {*transport_, place_, options}; }
  const Place& place() const { return place_; }

 private:
  template <class Request>
  Result<typename Request::Answer> Typed(Request request, Pages pages) const {
    typename Request::Answer answer;
    if (const Status asked = Ask(Request::kOp, &request, &answer, pages); !asked.ok()) return asked.error();
    return answer;
  }
  Status AskOnce(const Operation& operation, const Place& place, void* request, void* answer) const;

  Transport* transport_;
  Place place_;
  CallOptions options_;
};

}  // namespace sallyport::aws
