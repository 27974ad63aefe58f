// SPDX-License-Identifier: Apache-2.0
//
// Any answer of an SWP manager -> typed data or an error -> a protection state. The first byte chooses the status.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "protection/protection.h"
#include "swp/rules.h"
#include "swp/scheduled_task.h"
#include "swp_client/answer.h"

namespace sallyport {
namespace {

const TimePoint kNow = FromEpochMilliseconds(1'764'000'000'000);
constexpr std::array kStatuses = {200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 429, 500, 503, 999};

void CheckError(const Error& error) {
  Check(!error.message.empty() && error.message.size() < 4096, "an error says something, and not too much");
  Check(Printable(error.message, error.message.size()) == error.message, "an error can be shown as it is");
}

void CheckProtection(const Protection& protection, bool read) {
  const bool is_protected = protection.state == ProtectionState::kProtected;
  Check(is_protected == protection.decisive.empty(), "what is not protected has a reason, and only that");
  Check(read || protection.state == ProtectionState::kUndetermined, "a failed read is never a verdict");
  Check(!is_protected || protection.computer.has_value(), "what is protected is a computer");
  if (protection.CanScan()) Check(!protection.computer->agent_fingerprint.empty(), "only an agent can scan");
}

void JudgeAll(const Result<std::vector<swp::Computer>>& computers) {
  // Under the id that the answer itself gives, so that the judgment goes further than a mismatch.
  std::string instance = "i-0123456789abcdef0";
  if (computers.ok() && !computers->empty()) instance = computers->front().instance_id;
  const Protection protection = JudgeProtection({{instance}, "111122223333"}, computers, {}, kNow);
  CheckProtection(protection, computers.ok());
  ProtectionCriteria strict;
  strict.required_modules = {swp::Module::kIntrusionPrevention, swp::Module::kAntiMalware};
  const Protection strictly = JudgeProtection({{instance}, "111122223333"}, computers, strict, kNow);
  CheckProtection(strictly, computers.ok());
}

template <class T>
void CheckRead(const Result<T>& result) {
  if (!result.ok()) CheckError(result.error());
}

void ReadEverything(const Json& json) {
  const auto computers = swp::ReadComputers(json);
  CheckRead(computers);
  JudgeAll(computers);
  CheckRead(swp::ReadComputer(json));
  const auto tasks = swp::ReadScheduledTasks(json);
  CheckRead(tasks);
  if (tasks.ok()) {
    for (const swp::ScheduledTask& task : *tasks) {
      const auto request = swp::ParseTaskName(task.name);
      if (request) Check(swp::TaskName(*request) == task.name, "a name of ours is written one way");
    }
  }
  CheckRead(swp::ReadPolicy(json));
  CheckRead(swp::ReadPolicies(json));
  CheckRead(swp::ReadRules(json, swp::RuleModule::kIntrusionPrevention));
  CheckRead(swp::ReadAssignments(json));
  CheckRead(swp::ReadApplicationTypes(json));
  CheckRead(swp::ReadApiKey(json));
}

}  // namespace
}  // namespace sallyport

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  HttpResponse answer;
  answer.status = kStatuses[data[0] % kStatuses.size()];
  answer.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto json = swp::ReadAnswer(answer, {"read the answer", "someRight"});
  if (!json.ok()) {
    CheckError(json.error());
    JudgeAll(json.error());
    return 0;
  }
  Check(answer.status >= 200 && answer.status <= 299, "only a success is read");
  ReadEverything(*json);
  return 0;
}
