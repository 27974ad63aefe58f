// SPDX-License-Identifier: Apache-2.0
//
// STS: sessions. AssumeRole asks the role's trust policy, external id included.
#include "base/text.h"
#include "sim/aws/policy.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::int64_t kShortest = 900;
constexpr std::int64_t kChained = 3600;
constexpr std::int64_t kLongest = 43'200;
constexpr std::string_view kSessionNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";

Failure Refused(const std::string& who, const std::string& role) {
  return Fail(403, "AccessDenied",
              "User: " + who + " is not authorized to perform: sts:AssumeRole on resource: " + Printable(role, 200));
}

// The named role; null when there is none.
const json::object* FindRole(World& world, const std::string& arn) {
  const auto parts = SplitArn(arn);
  Account* account = world.FindAccount(parts.account);
  if (account == nullptr || parts.service != "iam" || !parts.rest.starts_with("role/")) return nullptr;
  return FindRecord(account->Set("roles"), "Arn", arn);
}

std::optional<Failure> CheckSession(const Call& call, const json::object* role) {
  const auto name = TextOf(call.in, "RoleSessionName");
  const bool good_name =
      name.size() >= 2 && name.size() <= 64 && name.find_first_not_of(kSessionNameCharacters) == std::string::npos;
  if (!good_name) {
    return Fail(400, "ValidationError",
                "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: Member must "
                "satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64");
  }
  const auto seconds = NumberOf(call.in, "DurationSeconds", kChained);
  if (seconds < kShortest || seconds > kLongest) {
    return Fail(400, "ValidationError", "1 validation error detected: Value at 'durationSeconds' must be 900 to 43200");
  }
  const auto most = role == nullptr ? kChained : NumberOf(*role, "MaxSessionDuration", kChained);
  if (seconds > most) {
    return Fail(400, "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return std::nullopt;
}

std::optional<Failure> CheckChaining(const Call& call) {
  const bool chained = call.who != nullptr && SplitArn(call.who->arn).service == "sts";
  if (!chained || NumberOf(call.in, "DurationSeconds", kChained) <= kChained) return std::nullopt;
  return Fail(400, "ValidationError",
              "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
}

// Makes the session and its part of the answer.
Answer Open(World& world, const Call& call, const json::object& role) {
  if (!world.RoomForSession(call.now)) return Fail(400, "LimitExceeded", "Too many sessions in the simulator");
  const auto session = TextOf(call.in, "RoleSessionName");
  const auto parts = SplitArn(TextOf(role, "Arn"));
  AccessKey key;
  key.secret = world.NextId("sim", 29) + "secret";
  key.token = "SIMTOKEN" + world.NextId("", 32) + world.NextId("", 32);
  key.expires = call.now + std::chrono::seconds(NumberOf(call.in, "DurationSeconds", kChained));
  key.who.account = parts.account;
  key.who.arn = world.Arn("sts", "", parts.account, "assumed-role/" + TextOf(role, "RoleName") + "/" + session);
  key.who.user_id = TextOf(role, "RoleId") + ":" + session;
  key.who.allow = TextsOf(role, "allow");
  key.who.deny = TextsOf(role, "deny");
  std::string id = world.NextId("ASIA", 16);
  for (char& c : id) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  json::object out{{"Credentials", json::object{{"AccessKeyId", id},
                                                {"SecretAccessKey", key.secret},
                                                {"SessionToken", key.token},
                                                {"Expiration", FormatTime(key.expires)}}},
                   {"AssumedRoleUser", json::object{{"AssumedRoleId", key.who.user_id}, {"Arn", key.who.arn}}}};
  world.keys[id] = std::move(key);
  return out;
}

Answer AssumeRole(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "RoleArn");
  const json::object* role = FindRole(world, arn);
  if (auto problem = CheckSession(call, role)) return *problem;
  if (auto problem = CheckChaining(call)) return *problem;
  // A role that is not there looks like one that may not be assumed.
  if (role == nullptr || SplitArn(arn).partition != world.partition) return Refused(call.who->arn, arn);
  PolicyQuestion question{"sts:AssumeRole", "", call.who->arn, {}};
  question.context["aws:principalarn"] = {call.who->arn};
  question.context["aws:principalaccount"] = {call.who->account};
  question.context["sts:rolesessionname"] = {TextOf(call.in, "RoleSessionName")};
  const auto external = TextOf(call.in, "ExternalId");
  if (!external.empty()) question.context["sts:externalid"] = {external};
  const auto trust = Judge(TextOf(*role, "AssumeRolePolicyDocument"), question);
  if (trust != Verdict::kAllow) return Refused(call.who->arn, arn);
  return Open(world, call, *role);
}

// The simulator's tokens are `sim:PROVIDER|SUBJECT` with PROVIDER as in the trust policy's Federated principal behind
// `oidc-provider/`; anything else is no token. A subject `expired` makes an expired one.
Answer AssumeRoleWithWebIdentity(World& world, const Call& call) {
  const auto token = TextOf(call.in, "WebIdentityToken");
  const auto bar = token.find('|');
  if (!token.starts_with("sim:") || bar == std::string::npos) {
    return Fail(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT");
  }
  const auto provider = token.substr(4, bar - 4);
  const auto subject = token.substr(bar + 1);
  if (subject == "expired") return Fail(400, "ExpiredTokenException", "Token expired");
  const auto arn = TextOf(call.in, "RoleArn");
  const json::object* role = FindRole(world, arn);
  if (auto problem = CheckSession(call, role)) return *problem;
  const auto account = SplitArn(arn).account;
  PolicyQuestion question{"sts:AssumeRoleWithWebIdentity",
                          "",
                          "federated:" + world.Arn("iam", "", account, "oidc-provider/" + provider),
                          {}};
  question.context[ToLowerAscii(provider) + ":sub"] = {subject};
  question.context[ToLowerAscii(provider) + ":aud"] = {"sts.amazonaws.com"};
  const auto verdict = role == nullptr ? Verdict::kNone : Judge(TextOf(*role, "AssumeRolePolicyDocument"), question);
  if (verdict != Verdict::kAllow) {
    return Fail(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }
  auto answer = Open(world, call, *role);
  if (answer.failure) return answer;
  answer.members["SubjectFromWebIdentityToken"] = subject;
  answer.members["Audience"] = "sts.amazonaws.com";
  answer.members["Provider"] = world.Arn("iam", "", account, "oidc-provider/" + provider);
  return answer;
}

Answer GetCallerIdentity(World&, const Call& call) {
  return json::object{{"Arn", call.who->arn}, {"UserId", call.who->user_id}, {"Account", call.who->account}};
}

constexpr OperationSpec kStsOperations[] = {
    {"AssumeRole",
     "RoleArn* RoleSessionName* PolicyArns Policy DurationSeconds Tags TransitiveTagKeys ExternalId "
     "SerialNumber TokenCode SourceIdentity ProvidedContexts",
     AssumeRole},
    {"AssumeRoleWithWebIdentity",
     "RoleArn* RoleSessionName* WebIdentityToken* ProviderId PolicyArns Policy DurationSeconds",
     AssumeRoleWithWebIdentity},
    {"GetCallerIdentity", "", GetCallerIdentity},
};

}  // namespace

const ServiceSpec kStsService{
    "sts", "sts", "2011-06-15", Protocol::kQuery, "", "https://sts.amazonaws.com/doc/2011-06-15/", kStsOperations};

}  // namespace sallyport::aws_sim
