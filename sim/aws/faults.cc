// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/faults.h"

#include "sim/aws/members.h"

namespace sallyport::aws_sim {
namespace {

constexpr sim::FaultName<FaultKind> kKindNames[] = {{FaultKind::kThrottle, "throttle"},
                                                    {FaultKind::kInternalError, "internal-error"},
                                                    {FaultKind::kError, "error"},
                                                    {FaultKind::kErrorIn200, "error-in-200"},
                                                    {FaultKind::kHtmlError, "html-error"},
                                                    {FaultKind::kCutBefore, "cut-before"},
                                                    {FaultKind::kExpiredToken, "expired-token"},
                                                    {FaultKind::kRegionClosed, "region-closed"},
                                                    {FaultKind::kAccessDenied, "access-denied"},
                                                    {FaultKind::kRedirect, "redirect"},
                                                    {FaultKind::kEntityBomb, "entity-bomb"},
                                                    {FaultKind::kDelay, "delay"},
                                                    {FaultKind::kCutAfter, "cut-after"},
                                                    {FaultKind::kRepeatToken, "repeat-token"},
                                                    {FaultKind::kTruncatedBody, "truncated-body"},
                                                    {FaultKind::kTruncatedDocument, "truncated-document"},
                                                    {FaultKind::kEmptyBody, "empty-body"}};

bool Fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || WildcardMatch(pattern, text);
}

}  // namespace

std::string_view ToString(FaultKind kind) {
  return sim::NameOfFault(kKindNames, kind);
}

std::optional<FaultKind> FaultKindFrom(std::string_view name) {
  return sim::FaultNamed(kKindNames, name);
}

bool FaultMatcher::operator()(const FaultCall& call) const {
  return Fits(fault.account, call.account) && Fits(fault.region, call.region) && Fits(fault.service, call.service) &&
         Fits(fault.action, call.action);
}

}  // namespace sallyport::aws_sim
