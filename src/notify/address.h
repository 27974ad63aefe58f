// SPDX-License-Identifier: Apache-2.0
//
// Which addresses a channel may send to: a settings file must not make Sallyport talk to the metadata service of its
// own machine, or in the clear to another.
#pragma once

#include <string_view>

#include "base/result.h"

namespace sallyport {

// Ok for an https address, and for an http one on this machine (127.0.0.0/8, ::1, localhost). Refused (kInvalidInput):
// user and password, link-local and unspecified IP addresses in every way of writing them, multicast, the names and the
// address of cloud metadata services, a host written as a number, a fragment. Errors show no part of the address: it
// may be a secret.
//
// A name that resolves to such an address passes here; the certificate, which must be of that name, is what holds then.
Status CheckChannelUrl(std::string_view url);

}  // namespace sallyport
