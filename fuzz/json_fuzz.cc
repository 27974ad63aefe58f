// SPDX-License-Identifier: Apache-2.0
//
// The JSON reader and writer and Printable() on any bytes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "fuzz/same_json.h"

namespace sallyport {
namespace {

constexpr int kPlacesPerInput = 200;  // finding a path costs a search

// Visits the places of a document, each through every reader.
void Visit(const Json& place, int& left) {
  if (--left < 0) return;
  (void)place.Path();
  (void)place.AsInt64();
  (void)place.AsDouble();
  (void)place.AsBool();
  const Result<std::string> text = place.AsString();
  if (!text.ok()) Check(IsUtf8(text.error().message), "an error message is UTF-8");
  Check(place["no such member"]["at all"].IsMissing(), "what is missing is missing");
  Check(Json::Parse(place.ToText()).ok(), "every part of a document is a document");
  for (const Json& element : place.Elements()) Visit(element, left);
  for (const Json::Member& member : place.Members()) Visit(member.value, left);
}

void CheckReader(std::string_view bytes) {
  const Result<Json> first = Json::Parse(bytes);
  if (!first.ok()) {
    Check(Printable(first.error().message, first.error().message.size()) == first.error().message,
          "errors can be shown");
    return;
  }
  const std::string text = first->ToText();
  Check(IsUtf8(text), "written JSON is UTF-8");
  const Result<Json> second = Json::Parse(text);
  Check(second.ok() && SameJson(*second, *first), "written JSON reads as the same");
  int left = kPlacesPerInput;
  Visit(*first, left);
}

void CheckWriter(std::string_view bytes) {
  const Result<Json> written = Json::Parse(JsonString(bytes));
  Check(written.ok() && written->IsString(), "any bytes make a JSON string");
  if (IsUtf8(bytes)) Check(written->StringOr("") == bytes, "UTF-8 text comes back the same");
}

void CheckPrintable(std::string_view bytes) {
  const std::string whole = Printable(bytes, bytes.size() * 10);
  Check(Printable(whole, whole.size()) == whole, "what can be shown needs no change");
  const std::string cut = Printable(bytes, 20);
  Check(cut.size() <= 20 + 10 + 3, "what is shown is bounded");
  Check(IsUtf8(cut), "what is shown is UTF-8");
}

}  // namespace
}  // namespace sallyport

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  sallyport::CheckReader(bytes);
  sallyport::CheckWriter(bytes);
  sallyport::CheckPrintable(bytes);
  return 0;
}
