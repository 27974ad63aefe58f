// SPDX-License-Identifier: Apache-2.0
//
// What each of the programs does first.
#pragma once

namespace sallyport {

// A peer that goes away shows up as a failed write, not as the end of the program; memory that is freed is kept for the
// next event; what is printed goes out in one piece, so that its reader wakes once for it.
void PrepareProcess();

}  // namespace sallyport
