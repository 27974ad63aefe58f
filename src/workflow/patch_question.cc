// SPDX-License-Identifier: Apache-2.0
#include "workflow/patch_question.h"

#include <utility>

#include "base/own_json.h"
#include "workflow/patch_answer.h"
#include "workflow/patch_gather.h"

namespace sallyport {
namespace {

std::string MemberJson(const std::vector<PatchFinding>& findings) {
  JsonWriter out;
  out.BeginObject().Member("version", kPatchMemberFormat).Key("findings").BeginArray();
  for (const PatchFinding& finding : findings) WritePatchFinding(out, finding);
  return out.EndArray().EndObject().Take();
}

}  // namespace

void PatchFindings::DescribeJson(Members& json) {
  json("tenant", tenant);
}

MemberContent PatchMember(const std::string& subject, const std::vector<PatchFinding>& findings,
                          const std::string& exclusion_tag) {
  MemberContent member{subject, MemberJson(findings)};
  if (CheckMember(member).ok()) return member;
  // Tags are what can be long. Without them the hosts go by those that SWP knows, but for the one that says to leave a
  // host alone: it counts whoever has it.
  std::vector<PatchFinding> shorter = findings;
  for (PatchFinding& finding : shorter) {
    if (!finding.host.tags) continue;
    std::erase_if(*finding.host.tags, [&](const swp::Tag& tag) { return tag.name != exclusion_tag; });
    if (finding.host.tags->empty()) finding.host.tags = std::nullopt;
  }
  member.json = MemberJson(shorter);
  if (CheckMember(member).ok()) return member;
  for (PatchFinding& finding : shorter) {
    finding.host.tags_unreadable = finding.host.tags_unreadable || finding.host.tags.has_value();
    finding.host.tags = std::nullopt;
  }
  return {subject, MemberJson(shorter)};
}

MemberContent SweepMember(const std::string& subject, const SweepNews& news) {
  JsonWriter out;
  out.BeginObject().Member("version", kPatchMemberFormat).Key("sweep").BeginObject();
  out.Member("vanished", news.vanished).EndObject();
  return {subject, out.EndObject().Take()};
}

QuestionOf<PatchFindings, PatchFacts> PatchFindingsQuestion() {
  return {GatherPatchFindings, [](const FollowUpContext& context, const PatchFindings&, const PatchFacts& facts,
                                  const WorkflowSettings& settings, TimePoint now,
                                  Plan& plan) { AnswerPatchFindings(context, facts, settings, now, plan); }};
}

}  // namespace sallyport
