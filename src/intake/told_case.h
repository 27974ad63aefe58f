// SPDX-License-Identifier: Apache-2.0
//
// A case as messages about it need it: each of its hosts with what was done for it, what was told of it, and what of it
// needs a person. Read out of what the ledger holds; pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "action/host.h"
#include "intake/case_notices.h"

namespace sallyport {

// One host of the case, with what became of the actions that concern it.
struct ToldHost {
  Host host;
  std::string owner;
  std::string protection;
  std::vector<std::string> protection_reasons;
  std::string undetermined;
  std::vector<const ActionRecord*> actions{};
  const ActionRecord* newest_message = nullptr;
  const ActionRecord* newest_end = nullptr;  // the same without messages about the case itself
  bool is_back = false;                      // protected, since the plan that the case says "not-protected" by
};

// In words: "failed" is "a step failed". Of "": "needs a person".
std::string_view CauseWords(std::string_view cause, const ToldHost& host);

// Why a case needs a person, a line for each plan and host that waits for one, with what to do where a command does it;
// empty: it needs none.
std::vector<std::string> WhyNeedsPerson(const CaseToTell& tell);

// The workflow of plans of messages about cases.
inline constexpr std::string_view kMessagesWorkflow = "messages";

// Points into `tell`, which stays where it is.
class ToldCase {
 public:
  explicit ToldCase(const CaseToTell& tell) : tell_(tell), record_(tell.shown.record) {}

  // False: there is no plan to tell about, or it is about a sample. What follows is there after true alone.
  Result<bool> Read();

  // The newest plan that decided about hosts of the case, and its event.
  const Plan& base() const { return *base_; }
  EventNumber base_event() const { return base_event_; }
  // At most kHostsToldApart.
  const std::vector<ToldHost>& hosts() const { return hosts_; }
  // Its one host is that of an action: the case of a map.
  bool is_about_no_host() const { return is_about_no_host_; }
  // Of the messages that were begun already.
  const std::set<std::string>& keys() const { return keys_; }

  // Nothing: this release cannot read it.
  std::optional<Action> ActionOf(const ActionRecord& record) const;
  bool AwaitsApproval() const;
  // The end of the case's actions is told for each host when it is found (case_ended.h).
  bool EndIsAwaited() const;
  // What of the host needs a person: "failed", "outcome-unknown", "not-verified", "undetermined", "malware",
  // "compromised", "not-protected", "manual-rules"; "" when nothing of it does.
  std::string CauseOf(const ToldHost& host) const;
  // Whether that was told with how all that was done for the host ended.
  bool IsTold(const ToldHost& host, std::string_view cause) const;

 private:
  template <class IsIt>
  Status FindBase(IsIt is_it);
  void AddHostsOf(const SwpEvidence& evidence);
  void AddHostOfActions();
  void AddAction(const ActionRecord& action);
  bool IsReturn(const ActionRecord& action) const;
  bool IsSaidSince(CaseSays base, CaseSays word) const;

  const CaseToTell& tell_;
  const CaseRecord& record_;
  std::optional<Plan> base_;
  EventNumber base_event_{};
  std::vector<ToldHost> hosts_;
  bool is_about_no_host_ = false;
  std::set<std::string> keys_;
};

}  // namespace sallyport
