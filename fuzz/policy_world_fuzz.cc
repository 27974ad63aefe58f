// SPDX-License-Identifier: Apache-2.0
//
// The bytes choose a request and its policies (tests/policy/world.h): the engine against the reference evaluator, and
// its three-valued answer against the decision for the full request.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "policy/explain.h"
#include "tests/policy/reference.h"
#include "tests/policy/world.h"

namespace sallyport::policy {
namespace {

void CheckWorld(std::string_view bytes) {
  ByteChoices choices(bytes);
  const World world = MakeWorld(choices);
  const PolicySet policies = CompileWorld(world);
  Context context = ContextOf(world);
  Request request = RequestOf(world, context);
  const Decision decision = Decide(request, policies);
  Check(ToString(decision) == ReferenceDecide(world), "engine and reference agree");
  Check(Explain(request, policies).decision == decision, "the explanation agrees");

  for (const std::string& key : WorldKeys()) {
    if (choices.OneIn(2)) context.SetUnknown(key);
  }
  request.three_valued = true;
  const Explanation open = Explain(request, policies);
  for (const Decision said : {open.decision, open.settled}) {
    // A single-valued key with several values is outside of what settling assumes.
    if (said == Decision::kConditional || said == Decision::kUndecided) continue;
    if (open.settled != open.decision && said == open.settled) continue;
    Check((said == Decision::kAllowed) == (decision == Decision::kAllowed), "what was forgotten does not contradict");
  }
}

}  // namespace
}  // namespace sallyport::policy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sallyport::policy::CheckWorld(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
