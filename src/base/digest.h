// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sallyport {

// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);
// HMAC-SHA-256 (RFC 2104) as 32 raw bytes.
std::string HmacSha256(std::string_view key, std::string_view bytes);
// `bytes` as lower-case hexadecimal digits.
std::string ToHex(std::string_view bytes);

}  // namespace sallyport
