// SPDX-License-Identifier: Apache-2.0
#include "aws/shape.h"

#include <charconv>

#include "aws/bounds.h"
#include "base/text.h"

namespace sallyport::aws {

std::optional<std::string> Shape::Located(std::string_view, Where) {
  return std::nullopt;
}

void Shape::PutLocated(std::string_view name, Where, std::string&&) {
  Fail(Error{ErrorCode::kInternal, "`" + std::string(name) + "` has no place in this protocol", ""});
}

std::size_t Shape::BeginFlatList(std::string_view name) {
  Fail(Error{ErrorCode::kInternal, "`" + std::string(name) + "` has no place in this protocol", ""});
  return 0;
}

void Shape::FromText(const std::string& text, std::optional<std::int64_t>& place) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    Fail(Error{ErrorCode::kBadAnswer, "expected a whole number, found `" + Printable(text, bounds::kShownName) + "`",
               ""});
    return;
  }
  place = number;
}

}  // namespace sallyport::aws
