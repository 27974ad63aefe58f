// SPDX-License-Identifier: Apache-2.0
//
// Which way a request takes: through a proxy or not. Rules, whatever settings and environment say:
//   - loopback and link-local addresses (metadata services) are never asked through a proxy;
//   - nothing goes through a proxy in clear: plain http never takes one, https goes through its tunnel;
//   - user and password of a proxy are kept apart from its address, so that no message about it can hold them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace sallyport {

struct Proxy {
  std::string address{};  // `http://host:port`, `socks5h://host:port`, `host:port`; empty: none
  std::string user{};
  Secret password{};
};

// `[scheme://][user[:password]@]host[:port]`, as curl and the environment write it. User and password end at the last
// `@`, and are percent-decoded.
Proxy ParseProxy(std::string_view text);

// That of https in the environment: https_proxy or HTTPS_PROXY, else all_proxy or ALL_PROXY. `read`: std::getenv.
Proxy ProxyOfEnvironment(const std::function<const char*(const char*)>& read);

// Whether a request to that URL goes straight to its host.
bool NeverByProxy(std::string_view url);

}  // namespace sallyport
