// SPDX-License-Identifier: Apache-2.0
//
// From method and path to the function that answers, and the right it needs. Internal to sim/.
#pragma once

#include <variant>

#include "sim/http_server.h"
#include "sim/swp_call.h"

namespace sallyport::sim {

// Answers an authenticated API call. `path` is what follows `/api`.
Reply Dispatch(World& world, const ServedRequest& request, std::string_view path, const SimApiKey& key,
               std::int64_t now);

// The key that a request's headers name, or the refusal (401; 400 for the version header).
std::variant<const SimApiKey*, Reply> Authenticate(const World& world, const ServedRequest& request, std::int64_t now);

}  // namespace sallyport::sim
