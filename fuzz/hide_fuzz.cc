// SPDX-License-Identifier: Apache-2.0
//
// Hider on any text: no key comes through, neither as it is nor in a writing that JSON or a URL undoes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "net/hide.h"

namespace sallyport {
namespace {

constexpr std::string_view kKey = "key-1:aB+/cd=%2F\\\"&z9";

const Hider& TheHider() {
  static const Hider hider = [] {
    Hider made;
    made.Add(Secret(std::string(kKey)));
    return made;
  }();
  return hider;
}

bool HoldsKey(std::string_view text) {
  return ToLowerAscii(text).find(ToLowerAscii(kKey)) != std::string::npos;
}

void CheckStrings(const Json& place) {
  Check(!HoldsKey(place.StringOr("")), "no text of a document holds the key");
  for (const Json& element : place.Elements()) CheckStrings(element);
  for (const Json::Member& member : place.Members()) CheckStrings(member.value);
}

void CheckHidden(std::string text) {
  TheHider().Hide(text);
  Check(!HoldsKey(text), "the key is hidden");
  if (const auto json = Json::Parse(text); json.ok()) CheckStrings(*json);
}

}  // namespace
}  // namespace sallyport

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The first byte chooses where the key stands in it.
  const std::size_t at = size == 0 ? 0 : data[0] * size / 256;
  CheckHidden(std::string(bytes));
  CheckHidden(std::string(bytes.substr(0, at)) + std::string(kKey) + std::string(bytes.substr(at)));
  CheckHidden("{\"m\":" + JsonString(std::string(bytes.substr(0, at)) + std::string(kKey)) + "}");
  return 0;
}
