// SPDX-License-Identifier: Apache-2.0
//
// For tests: each line of standard input is {"web_acl","change","vendor","group"}; each line of standard output what
// UpdateWebACL would be sent: {"request":{...}}, {"nothing":"where"} or {"error":"why"}.
#include <iostream>
#include <string>

#include "aws_api/wafv2.h"
#include "edge/acl.h"
#include "edge/change.h"

namespace sallyport::edge {
namespace {

std::string AnswerOf(const std::string& line) {
  JsonWriter out;
  out.BeginObject();
  const auto asked = Json::Parse(line, line.size() + 1);
  if (!asked.ok()) return out.Member("error", asked.error().ToText()).EndObject().Take();
  AclNow now;
  now.web_acl = (*asked)["web_acl"];
  now.lock_token = "token";
  now.scope = "REGIONAL";
  TakeWebAcl(now.web_acl, now.facts);
  const GroupName group{(*asked)["vendor"].StringOr(""), (*asked)["group"].StringOr("")};
  const auto change = ChangeOf(now, ChangeKindFrom((*asked)["change"].StringOr("")).value_or(ChangeKind::kAdd), group);
  if (!change.ok()) return out.Member("error", change.error().ToText()).EndObject().Take();
  if (change->nothing_to_do) return out.Member("nothing", change->where).EndObject().Take();
  const auto request = aws::wafv2::Replacement({now.web_acl, now.lock_token}, now.scope, change->rules);
  if (!request.ok()) return out.Member("error", request.error().ToText()).EndObject().Take();
  return out.Key("request").Raw(request->request.ToText()).EndObject().Take();
}

}  // namespace
}  // namespace sallyport::edge

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << sallyport::edge::AnswerOf(line) << "\n" << std::flush;
  return 0;
}
