// SPDX-License-Identifier: Apache-2.0
//
// Workflow: one row of the table (tables.h). It says which events it takes, what such an event is about (`about`, pure:
// one or more Matters), reads AWS and SWP through seams (`gather`: plain facts), and decides (`plan`: pure). Every row
// that takes an event makes a plan for each of its Matters.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/documents.h"
#include "base/result.h"
#include "base/time.h"
#include "event/bare_form.h"
#include "event/event.h"
#include "gates/gates.h"
#include "protection/protection.h"
#include "reach/reads.h"
#include "swp/service.h"
#include "workflow/apply_settings.h"
#include "workflow/host_history.h"
#include "workflow/matter.h"
#include "workflow/own_key.h"
#include "workflow/owner.h"
#include "workflow/plan.h"
#include "workflow/row_settings.h"
#include "workflow/swp_evidence.h"
#include "workflow/whose_host.h"

namespace sallyport {

// What all workflows are told, and in `rows` what is each row's own.
struct WorkflowSettings {
  ProtectionCriteria protection;
  OwnerSettings owner;
  // A task of ours that last ran longer ago than this was left behind and does not count as running.
  Duration cool_down = std::chrono::hours(6);
  ApplySettings apply;
  // What gates ask: where an action may be planned that they let pass.
  GateSettings gates;
  RowSettings rows;
};

// A case of the ledger that an event may be evidence in, as intake finds it.
struct CaseToAttach {
  std::int64_t number = 0;  // 0: there is none, and one may be opened
  TimePoint opened_at;
  std::vector<std::string> hosts;  // account/region/instance
  std::set<std::string> remotes;   // addresses that its finding names at the other end
  SwpEvidence so_far;
  bool wants_whole = false;  // what is attached next is written with all that is known (SwpEvidence::whole)
};

// What may be read from.
struct Sources {
  swp::Reads& swp;
  TimePoint now;
  reach::Reads* reach = nullptr;  // who can reach a bucket; nullptr: AWS is not asked here
  // What earlier runs stored: catalogs, lists, maps of the estate, each with its age (ReadDocument). nullptr: nothing
  // is kept here.
  DocumentReads* documents = nullptr;
  // What earlier findings said about hosts. nullptr: nothing is kept here.
  HostHistory* history = nullptr;
  // The case that is in question, of a row that attaches to cases.
  const CaseToAttach* attaching = nullptr;
};

// What an event says that belongs to cases of others.
struct Attachable {
  std::string refused;             // why nothing of it is believed; empty: it is looked at
  std::string nothing;             // why there is nothing to attach, where that is no fault: a test message
  std::vector<std::string> hosts;  // the instance ids that it names, each once
  std::size_t count = 0;           // how many things it reports
  bool may_open = false;           // it may open a case for a host that has none
};

// A row, as intake uses it. WorkflowOf (below) makes one from functions over the row's own types.
struct Workflow {
  std::string name;        // unique
  std::string takes_what;  // for people: "`aws.guardduty`"
  std::function<bool(const Event& event)> takes;
  // Never empty. An Error (kInvalidInput): the event itself is malformed. Pure.
  std::function<Result<std::vector<Matter>>(const Event& event, const WorkflowSettings& settings)> about;
  // Reads and decides about one of these Matters. An Error: as that of `about`; everything else is in the plan.
  std::function<Result<Plan>(const Event& event, const Matter& matter, Sources& sources,
                             const WorkflowSettings& settings)>
      make_plan;
  // Of a row whose events have no case of their own: they are attached to the open cases of the hosts that they name.
  // `make_plan` is then asked once for each case, with Sources::attaching, and a plan without evidence is not recorded.
  // Empty: as other rows. Pure.
  std::function<Result<Attachable>(const Event& event, const WorkflowSettings& settings)> attaches;
  // The addresses at the other end that an event of this row names; empty: none is known. Pure.
  std::function<std::set<std::string>(const Event& event)> remotes;
  // How an event of this row looks when it comes without its EventBridge envelope; nothing: it never does.
  std::optional<BareForm> bare_form;
  // The settings that are the row's own; those of no other have their names.
  std::vector<OwnKey> keys;
};

// A plan that says why nothing is to be done, without anything having been read.
struct Declined {
  Decision decision = Decision::kNothing;  // kNothing or kOutOfScope
  std::vector<std::string> reasons;
  bool settles = false;  // the finding is at its end in its service: its case too
};

// The functions of a row over its own types: `Reading` is what it understands of an event, `Facts` what it reads
// outside. The row's name and the Matter are put into the plan for it.
template <class Reading, class Facts>
struct WorkflowOf {
  std::string_view name;
  std::string_view service;  // for people: "GuardDuty"
  std::string_view source;   // "aws.guardduty"
  // Of the events that it decides about. Others of the source are recorded as out of scope: they are about the service
  // itself. Empty: all of them.
  std::vector<std::string_view> detail_types;
  // From Event::detail to plain data. An Error names the path of what is wrong.
  Result<Reading> (*read)(const Event& event);
  // At least one.
  std::vector<Matter> (*about)(const Reading& reading, const WorkflowSettings& settings);
  // What ends before anything is read: archived, below a threshold, about nothing that can be acted on. May be nullptr.
  std::optional<Declined> (*decline)(const Reading& reading, const Matter& matter, const WorkflowSettings& settings);
  // A read that failed arrives in the facts as the error, never as an empty answer.
  Facts (*gather)(const Reading& reading, const Matter& matter, Sources& sources, const WorkflowSettings& settings);
  // Fills everything of `plan` but its workflow and its Matter, which are there. Pure; cannot fail.
  void (*plan)(const Reading& reading, const Facts& facts, const WorkflowSettings& settings, Plan& plan);
  std::optional<BareForm> bare_form = std::nullopt;
  std::vector<OwnKey> keys = {};
  // Which events of the source are this row's, where their detail type does not say it; nullptr: all.
  bool (*takes)(const Event& event) = nullptr;
  // What an event of another detail type is about; empty, or nullptr: about the service itself.
  std::string (*notice)(const Event& event) = nullptr;
  // Workflow::remotes and Workflow::attaches; nullptr: nothing.
  std::set<std::string> (*remotes)(const Event& event) = nullptr;
  Result<Attachable> (*attaches)(const Event& event, const WorkflowSettings& settings) = nullptr;

