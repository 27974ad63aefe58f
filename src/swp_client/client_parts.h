// SPDX-License-Identifier: Apache-2.0
//
// What the sources of Client share: lists that go on behind the last id, and answers that cannot be what was asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "swp_client/client.h"

namespace sallyport::swp {

// What the manager dates later than its own time has not happened.
inline constexpr Duration kAheadOfClock = std::chrono::minutes(1);

// A page with fewer is the end of its list: no manager gives so few at once when there are more.
inline constexpr std::size_t kSurelyTheEnd = 5;

inline Error DoesNotAdvance(std::string_view list, std::int64_t last) {
  return {ErrorCode::kBadAnswer,
          "SWP's list of " + std::string(list) + " does not advance past id " + std::to_string(last),
          "try again; report it to the vendor when it stays"};
}

// Whether the request may have been carried out although no answer can be read. An answer that is too large is one that
// came.
inline bool IsLost(const Error& error) {
  return error.code == ErrorCode::kOutcomeUnknown || error.code == ErrorCode::kTooLarge;
}

// What went wrong with a write that SWP did not refuse: it may have been carried out, or may still be.
inline Error MayBeDone(const Error& error, std::string_view what) {
  return {ErrorCode::kOutcomeUnknown, "SWP may have done it (" + std::string(what) + "): " + error.message,
          "look in SWP before asking again"};
}

// Of a thing in a list of SWP.
template <class T>
std::int64_t NumberOf(const T& item) {
  if constexpr (std::is_integral_v<decltype(item.id)>) {
    return item.id;
  } else {
    return item.id.value;
  }
}

inline Error InTheFuture(std::string_view what, TimePoint time) {
  return {ErrorCode::kBadAnswer,
          std::string(what) + " is dated " + FormatTime(time) + ", which is later than SWP's own clock", ""};
}

// The answer to a question about one object is that object.
template <class T, class Id>
Result<T> Insist(Result<T> read, Id asked, std::string_view what) {
  if (!read.ok() || read->id == asked) return read;
  return Error{ErrorCode::kBadAnswer,
               "SWP was asked for " + std::string(what) + " " + std::to_string(asked.value) + " and answered with " +
                   std::to_string(read->id.value),
               ""};
}

// Page after page, each behind the last id of the one before. More than `search.most`: kTooLarge.
template <class T>
Result<std::vector<T>> Client::SearchAll(const Search<T>& search) {
  std::vector<T> all;
  std::int64_t last = 0;
  while (all.size() <= search.most) {
    SearchBody body = search.criteria;
    const auto json = Post(search.path, body.IdAbove(last).ToJson(), *search.operation);
    if (!json.ok()) return json.error();
    auto page = search.read(*json);
    if (!page.ok()) return page;
    const std::size_t size = page->size();
    for (T& item : *page) {
      if (NumberOf(item) <= last) return DoesNotAdvance(search.of, last);
      last = NumberOf(item);
      all.push_back(std::move(item));
    }
    if (size < kSurelyTheEnd) return all;
  }
  return Error{ErrorCode::kTooLarge,
               "SWP's list of " + std::string(search.of) + " has more than " + std::to_string(search.most) +
                   " entries for one question",
               ""};
}

}  // namespace sallyport::swp
