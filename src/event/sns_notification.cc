// SPDX-License-Identifier: Apache-2.0
#include "event/sns_notification.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownUrlBytes = 200;
constexpr std::string_view kNotificationType = "Notification";

// "arn:aws:sns:us-east-1:111122223333:swp" -> "us-east-1" (3), "aws" (1).
std::string_view PartOfArn(std::string_view arn, int part) {
  for (; part > 0; --part) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

bool IsNameOfPemFile(std::string_view path) {
  constexpr std::string_view kEnd = ".pem";
  if (path.size() <= kEnd.size() + 1 || path.size() > kShownUrlBytes) return false;
  if (path.front() != '/' || !path.ends_with(kEnd)) return false;
  return std::all_of(path.begin() + 1, path.end() - static_cast<std::ptrdiff_t>(kEnd.size()), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

SnsNotification ReadSnsNotification(const Json& object) {
  SnsNotification read;
  read.topic = object["TopicArn"].StringOr("");
  read.version = object["SignatureVersion"].StringOr("");
  read.signature = object["Signature"].StringOr("");
  // Lambda's record spells it in another way.
  read.certificate_url = object["SigningCertURL"].StringOr(object["SigningCertUrl"].StringOr(""));
  // In this order; a subject only when there is one.
  constexpr std::array<std::string_view, 6> kSigned = {"Message",   "MessageId", "Subject",
                                                       "Timestamp", "TopicArn",  "Type"};
  for (const std::string_view name : kSigned) {
    const Json value = object[name];
    if (!value.HasValue()) continue;
    read.text += std::string(name) + "\n" + value.StringOr("") + "\n";
  }
  // Another type has other signed members.
  if (object["Type"].StringOr("") != kNotificationType) read.signature.clear();
  return read;
}

std::string WhyNoCertificateOfSns(std::string_view url, std::string_view topic) {
  const std::string_view region = PartOfArn(topic, 3);
  const std::string_view partition = PartOfArn(topic, 1);
  const std::string host =
      "sns." + std::string(region) + (partition == "aws-cn" ? ".amazonaws.com.cn" : ".amazonaws.com");
  const std::string front = "https://" + host;
  const bool fits = !region.empty() && url.starts_with(front) && IsNameOfPemFile(url.substr(front.size()));
  if (fits) return "";
  return "its certificate `" + Printable(url, kShownUrlBytes) + "` is not one at " + front;
}

}  // namespace sallyport
