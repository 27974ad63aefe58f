// SPDX-License-Identifier: Apache-2.0
//
// The slow, obvious evaluator: the rules of docs/iam-evaluation.md written down as directly as possible, for a request
// that is fully given. It shares nothing with the engine but the parsed document and the world it is asked about, so
// that the two do not have the same mistake. No compiling, no index, no shortcuts.
#pragma once

#include <string>
#include <string_view>

#include "tests/policy/world.h"

namespace sallyport::policy {

// `Allowed`, `ExplicitlyDenied`, `ImplicitlyDenied`, or `CouldNotDecide` where AWS's documentation does not say.
std::string ReferenceDecide(const World& world);

// `*` and `?` by trying everything that they may stand for; remembers what it has tried.
bool ReferenceGlob(std::u32string_view pattern, std::u32string_view text);

}  // namespace sallyport::policy
