// SPDX-License-Identifier: Apache-2.0
//
// Points at which a program under test can be stopped for good: before and after every write of its ledger, every HTTP
// call and every message.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/wire.h"
#include "ledger/ledger.h"
#include "net/http.h"
#include "tests/shared_clock.h"

namespace sallyport {

// Called at each point with its name, in the order in which the program comes to them.
using ReachPoint = std::function<void(const std::string& point)>;

// Reads pass without a point; so does a claim that found nothing, for nothing is on disk then that was not before.
std::unique_ptr<Ledger> WithCutPoints(std::unique_ptr<Ledger> inner, ReachPoint reach);

// `inner` outlives it.
std::unique_ptr<HttpClient> WithCutPoints(HttpClient& inner, ReachPoint reach);

// The same, and each call takes a moment of the clock. `to` is added to the names of the points. All outlive it.
std::unique_ptr<HttpClient> WithTimedCutPoints(HttpClient& inner, SharedClock& clock, const ReachPoint& reach,
                                               std::string_view to = "");

// A program of the crash tests, which shows its messages: its time, its ledger and its calls to SWP. All outlive it.
ProgramOptions OptionsWithCutPoints(SharedClock& clock, Random& random, const ReachPoint& reach);

}  // namespace sallyport
