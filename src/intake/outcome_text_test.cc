// SPDX-License-Identifier: Apache-2.0
#include "intake/outcome_text.h"

#include <gtest/gtest.h>

#include "action/notify_owner.h"
#include "action/request_scan.h"

namespace sallyport {
namespace {

using swp::ScanKind;

Host OutcomeHost(const std::string& name, const std::string& instance) {
  Host host;
  host.account = "111122223333";
  host.region = "us-east-1";
  host.instance = InstanceId{instance};
  host.name = name;
  return host;
}

const Host kWebHost = OutcomeHost("web-01", "i-0123456789abcdef0");
const Host kPayHost = OutcomeHost("pay-12", "i-0123123123123abcd");

Step ScanStep(ActionState state, const std::string& reason, const Host& host = kWebHost) {
  Step step;
  step.planned.action = RequestScan{ScanKind::kIntegrity, ComputerId{34}, host, false, std::nullopt};
  step.outcome.state = state;
  step.outcome.reason = reason;
  return step;
}

Step StoppedBy(std::string_view gate, ActionState state, const Host& host = kWebHost) {
  Step step = ScanStep(state, std::string(gate) + ": why", host);
  step.outcome.gates = {{gate, false, "why", WaitFor::kNothing}};
  return step;
}

Step MessageStep(const std::string& reason) {
  Step step;
  NotifyOwner message;
  message.host = kWebHost;
  step.planned.action = std::move(message);
  step.outcome.state = ActionState::kSent;
  step.outcome.reason = reason;
  return step;
}

struct OutcomeCase {
  const char* name;
  std::vector<Step> steps;
  const char* text;
};

TEST(OutcomeText, SaysWhatCameOfTheActionsAndNotWhatWasPlanned) {
  using enum ActionState;
  const OutcomeCase cases[] = {
      {"one scan", {ScanStep(kRequested, "")}, "1 scan requested on web-01 (i-0123456789abcdef0), not finished yet"},
      {"two scans",
       {ScanStep(kRequested, ""), ScanStep(kRequested, "")},
       "2 scans requested on web-01 (i-0123456789abcdef0), neither finished yet"},
      {"scans of two hosts, one joined",
       {ScanStep(kRequested, ""), ScanStep(kRequested, "", kPayHost), ScanStep(kRequested, "")},
       "3 scans requested on 2 hosts, none finished yet"},
      {"observe mode",
       {StoppedBy("mode", kWould), StoppedBy("mode", kWould)},
       "observe mode, would request 2 scans on web-01 (i-0123456789abcdef0)"},
      {"a sample",
       {StoppedBy("sample", kWould)},
       "sample finding, would request 1 scan on web-01 (i-0123456789abcdef0)"},
      {"a dry run",
       {ScanStep(kWould, "dry run: all gates passed")},
       "dry run, would request 1 scan on web-01 "
       "(i-0123456789abcdef0)"},
      {"one gate",
       {StoppedBy("exclusion-tag", kRefused, kPayHost), StoppedBy("exclusion-tag", kRefused, kPayHost)},
       "2 scans on pay-12 (i-0123123123123abcd) refused: exclusion-tag: why"},
      {"several gates",
       {StoppedBy("exclusion-tag", kRefused), StoppedBy("event-age", kRefused), StoppedBy("event-age", kRefused),
        ScanStep(kRequested, "")},
       "3 of 4 actions refused: 2 event-age, 1 exclusion-tag; 1 scan requested on web-01 (i-0123456789abcdef0), not "
       "finished yet"},
      {"held", {StoppedBy("stagger", kHeld)}, "1 scan on web-01 (i-0123456789abcdef0) held: stagger: why"},
      {"a message", {MessageStep("soc: delivered")}, "1 message: soc: delivered"},
      {"a lost answer",
       {ScanStep(kIntended, "outcome unknown: the answer was lost")},
       "1 scan on web-01 (i-0123456789abcdef0): outcome unknown: the answer was lost"},
      {"ends", {ScanStep(kVerified, "")}, "1 scan on web-01 (i-0123456789abcdef0) verified"},
  };
  for (const OutcomeCase& one : cases) EXPECT_EQ(OutcomeOf(one.steps), one.text) << one.name;
}

TEST(OutcomeText, KnowsTheGateOfWhatWasReadBackFromTheLedger) {
  EXPECT_EQ(OutcomeOf({ScanStep(ActionState::kWould, "mode: observe mode, nothing written to SWP")}),
            "observe mode, would request 1 scan on web-01 (i-0123456789abcdef0)");
}

}  // namespace
}  // namespace sallyport
