// SPDX-License-Identifier: Apache-2.0
//
// Search bodies (contract section 4). Wildcards are on by default in SWP, so an exact search must say that it is one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::swp {

class SearchBody {
 public:
  // At most `max_items` objects in the answer.
  explicit SearchBody(int max_items) : max_items_(max_items) {}

  SearchBody& StringEquals(std::string_view field, std::string_view value);
  // SQL LIKE: `%` any run, `_` any one character.
  SearchBody& StringLike(std::string_view field, std::string_view pattern);
  SearchBody& NumberEquals(std::string_view field, std::int64_t value);
  // For paging: objects with a greater ID, in the order of IDs.
  SearchBody& IdAbove(std::int64_t id);

  std::string ToJson() const;

 private:
  SearchBody& String(std::string_view field, std::string_view value, bool wildcards);

  int max_items_;
  bool sorted_ = false;
  std::string criteria_;  // JSON objects, comma-separated
};

}  // namespace sallyport::swp
