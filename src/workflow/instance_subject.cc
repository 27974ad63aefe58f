// SPDX-License-Identifier: Apache-2.0
#include "workflow/instance_subject.h"

#include <utility>

namespace sallyport {
namespace {

constexpr std::string_view kInstanceKind = "EC2 instance";

}  // namespace

OtherSubject InstanceSubject(const Host& host, std::string found_in) {
  OtherSubject subject;
  subject.kind = kInstanceKind;
  subject.id = host.instance.value;
  subject.name = host.name;
  subject.account = host.account;
  subject.region = host.region;
  subject.found_in = std::move(found_in);
  return subject;
}

std::optional<std::string> HostOfSubject(const OtherSubject& subject) {
  if (subject.kind != kInstanceKind || subject.account.empty()) return std::nullopt;
  const auto instance = ParseInstanceId(subject.id);
  if (!instance.ok()) return std::nullopt;
  return Host{subject.account, subject.region, *instance, "", std::nullopt}.Subject();
}

}  // namespace sallyport
