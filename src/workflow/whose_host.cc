// SPDX-License-Identifier: Apache-2.0
#include "workflow/whose_host.h"

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownAccountBytes = 40;

std::string ShownAccount(std::string_view account) {
  return "`" + Printable(account, kShownAccountBytes) + "`";
}

// "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"
bool IsInstanceArn(std::string_view text) {
  return text.starts_with("arn:") && text.find(":ec2:") != std::string_view::npos &&
         text.find(":instance/") != std::string_view::npos;
}

bool IsOurs(std::string_view account, const GateSettings& settings) {
  return std::any_of(settings.account_modes.begin(), settings.account_modes.end(),
                     [&](const auto& ours) { return ours.first == account; });
}

}  // namespace

std::optional<std::string> AccountDoubt(std::string_view speaker_account, std::string_view account,
                                        std::string_view speaker, const GateSettings& settings) {
  if (account.empty()) return "no AWS account is named, so the account of the host is undetermined";
  if (speaker_account.empty() || speaker_account == account || IsOurs(speaker_account, settings)) return std::nullopt;
  return std::string(speaker) + " is of AWS account " + ShownAccount(speaker_account) + " and speaks of account " +
         ShownAccount(account) + ", so the account of the host is undetermined. Fix: name " +
         ShownAccount(speaker_account) + " in `accounts` if it is your administrator account";
}

std::optional<std::string> EnvelopeDoubt(const Event& event, std::string_view account, const GateSettings& settings) {
  if (auto doubt = AccountDoubt(event.account, account, "the envelope", settings)) return doubt;
  for (const std::string& resource : event.resources) {
    if (!IsInstanceArn(resource)) continue;
    auto doubt = AccountDoubt(AccountInArn(resource), account, "an instance that the envelope names", settings);
    if (doubt) return doubt;
  }
  return std::nullopt;
}

std::optional<std::string> FindingArnDoubt(std::string_view arn, std::string_view account,
                                           const GateSettings& settings) {
  return AccountDoubt(AccountInArn(arn), account, "the ARN of the finding", settings);
}

std::optional<std::string> HostArnDoubt(std::string_view arn, std::string_view account) {
  const std::string_view of_host = AccountInArn(arn);
  if (of_host.empty() || of_host == account) return std::nullopt;
  return "the host's ARN is of AWS account " + ShownAccount(of_host) + ", and the finding says account " +
         ShownAccount(account) + ", so the account of the host is undetermined";
}

std::string_view AccountInArn(std::string_view arn) {
  constexpr int kBeforeAccount = 4;  // "arn:partition:service:region:"
  if (!arn.starts_with("arn:")) return "";
  for (int i = 0; i < kBeforeAccount; ++i) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return "";
    arn.remove_prefix(colon + 1);
  }
  arn = arn.substr(0, arn.find(':'));
  return ParseAccountId(arn).ok() ? arn : "";
}

}  // namespace sallyport
