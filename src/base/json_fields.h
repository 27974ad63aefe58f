// SPDX-License-Identifier: Apache-2.0
//
// JsonFields: reads members that may be absent or null, but must not be of another type. It keeps the first error, so
// that a reader of twenty members checks once, at its end.
//
//   JsonFields fields;
//   finding.title = fields.Text(detail["title"]);
//   finding.count = fields.Whole(detail["service"]["count"], 1);
//   if (!fields.status().ok()) return fields.status().error();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/result.h"

namespace sallyport {

class JsonFields {
 public:
  // Each gives the fallback when the place is missing or null, when it is of another type, and after an error.
  std::string Text(const Json& place) { return Reads(place) ? Keep(place.AsString(), std::string()) : std::string(); }
  std::int64_t Whole(const Json& place, std::int64_t fallback) {
    return Reads(place) ? Keep(place.AsInt64(), fallback) : fallback;
  }
  bool Flag(const Json& place) { return Reads(place) && Keep(place.AsBool(), false); }
  // `place` itself, when it is an object (an array), missing or null.
  Json Object(const Json& place) { return OfType(place, place.IsObject(), "an object"); }
  Json Array(const Json& place) { return OfType(place, place.IsArray(), "an array"); }

  // Text that must be there and not be empty.
  std::string RequiredText(const Json& place) {
    if (!status_.ok()) return {};
    std::string text = Keep(place.AsString(), std::string());
    if (place.IsString() && text.empty()) Expected(place, "text", "an empty string");
    return text;
  }

  // Notes that `place` is not what was expected.
  void Expected(const Json& place, std::string_view expected, std::string_view found) {
    if (!status_.ok()) return;
    const std::string path = place.Path();
    Fail(Error{ErrorCode::kInvalidInput,
               (path.empty() ? "the document" : path) + ": expected " + std::string(expected) + ", found " +
                   std::string(found),
               ""});
  }
  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }

  // The first error of all readings, or ok.
  const Status& status() const { return status_; }

 private:
  // After the first error nothing is read: each further error would cost a search for its path.
  bool Reads(const Json& place) const { return place.HasValue() && status_.ok(); }
  template <class T>
  T Keep(Result<T> result, T fallback) {
    if (result.ok()) return std::move(result).value();
    Fail(result.error());
    return fallback;
  }
  Json OfType(const Json& place, bool is_type, std::string_view expected) {
    if (place.HasValue() && !is_type) Expected(place, expected, place.TypeName());
    return place;
  }

  Status status_;
};

}  // namespace sallyport
