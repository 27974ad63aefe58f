// SPDX-License-Identifier: Apache-2.0
#include "notify/signature.h"

#include "base/digest.h"

namespace sallyport {

std::string SignatureTimestamp(TimePoint time) {
  return std::to_string(ToEpochMilliseconds(time) / 1000);
}

std::string WebhookSignature(const Secret& secret, std::string_view timestamp, std::string_view body) {
  std::string signed_text(timestamp);
  signed_text += '.';
  signed_text += body;
  return "v1=" + ToHex(HmacSha256(secret.RevealForRequest(), signed_text));
}

}  // namespace sallyport
