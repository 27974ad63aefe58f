// SPDX-License-Identifier: Apache-2.0
//
// Findings of Macie as Security Hub carries them (ASFF): read to what Macie itself says. Pure.
//
// Rule source: Macie user guide, "Evaluating Amazon Macie findings with Security Hub CSPM"; Security Hub user guide,
// "AWS Security Finding Format".
#pragma once

#include "event/bare_form.h"

namespace sallyport {

BareForm MacieHubForm();

}  // namespace sallyport
