// SPDX-License-Identifier: Apache-2.0
//
// Waits for follow-ups and asks them when they are due: what a daemon does all the time, and a command for a while.
#pragma once

#include <functional>

#include "app/wire.h"

namespace sallyport {

// Asks what is due, at once and then as it becomes due, until nothing is open any more or `wait` is over. `show` is
// given the report of each follow-up that was asked, by one thread at a time. At most `workers` are asked at once.
// Whether something is left open.
Result<bool> RunFollowUps(Program& program, Duration wait, int workers,
                          const std::function<void(const EventReport&)>& show);

}  // namespace sallyport
