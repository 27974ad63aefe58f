// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "policy/document.h"

namespace sallyport::policy {
namespace {

void Print(JsonWriter& json, const PrincipalElement& principal) {
  json.Key(principal.negated ? "NotPrincipal" : "Principal");
  if (principal.everyone) {
    json.String("*");
    return;
  }
  json.BeginObject();
  if (!principal.aws.empty()) json.Member("AWS", principal.aws);
  if (!principal.service.empty()) json.Member("Service", principal.service);
  if (!principal.federated.empty()) json.Member("Federated", principal.federated);
  if (!principal.canonical_user.empty()) json.Member("CanonicalUser", principal.canonical_user);
  json.EndObject();
}

// The conditions of one operator stand together in a document that was read; in one that was made they may not, and an
// object must not have a name twice.
void Print(JsonWriter& json, const std::vector<ConditionElement>& conditions) {
  json.Key("Condition").BeginObject();
  std::vector<bool> done(conditions.size(), false);
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (done[i]) continue;
    json.Key(conditions[i].op).BeginObject();
    for (std::size_t k = i; k < conditions.size(); ++k) {
      if (done[k] || conditions[k].op != conditions[i].op) continue;
      json.Member(conditions[k].key, conditions[k].values);
      done[k] = true;
    }
    json.EndObject();
  }
  json.EndObject();
}

void Print(JsonWriter& json, const Statement& statement) {
  json.BeginObject();
  if (!statement.sid.empty()) json.Member("Sid", statement.sid);
  json.Member("Effect", statement.effect == Effect::kAllow ? "Allow" : "Deny");
  if (statement.principal) Print(json, *statement.principal);
  json.Member(statement.action.negated ? "NotAction" : "Action", statement.action.patterns);
  if (statement.resource) {
    json.Member(statement.resource->negated ? "NotResource" : "Resource", statement.resource->patterns);
  }
  if (!statement.conditions.empty()) Print(json, statement.conditions);
  json.EndObject();
}

}  // namespace

std::string PrintStatement(const Statement& statement) {
  JsonWriter json;
  Print(json, statement);
  return json.Take();
}

std::string PrintDocument(const Document& document) {
  JsonWriter json;
  json.BeginObject();
  if (document.version) json.Member("Version", document.version == Version::k2012 ? "2012-10-17" : "2008-10-17");
  if (!document.id.empty()) json.Member("Id", document.id);
  json.Key("Statement").BeginArray();
  for (const Statement& statement : document.statements) Print(json, statement);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace sallyport::policy
