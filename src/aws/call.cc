// SPDX-License-Identifier: Apache-2.0
#include "aws/call.h"

#include <set>

#include "aws/bounds.h"
#include "aws/codec.h"
#include "aws/endpoint.h"
#include "aws/service_error.h"

namespace sallyport::aws {
namespace {

Call AboutListing(const Operation& operation, const Place& place) {
  Call about;
  about.operation = &operation;
  about.place = place;
  return about;
}

Error Repeats(const Call& call, int pages) {
  return WithOrigin(Error{ErrorCode::kBadAnswer,
                          "the same page token came twice, the second time with page " + std::to_string(pages) +
                              ": the listing would never end",
                          "try again later"},
                    call);
}

Error TooMany(const Call& call) {
  return WithOrigin(Error{ErrorCode::kTooLarge, "more than " + std::to_string(bounds::kPages) + " pages",
                          "ask for less with a filter"},
                    call);
}

// What belongs to CloudFront is asked for in the one region of the global services.
Place PlaceOf(const Operation& operation, const void* request, const Place& place) {
  if (operation.is_global == nullptr || !operation.is_global(request)) return place;
  return {place.account, std::string(PartitionOf(place.region).global_region)};
}

// How many elements the lists of an answer have.
std::size_t Elements(const Operation& operation, void* answer) {
  std::size_t count = 0;
  for (const MemberRow& row : operation.answer.rows) {
    if (row.type->kind == Type::Kind::kList) count += row.type->size(row.member(answer));
  }
  return count;
}

// Whether the page that was read last is followed by another; an error when the service contradicts itself.
Result<bool> HasMore(const Operation& operation, void* answer, bool page_was_empty) {
  const bool has_token = !operation.next_page(answer)->empty();
  const std::optional<bool>* truncated = operation.truncated == nullptr ? nullptr : operation.truncated(answer);
  if (truncated != nullptr && truncated->has_value()) {
    if (!**truncated || has_token) return **truncated;
    return Error{ErrorCode::kBadAnswer, "the answer says that there is more, and not where", ""};
  }
  return has_token && !(page_was_empty && operation.service.empty_page_is_last);
}

// What says that there are more pages, for the page that is read next and for who gets the whole.
void ForgetPage(const Operation& operation, void* answer) {
  operation.next_page(answer)->clear();
  if (operation.truncated != nullptr) operation.truncated(answer)->reset();
}

}  // namespace

Status Aws::AskOnce(const Operation& operation, const Place& place, void* request, void* answer) const {
  Result<sallyport::aws::Call> call = Encode(operation, place, request);
  if (!call.ok()) return call.error();
  call->deadline = options_.deadline;
  call->until = options_.until;
  const Result<WireAnswer> wire = transport_->Send(*call);
  if (!wire.ok()) return wire.error();
  if (const Status read = Decode(operation, *wire, answer); !read.ok()) {
    return WithOrigin(read.error(), *call, RequestId(*wire));
  }
  return Ok();
}

Status Aws::Ask(const Operation& operation, void* request, void* answer, Pages pages) const {
  const Place place = PlaceOf(operation, request, place_);
  if (pages == Pages::kOne || operation.page_token == nullptr) return AskOnce(operation, place, request, answer);
  std::set<std::string> seen;
  for (int page = 1; page <= bounds::kPages; ++page) {
    const std::size_t before = Elements(operation, answer);
    if (Status asked = AskOnce(operation, place, request, answer); !asked.ok()) return asked;
    const auto more = HasMore(operation, answer, Elements(operation, answer) == before);
    if (!more.ok()) return WithOrigin(more.error(), AboutListing(operation, place));
    const std::string next = *operation.next_page(answer);
    ForgetPage(operation, answer);
    if (!*more) return Ok();
    if (!seen.insert(next).second) return Repeats(AboutListing(operation, place), page);
    *operation.page_token(request) = next;
  }
  return TooMany(AboutListing(operation, place));
}

}  // namespace sallyport::aws
