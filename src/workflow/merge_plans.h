// SPDX-License-Identifier: Apache-2.0
//
// The plans that one event led to, seen together before they are recorded. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "workflow/plan.h"

namespace sallyport {

// Equal actions become one: the first plan that has it keeps it, with the reasons of all; the others say so. Two are
// equal when their idempotency keys are (keys say what is done to what, not which workflow wants it), or when they are
// the same in all that they hold.
//
// Opposite actions, that make different things of one thing (an SWP rule assigned and not assigned at one policy), are
// each held for a person, whichever plan they are of.
//
// Two scans of one computer that differ in what becomes of their results are neither: the second waits for the first
// (gate cool-down), and what is done with the results follows from both.
//
// The first `recorded` plans are in the ledger already: they count and are left as they are.
void MergePlans(std::vector<Plan>& plans, std::size_t recorded = 0);

}  // namespace sallyport
