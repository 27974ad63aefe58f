// SPDX-License-Identifier: Apache-2.0
#include "intake/deliver_again.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

EventReport In(EventState state) {
  EventReport report;
  report.state = state;
  return report;
}

TEST(DeliverAgain, AsksForWhatAnotherDeliveryMayStillBringToItsEnd) {
  for (const EventState state :
       {EventState::kReceived, EventState::kPlanned, EventState::kUndetermined, EventState::kFailed}) {
    EXPECT_TRUE(MustDeliverAgain(In(state))) << ToString(state);
  }
}

TEST(DeliverAgain, AsksForNothingThatHasItsEndOrItsFollowUp) {
  for (const EventState state : {EventState::kWaiting, EventState::kDone, EventState::kOutOfScope,
                                 EventState::kUnreadable, EventState::kDuplicate}) {
    EXPECT_FALSE(MustDeliverAgain(In(state))) << ToString(state);
  }
}

TEST(DeliverAgain, AsksForWhateverIsNotInTheLedger) {
  EventReport report = In(EventState::kDone);
  report.ledger_failed = true;
  EXPECT_TRUE(MustDeliverAgain(report));
}

}  // namespace
}  // namespace sallyport
