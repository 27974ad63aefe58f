// SPDX-License-Identifier: Apache-2.0
//
// The tables of the program: what it knows how to do. Made once, by whoever makes the program, and handed down; nothing
// of them is global. Further rows can be appended before that (docs/adding-a-workflow.md).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "event/bare_form.h"
#include "workflow/question_kind.h"
#include "workflow/workflow.h"

namespace sallyport {

struct Tables {
  std::vector<Workflow> workflows;
  QuestionKinds questions;
  // Further bare forms: of events that no workflow takes (such an event is recorded as out of scope), and other ways in
  // which those of a row are written.
  BareForms other_forms;

  // Every row that takes the event, in the table's order.
  std::vector<const Workflow*> WorkflowsFor(const Event& event) const;
  // The settings that belong to rows.
  std::vector<OwnKey> Keys() const;
  // How events may look that come without their envelope.
  BareForms Forms() const;
};

// A plan that an event leads to: what one row decides about one Matter of it.
struct PlanToMake {
  const Workflow* workflow;
  Matter matter;
};

// All of them, in the order of the table and of the rows' Matters; none when no row takes the event. Errors: those of
// the rows (the event is malformed); kTooLarge over bounds::kPlansPerEvent. Pure.
Result<std::vector<PlanToMake>> PlansToMake(const Event& event, const Tables& tables, const WorkflowSettings& settings);

// The one of them that was made as a plan of that workflow about that Matter; nullptr when none would be made now.
const PlanToMake* FindPlanToMake(const std::vector<PlanToMake>& plans, std::string_view workflow, const Matter& matter);

// The tables of the product.
Tables ProductTables();

// kInternal, naming the row, when two rows have one name or a row lacks a part.
Status CheckTables(const Tables& tables);

}  // namespace sallyport
