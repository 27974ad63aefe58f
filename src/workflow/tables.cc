// SPDX-License-Identifier: Apache-2.0
#include "workflow/tables.h"

#include <set>

#include "base/bounds.h"
#include "workflow/case_ended.h"
#include "workflow/channels_work.h"
#include "workflow/config_workflow.h"
#include "workflow/guardduty.h"
#include "workflow/guardduty_archive.h"
#include "workflow/guardduty_forms.h"
#include "workflow/host_back.h"
#include "workflow/inspector.h"
#include "workflow/inspector_sweep.h"
#include "workflow/macie.h"
#include "workflow/macie_finding.h"
#include "workflow/macie_forms.h"
#include "workflow/patch_question.h"
#include "workflow/patches_in_effect.h"
#include "workflow/rules_effective.h"
#include "workflow/scan_finished.h"
#include "workflow/swp_events_workflow.h"
#include "workflow/tasks_left.h"
#include "workflow/waf.h"
#include "workflow/waf_counted.h"

namespace sallyport {

Tables ProductTables() {
  Tables tables;
  tables.workflows = {
      GuardDutyWorkflow().Row(),    GuardDutyArchiveWorkflow().Row(), MacieWorkflow().Row(), InspectorWorkflow().Row(),
      InspectorHubWorkflow().Row(), InspectorSweepWorkflow().Row(),   ConfigWorkflow(),      WafRow(),
      SwpEventsWorkflow().Row()};
  tables.questions =
      QuestionKinds({ScanFinishedQuestion().Row(), RulesEffectiveQuestion().Row(), HostBackQuestion().Row(),
                     CaseEndedQuestion().Row(), TasksLeftQuestion().Row(), ChannelsWorkQuestion().Row(),
                     PatchFindingsQuestion().Row(), PatchesInEffectQuestion().Row(), WafCountedQuestion().Row()});
  tables.other_forms = {GuardDutyApiForm(), GuardDutyHubForm(), MacieBareForm(), MacieHubForm()};
  return tables;
}

std::vector<const Workflow*> Tables::WorkflowsFor(const Event& event) const {
  std::vector<const Workflow*> taking;
  for (const Workflow& workflow : workflows) {
    if (workflow.takes(event)) taking.push_back(&workflow);
  }
  return taking;
}

BareForms Tables::Forms() const {
  BareForms forms;
  for (const Workflow& workflow : workflows) {
    if (workflow.bare_form) forms.push_back(*workflow.bare_form);
  }
  forms.insert(forms.end(), other_forms.begin(), other_forms.end());
  return forms;
}

std::vector<OwnKey> Tables::Keys() const {
  std::vector<OwnKey> keys;
  for (const Workflow& workflow : workflows) keys.insert(keys.end(), workflow.keys.begin(), workflow.keys.end());
  return keys;
}

Result<std::vector<PlanToMake>> PlansToMake(const Event& event, const Tables& tables,
                                            const WorkflowSettings& settings) {
  std::vector<PlanToMake> plans;
  for (const Workflow* workflow : tables.WorkflowsFor(event)) {
    auto matters = workflow->about(event, settings);
    if (!matters.ok()) return matters.error();
    if (matters->empty()) {
      return Error{ErrorCode::kInternal, "workflow " + workflow->name + " takes this event and says nothing of it", ""};
    }
    if (plans.size() + matters->size() > bounds::kPlansPerEvent) {
      return Error{ErrorCode::kTooLarge,
                   "the event leads to more than " + std::to_string(bounds::kPlansPerEvent) + " plans", ""};
    }
    for (Matter& matter : *matters) plans.push_back({workflow, std::move(matter)});
  }
  return plans;
}

const PlanToMake* FindPlanToMake(const std::vector<PlanToMake>& plans, std::string_view workflow,
                                 const Matter& matter) {
  const PlanToMake* of_workflow = nullptr;
  std::size_t count = 0;
  for (const PlanToMake& plan : plans) {
    if (plan.workflow->name != workflow) continue;
    if (plan.matter.subject == matter.subject) return &plan;
    of_workflow = &plan;
    ++count;
  }
  // Plans of earlier releases may name their subject in another way.
  return count == 1 ? of_workflow : nullptr;
}

Status CheckTables(const Tables& tables) {
  // Plans that answer questions are of no row.
  std::set<std::string_view> names = {kFollowUpWorkflow};
  for (const Workflow& workflow : tables.workflows) {
    const bool whole = !workflow.name.empty() && workflow.takes && workflow.about && workflow.make_plan;
    if (!whole) {
      return Error{ErrorCode::kInternal, "a row of the workflow table lacks a part: `" + workflow.name + "`", ""};
    }
    if (!names.insert(workflow.name).second) {
      return Error{ErrorCode::kInternal, "two workflows are called `" + workflow.name + "`", ""};
    }
  }
  std::set<std::string> paths;
  for (const OwnKey& key : tables.Keys()) {
    if (!paths.insert(key.path).second) {
      return Error{ErrorCode::kInternal, "two workflows have the setting `" + key.path + "`", ""};
    }
  }
  return Ok();
}

}  // namespace sallyport