  // The plan about one Matter of what was read from an event.
  Plan Decide(const Reading& reading, const Matter& matter, Sources& sources, const WorkflowSettings& settings) const;
  // The row as intake uses it.
  Workflow Row() const;
};

// Parts of WorkflowOf that do not depend on its types.
bool IsOneOf(std::string_view detail_type, const std::vector<std::string_view>& detail_types);
Matter MatterOfNotice(const Event& event, std::string_view service);
// Whose host it is about is in doubt (whose_host.h): nothing is read and nothing is done.
Plan PlanOfDoubt(const Matter& matter, std::string_view workflow, std::string doubt);
Plan PlanOfNotice(const Event& event, const Matter& matter, std::string_view workflow, std::string notice);

template <class Reading, class Facts>
Plan WorkflowOf<Reading, Facts>::Decide(const Reading& reading, const Matter& matter, Sources& sources,
                                        const WorkflowSettings& settings) const {
  Plan made;
  made.workflow = name;
  made.matter = matter;
  auto declined = decline == nullptr ? std::nullopt : decline(reading, matter, settings);
  if (declined) {
    made.decision = declined->decision;
    made.reasons = std::move(declined->reasons);
    if (declined->settles) made.says = Plan::Says::kSettled;
  } else {
    plan(reading, gather(reading, matter, sources, settings), settings, made);
  }
  return made;
}

template <class Reading, class Facts>
Workflow WorkflowOf<Reading, Facts>::Row() const {
  Workflow made;
  made.name = name;
  made.takes_what = "`" + std::string(source) + "`";
  made.remotes = remotes;
  made.attaches = attaches;
  made.bare_form = bare_form;
  made.keys = keys;
  made.takes = [row = *this](const Event& event) {
    return event.source == row.source && (row.takes == nullptr || row.takes(event));
  };
  made.about = [row = *this](const Event& event, const WorkflowSettings& settings) -> Result<std::vector<Matter>> {
    if (!IsOneOf(event.detail_type, row.detail_types)) return std::vector{MatterOfNotice(event, row.service)};
    const auto reading = row.read(event);
    if (!reading.ok()) return reading.error();
    return row.about(*reading, settings);
  };
  made.make_plan = [row = *this](const Event& event, const Matter& matter, Sources& sources,
                                 const WorkflowSettings& settings) -> Result<Plan> {
    if (!IsOneOf(event.detail_type, row.detail_types)) {
      return PlanOfNotice(event, matter, row.name, row.notice == nullptr ? "" : row.notice(event));
    }
    const auto reading = row.read(event);
    if (!reading.ok()) return reading.error();
    // A matter need not be about one account: a schedule is not.
    auto doubt = matter.account.empty() ? std::nullopt : EnvelopeDoubt(event, matter.account, settings.gates);
    const bool declines = row.decline != nullptr && row.decline(*reading, matter, settings);
    if (doubt && !declines) return PlanOfDoubt(matter, row.name, *std::move(doubt));
    return row.Decide(*reading, matter, sources, settings);
  };
  return made;
}

}  // namespace sallyport
