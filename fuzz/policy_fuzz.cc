// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a policy of every kind: reading, printing, compiling, and a decision with it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "policy/explain.h"

namespace sallyport::policy {
namespace {

void Decides(PolicyType type, std::string_view text) {
  const PolicyPtr policy = Policy::FromText("p", type, text);
  Context context(KeyState::kUnknown);
  context.Set("aws:SourceIp", "203.0.113.9");
  context.SetPresent("aws:SourceVpce");
  Request request;
  request.caller = ParseCaller("arn:aws:sts::111122223333:assumed-role/R/s", "").value();
  request.action = ActionName("s3:GetObject");
  request.resource = Arn("arn:aws:s3:::b/reports/x");
  request.resource_account = "111122223333";
  request.context = &context;
  request.three_valued = true;
  PolicySet policies;
  if (type == PolicyType::kResource) {
    policies.resource = policy;
  } else {
    policies.identity = {policy};
  }
  const Explanation explanation = Explain(request, policies);
  Check(explanation.decision == Decide(request, policies), "the explanation agrees");
  Check(!policy->error() || explanation.decision == Decision::kUndecided, "a broken policy is never a verdict");
  Check(IsUtf8(ExplanationText(request, explanation)), "explanations are text");
}

void ReadsBack(std::string_view text) {
  const Result<Document> document = ParseDocument(text);
  if (!document.ok()) {
    Check(Printable(document.error().message, document.error().message.size()) == document.error().message,
          "errors can be shown");
    return;
  }
  const std::string printed = PrintDocument(*document);
  const Result<Document> again = ParseDocument(printed);
  // Lists where single values stood may make it longer than a document may be.
  if (!again.ok()) {
    Check(again.error().code == ErrorCode::kTooLarge, "what is printed is a policy");
    return;
  }
  Check(PrintDocument(*again) == printed, "what is printed reads as the same");
}

}  // namespace
}  // namespace sallyport::policy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sallyport::policy::ReadsBack(text);
  sallyport::policy::Decides(sallyport::policy::PolicyType::kIdentity, text);
  sallyport::policy::Decides(sallyport::policy::PolicyType::kResource, text);
  return 0;
}
