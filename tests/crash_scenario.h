// SPDX-License-Identifier: Apache-2.0
//
// What the crash run is run over: for each kind of run its settings, its events, the other sides that it needs, and
// what a person does meanwhile. The test and the programs that it kills share this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/wire.h"
#include "base/result.h"
#include "config/settings.h"
#include "sim/swp_estate.h"
#include "sim/swp_manager.h"

namespace sallyport {

enum class CrashKind {
  kScans,      // findings about a protected host, another one that joins its scans, and one about an unprotected host
  kApprovals,  // three hosts whose scans and rules need a yes: one gets it, one gets a no, of one nobody decides
  kHeld,       // a finding about a bucket: its hosts wait for a yes, then for a maintenance window, then for their wave
  kChannels,   // messages to every sort of channel, some of which fail at first
  kAws,        // a web ACL that is changed, promoted after a yes, and changed back; verdicts for AWS Config
  kKills,      // of the random kills (kills_test.cc): hosts with several findings, one without an agent, two channels
};
// Those that are tried at every point.
inline constexpr CrashKind kCrashKinds[] = {CrashKind::kScans, CrashKind::kApprovals, CrashKind::kHeld,
                                            CrashKind::kChannels, CrashKind::kAws};
std::string_view ToString(CrashKind kind);
std::optional<CrashKind> CrashKindFromString(std::string_view text);

// Where the other sides are; those that the kind does not need stay empty.
struct CrashAddresses {
  std::string swp;
  std::string aws;
  std::string channels;  // of the receiver of messages
  std::string archive;   // the file of the channel that is one
};

const sim::SwpEstate& CrashEstate(CrashKind kind);
bool NeedsAws(CrashKind kind);
bool NeedsChannels(CrashKind kind);

// Settings and events of a kind; the events were made at that time.
Settings CrashSettings(CrashKind kind, const CrashAddresses& addresses, const std::string& ledger);
std::vector<std::string> CrashFindings(CrashKind kind, TimePoint made_at);
// Those that come when all that the others led to has ended.
std::vector<std::string> LaterEvents(CrashKind kind, TimePoint made_at);
inline constexpr std::string_view kLater = "-later";  // how the names of their files end
// Sets what the settings name of the environment, and says where AWS is.
aws::Environment CrashEnvironment(const CrashAddresses& addresses);

// How the point of a call to a channel ends.
inline constexpr std::string_view kOfChannel = " (channel)";
// The same of a call that changes something in AWS.
inline constexpr std::string_view kOfAws = " (AWS)";

// What a person does at any time: decides about the plans that wait, in the same way whenever asked. An Error: the
// ledger failed, or a decision was not taken as it should be.
Status DecideAboutPlans(Program& program);
// Says yes once more to every plan that was decided about: each time it has to be refused.
Status DecideOnceMore(Program& program);

// The calls that wrote to SWP outside the maintenance windows of the kind. Lines for people.
std::vector<std::string> OutsideTheWindows(CrashKind kind, const sim::SwpManager& manager);

}  // namespace sallyport
