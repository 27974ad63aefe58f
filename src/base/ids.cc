// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <algorithm>

#include "base/text.h"

namespace sallyport {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLowerHex(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f');
}
bool IsRegionCharacter(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || c == '-';
}

Error Malformed(std::string_view what, std::string_view text, std::string_view form) {
  return Error{ErrorCode::kInvalidInput, "`" + Printable(text, 64) + "` is not " + std::string(what),
               "the form is " + std::string(form)};
}

}  // namespace

Result<InstanceId> ParseInstanceId(std::string_view text) {
  const bool well_formed = text.starts_with("i-") && text.size() >= 10 && text.size() <= 19 &&
                           std::all_of(text.begin() + 2, text.end(), IsLowerHex);
  if (!well_formed) {
    return Malformed("an EC2 instance id", text, "`i-` and 8 to 17 lower-case hexadecimal digits");
  }
  return InstanceId{std::string(text)};
}

Result<AccountId> ParseAccountId(std::string_view text) {
  if (text.size() != 12 || !std::all_of(text.begin(), text.end(), IsDigit)) {
    return Malformed("an AWS account id", text, "twelve digits");
  }
  return AccountId{std::string(text)};
}

Result<Region> ParseRegion(std::string_view text) {
  const bool well_formed = text.size() >= 6 && text.size() <= 32 && text.front() != '-' && text.back() != '-' &&
                           std::all_of(text.begin(), text.end(), IsRegionCharacter) &&
                           text.find('-') != std::string_view::npos;
  if (!well_formed) return Malformed("an AWS region", text, "like `us-east-1`");
  return Region{std::string(text)};
}

}  // namespace sallyport
