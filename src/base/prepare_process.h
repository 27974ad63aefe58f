// SPDX-License-Identifier: Apache-2.0
//
// What each of the programs does first.
#pragma once

namespace sallyport {

// A peer that goes away shows up as a failed write, not as the end of the program; memory that is freed is kept for the
// next event.
void PrepareProcess();

}  // namespace sallyport
