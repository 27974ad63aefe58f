// SPDX-License-Identifier: Apache-2.0
//
// The addresses a settings file may hold: http or https, a host, perhaps a port and a path; nothing that hides where a
// request goes (no user and password, query, fragment, escapes or spaces).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport {

struct WebAddress {
  bool secure = false;  // https
  std::string host;     // "manager.example.com", "127.0.0.1", "[::1]"; lower case
  int port = 0;         // 0: not given
  std::string path;     // "/api"; without a slash at its end; may be empty

  // localhost, 127.0.0.0/8 or ::1: what is sent there does not leave the machine.
  bool IsLoopback() const;
  std::string ToText() const;
  bool operator==(const WebAddress&) const = default;
};

// Error: kInvalidInput. Its message says what is wrong and shows nothing of an address that holds a `@`.
Result<WebAddress> ParseWebAddress(std::string_view text);

// An address as an error shows it: cut off where something stands behind its host that may be what opens it.
std::string ShownAddress(std::string_view text);

}  // namespace sallyport
