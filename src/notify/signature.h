// SPDX-License-Identifier: Apache-2.0
//
// How a webhook's receiver knows that a message is ours, whole and new. docs/notifications.md has the receiver's side.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/time.h"

namespace sallyport {

inline constexpr std::string_view kTimestampHeader = "X-Sallyport-Timestamp";
inline constexpr std::string_view kSignatureHeader = "X-Sallyport-Signature";
inline constexpr std::string_view kDeliveryHeader = "X-Sallyport-Delivery";

// Whole seconds since 1970.
std::string SignatureTimestamp(TimePoint time);
// "v1=" and the HMAC-SHA-256 (RFC 2104) in lower-case hexadecimal of timestamp, a dot, and the body.
std::string WebhookSignature(const Secret& secret, std::string_view timestamp, std::string_view body);

}  // namespace sallyport
