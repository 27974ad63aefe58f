// SPDX-License-Identifier: Apache-2.0
//
// Reads back what a plan in the ledger says about its subjects, and what was decided. How it is written is in plan.cc.
#pragma once

#include "base/json.h"
#include "base/json_fields.h"
#include "workflow/plan.h"

namespace sallyport {

// Fills decision, hosts, others and answer. Of the computer that was judged its number alone is known, and of hosts no
// tags: a plan keeps neither. A word that is not known is an error of `fields`: how an event ends follows from these.
void ReadDecided(const Json& json, JsonFields& fields, Plan& plan);

}  // namespace sallyport
