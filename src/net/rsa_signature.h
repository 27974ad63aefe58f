// SPDX-License-Identifier: Apache-2.0
//
// Whether a text was signed with the RSA key of a certificate (PKCS #1 v1.5). libcrypto comes with libcurl and, like it
// (curl_library.h), is loaded with the first use.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace sallyport {

enum class SignedHash { kSha1, kSha256 };

// `certificate`: PEM, the first in it counts. `signature`: its bytes. kInvalidInput: that is no certificate with an RSA
// key of 2,048 bits or more, or `now` is outside of its validity; kUnavailable: libcrypto cannot be loaded.
Result<bool> IsSignedWith(const std::string& certificate, SignedHash hash, std::string_view text,
                          std::string_view signature, TimePoint now);

}  // namespace sallyport
