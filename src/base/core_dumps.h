// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sallyport {

// From now on this process leaves no memory image behind when it crashes, and no other process of its user may look
// into its memory: it holds keys. To be called before the first key is read. Best effort: what the system refuses is
// not told.
void ForbidCoreDumps();

}  // namespace sallyport
