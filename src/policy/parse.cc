// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "policy/document.h"
#include "policy/limits.h"

namespace sallyport::policy {
namespace {

// The elements of an array, or the one value that stands for a list of one.
std::vector<Json> ListOf(const Json& place) {
  if (!place.IsArray()) return {place};
  const Json::List elements = place.Elements();
  return {elements.begin(), elements.end()};
}

constexpr std::size_t kShownElement = 100;

Error At(const Json& place, std::string_view problem) {
  const std::string path = place.Path();
  return Error{ErrorCode::kInvalidInput, (path.empty() ? "the document" : path) + ": " + std::string(problem), ""};
}

Error Expected(const Json& place, std::string_view what) {
  return At(place, "expected " + std::string(what) + ", found " + std::string(place.TypeName()));
}

std::string Quoted(std::string_view text) {
  return "`" + Printable(text, kShownElement) + "`";
}

// `["a", "b"]` or `"a"`.
Result<std::vector<std::string>> TextOrList(const Json& place) {
  std::vector<std::string> texts;
  if (place.IsString()) {
    texts.push_back(place.StringOr(""));
    return texts;
  }
  if (!place.IsArray()) return Expected(place, "a string or a list of strings");
  for (const Json& element : place.Elements()) {
    if (!element.IsString()) return Expected(element, "a string");
    texts.push_back(element.StringOr(""));
  }
  return texts;
}

std::string NumberText(const Json& number) {
  const Result<std::int64_t> whole = number.AsInt64();
  if (whole.ok()) return std::to_string(*whole);
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number.DoubleOr(0));
  return error == std::errc{} ? std::string(buffer.data(), end) : number.ToText();
}

Result<std::string> ConditionValue(const Json& place) {
  if (place.IsString()) return place.StringOr("");
  if (place.IsBool()) return std::string(place.BoolOr(false) ? "true" : "false");
  if (place.IsNumber()) return NumberText(place);
  return Expected(place, "a string, a number, true or false");
}

Result<ConditionElement> ReadCondition(const std::string& op, const std::string& key, const Json& place) {
  ConditionElement condition{op, key, {}};
  const std::vector<Json> values = ListOf(place);
  for (const Json& value : values) {
    Result<std::string> text = ConditionValue(value);
    if (!text.ok()) return text.error();
    condition.values.push_back(*std::move(text));
  }
  return condition;
}

Result<std::vector<ConditionElement>> ReadConditions(const Json& place) {
  std::vector<ConditionElement> conditions;
  if (place.IsMissing()) return conditions;
  if (!place.IsObject()) return Expected(place, "an object");
  for (const Json::Member& op : place.Members()) {
    if (!op.value.IsObject()) return Expected(op.value, "an object of condition keys");
    for (const Json::Member& key : op.value.Members()) {
      Result<ConditionElement> condition = ReadCondition(op.key, key.key, key.value);
      if (!condition.ok()) return condition.error();
      conditions.push_back(*std::move(condition));
    }
  }
  return conditions;
}

Result<PrincipalElement> ReadPrincipal(const Json& place, bool negated) {
  PrincipalElement principal;
  principal.negated = negated;
  if (place.IsString()) {
    if (place.StringOr("") != "*") return At(place, "a principal that is not an object must be `*`");
    principal.everyone = true;
    return principal;
  }
  if (!place.IsObject()) return Expected(place, "`*` or an object");
  for (const Json::Member& member : place.Members()) {
    std::vector<std::string>* list = member.key == "AWS"             ? &principal.aws
                                     : member.key == "Service"       ? &principal.service
                                     : member.key == "Federated"     ? &principal.federated
                                     : member.key == "CanonicalUser" ? &principal.canonical_user
                                                                     : nullptr;
    if (list == nullptr) return At(place, "unknown kind of principal " + Quoted(member.key));
    Result<std::vector<std::string>> texts = TextOrList(member.value);
    if (!texts.ok()) return texts.error();
    *list = *std::move(texts);
  }
  return principal;
}

// `name` or `not_name`, but not both. Nothing when the statement has neither.
Result<std::optional<PatternElement>> ReadPatterns(const Json& statement, std::string_view name,
                                                   std::string_view not_name) {
  const Json plain = statement[name];
  const Json negated = statement[not_name];
  if (!plain.IsMissing() && !negated.IsMissing()) {
    return At(statement, "has both `" + std::string(name) + "` and `" + std::string(not_name) + "`");
  }
  if (plain.IsMissing() && negated.IsMissing()) return std::optional<PatternElement>();
  Result<std::vector<std::string>> patterns = TextOrList(plain.IsMissing() ? negated : plain);
  if (!patterns.ok()) return patterns.error();
  return std::optional<PatternElement>(PatternElement{plain.IsMissing(), *std::move(patterns)});
}

template <std::size_t N>
Status OnlyKnown(const Json& object, const std::array<std::string_view, N>& known) {
  if (!object.IsObject()) return Expected(object, "an object");
  for (const Json::Member& member : object.Members()) {
    bool found = false;
    for (const std::string_view name : known) found = found || name == member.key;
    if (!found) return At(object, "unknown member " + Quoted(member.key));
  }
  return Ok();
}

Result<std::string> OptionalText(const Json& place) {
  if (place.IsMissing()) return std::string();
  if (!place.IsString()) return Expected(place, "a string");
  return place.StringOr("");
}

Result<Effect> ReadEffect(const Json& place) {
  const std::string effect = place.StringOr("");
  if (effect == "Allow") return Effect::kAllow;
  if (effect == "Deny") return Effect::kDeny;
  return At(place, place.IsString() ? "must be `Allow` or `Deny`, not " + Quoted(effect) : "must be `Allow` or `Deny`");
}

Status ReadWho(const Json& place, Statement& statement) {
  const Json plain = place["Principal"];
  const Json negated = place["NotPrincipal"];
  if (!plain.IsMissing() && !negated.IsMissing()) return At(place, "has both `Principal` and `NotPrincipal`");
  if (plain.IsMissing() && negated.IsMissing()) return Ok();
  Result<PrincipalElement> principal = ReadPrincipal(plain.IsMissing() ? negated : plain, plain.IsMissing());
  if (!principal.ok()) return principal.error();
  statement.principal = *std::move(principal);
  return Ok();
}

Status ReadWhat(const Json& place, Statement& statement) {
  Result<std::optional<PatternElement>> action = ReadPatterns(place, "Action", "NotAction");
  if (!action.ok()) return action.error();
  if (!action->has_value()) return At(place, "has neither `Action` nor `NotAction`");
  statement.action = **std::move(action);
  Result<std::optional<PatternElement>> resource = ReadPatterns(place, "Resource", "NotResource");
  if (!resource.ok()) return resource.error();
  statement.resource = *std::move(resource);
  return Ok();
}

Result<Statement> ReadStatement(const Json& place) {
  static constexpr std::array<std::string_view, 9> kMembers = {
      "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"};
  if (const Status known = OnlyKnown(place, kMembers); !known.ok()) return known.error();
  Statement statement;
  Result<std::string> sid = OptionalText(place["Sid"]);
  if (!sid.ok()) return sid.error();
  statement.sid = *std::move(sid);
  const Result<Effect> effect = ReadEffect(place["Effect"]);
  if (!effect.ok()) return effect.error();
  statement.effect = *effect;
  if (const Status who = ReadWho(place, statement); !who.ok()) return who.error();
  if (const Status what = ReadWhat(place, statement); !what.ok()) return what.error();
  Result<std::vector<ConditionElement>> conditions = ReadConditions(place["Condition"]);
  if (!conditions.ok()) return conditions.error();
  statement.conditions = *std::move(conditions);
  return statement;
}

Result<std::optional<Version>> ReadVersion(const Json& place) {
  if (place.IsMissing()) return std::optional<Version>();
  const std::string text = place.StringOr("");
  if (text == "2012-10-17") return std::optional<Version>(Version::k2012);
  if (text == "2008-10-17") return std::optional<Version>(Version::k2008);
  return At(place, "must be `2012-10-17` or `2008-10-17`");
}

Result<Document> ReadDocument(const Json& root) {
  static constexpr std::array<std::string_view, 3> kMembers = {"Version", "Id", "Statement"};
  if (const Status known = OnlyKnown(root, kMembers); !known.ok()) return known.error();
  Document document;
  const Result<std::optional<Version>> version = ReadVersion(root["Version"]);
  if (!version.ok()) return version.error();
  document.version = *version;
  Result<std::string> id = OptionalText(root["Id"]);
  if (!id.ok()) return id.error();
  document.id = *std::move(id);
  const Json statements = root["Statement"];
  if (!statements.IsArray() && !statements.IsObject())
    return Expected(statements, "a statement or a list of statements");
  const std::vector<Json> places = ListOf(statements);
  for (const Json& place : places) {
    Result<Statement> statement = ReadStatement(place);
    if (!statement.ok()) return statement.error();
    document.statements.push_back(*std::move(statement));
  }
  return document;
}

}  // namespace

Result<Document> ParseDocument(std::string_view text) {
  const Result<Json> root = Json::Parse(text, limits::kPolicyBytes);
  if (!root.ok()) return root.error();
  return ReadDocument(*root);
}

}  // namespace sallyport::policy
