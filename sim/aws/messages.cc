// SPDX-License-Identifier: Apache-2.0
//
// The small services: SNS, EventBridge, Security Hub, Secrets Manager and Parameter Store.
#include <algorithm>

#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::size_t kMaxKept = 100'000;  // of what is published, imported and put
constexpr std::size_t kMaxMessage = std::size_t{256} * 1024;

// Keeps a record of what a call has left behind, the newest kMaxKept of them.
void Keep(Records& kept, json::object record) {
  if (kept.size() >= kMaxKept) kept.erase(kept.begin(), kept.begin() + kMaxKept / 2);
  kept.push_back(std::move(record));
}

Answer Publish(World& world, const Call& call) {
  const auto arn = TextOf(call.in, "TopicArn", TextOf(call.in, "TargetArn"));
  if (arn.empty())
    return Fail(400, "InvalidParameter",
                "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter");
  const auto* topic = FindRecord(call.regional->Set("topics"), "TopicArn", arn);
  if (topic == nullptr) return Fail(404, "NotFound", "Topic does not exist");
  const auto subject = TextOf(call.in, "Subject");
  const bool bad_subject =
      subject.size() >= 100 || std::any_of(subject.begin(), subject.end(), [](char c) { return c < 32 || c > 126; });
  if (Has(call.in, "Subject") && (subject.empty() || bad_subject)) {
    return Fail(400, "InvalidParameter", "Invalid parameter: Subject");
  }
  const auto message = TextOf(call.in, "Message");
  if (message.empty()) return Fail(400, "InvalidParameter", "Invalid parameter: Empty message");
  if (message.size() > kMaxMessage) return Fail(400, "InvalidParameter", "Invalid parameter: Message too long");
  const bool fifo = arn.ends_with(".fifo");
  if (fifo != Has(call.in, "MessageGroupId")) {
    return Fail(400, "InvalidParameter", "Invalid parameter: MessageGroupId Reason: it goes with FIFO topics only");
  }
  const auto id = world.NextUuid();
  json::object kept{{"service", "sns"}, {"TopicArn", arn}, {"MessageId", id}, {"Message", message}};
  if (Has(call.in, "Subject")) kept["Subject"] = subject;
  if (Has(call.in, "MessageAttributes")) kept["MessageAttributes"] = call.in.at("MessageAttributes");
  Keep(world.published, std::move(kept));
  json::object out{{"MessageId", id}};
  if (fifo) out["SequenceNumber"] = std::to_string(10'000'000'000'000'000'000ULL + world.serial);
  return out;
}

std::optional<json::object> EntryProblem(const json::object& entry) {
  const auto failed = [](std::string_view code, std::string_view text) {
    return json::object{{"ErrorCode", code}, {"ErrorMessage", text}};
  };
  for (const std::string_view name : {"Source", "DetailType", "Detail"}) {
    if (TextOf(entry, name).empty()) {
      return failed("InvalidArgument", "Parameter " + std::string(name) +
                                           " is not valid. Reason: " + std::string(name) + " is a required argument.");
    }
  }
  if (TextOf(entry, "Source").starts_with("aws.")) {
    return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  json::error_code bad;
  const auto detail = json::parse(TextOf(entry, "Detail"), bad);
  if (bad || !detail.is_object()) return failed("MalformedDetail", "Detail is malformed.");
  return std::nullopt;
}

Answer PutEvents(World& world, const Call& call) {
  const auto& entries = ArrayOf(call.in, "Entries");
  if (entries.empty() || entries.size() > 10)
    return Fail(400, "ValidationException", "Entries must have 1 to 10 elements");
  if (call.body.size() > kMaxMessage) {
    return Fail(400, "ValidationException", "Total size of the entries in the request is over the limit.");
  }
  json::array results;
  std::int64_t failed = 0;
  for (const json::value& value : entries) {
    const json::object empty;
    const auto& entry = value.is_object() ? value.get_object() : empty;
    if (auto problem = EntryProblem(entry)) {
      results.emplace_back(std::move(*problem));
      ++failed;
      continue;
    }
    const auto id = world.NextUuid();
    json::object kept = entry;
    kept["service"] = "events";
    kept["EventId"] = id;
    Keep(world.published, std::move(kept));
    results.push_back(json::object{{"EventId", id}});
  }
  return json::object{{"FailedEntryCount", failed}, {"Entries", std::move(results)}};
}

// --- Security Hub

Failure NotEnabled() {
  return Fail(401, "InvalidAccessException", "Account is not subscribed to AWS Security Hub");
}

std::string_view MissingInFinding(const json::object& finding) {
  for (const std::string_view name : {"SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt",
                                      "UpdatedAt", "Title", "Description", "Resources"}) {
    if (!Has(finding, name)) return name;
  }
  return {};
}

json::object* FindImported(World& world, const std::string& id, const std::string& product) {
  for (json::object& finding : world.imported) {
    if (TextOf(finding, "Id") == id && TextOf(finding, "ProductArn") == product) return &finding;
  }
  return nullptr;
}

std::optional<std::string> ImportProblem(World& world, const Call& call, const json::object& finding) {
  if (!MissingInFinding(finding).empty())
    return "Finding does not adhere to the schema: " + std::string(MissingInFinding(finding));
  if (TextOf(finding, "AwsAccountId") != call.account->id) return "The account is not the importing one";
  const auto product =
      world.Arn("securityhub", call.region, call.account->id, "product/" + call.account->id + "/default");
  if (TextOf(finding, "ProductArn") != product) return "The ProductArn is not the account's default product";
  const auto* before = FindImported(world, TextOf(finding, "Id"), product);
  if (before == nullptr) return std::nullopt;
  const auto was = ParseTime(TextOf(*before, "UpdatedAt"));
  const auto now = ParseTime(TextOf(finding, "UpdatedAt"));
  if (!was || !now || *now >= *was) return std::nullopt;
  return "The UpdatedAt is older than that of the finding that is there";
}

Answer BatchImportFindings(World& world, const Call& call) {
  if (!call.regional->security_hub) return NotEnabled();
  const auto& findings = ArrayOf(call.in, "Findings");
  if (findings.empty() || findings.size() > 100) {
    return Fail(400, "InvalidInputException", "Findings must have 1 to 100 elements");
  }
  json::array failed;
  for (const json::value& value : findings) {
    const json::object empty;
    const auto& finding = value.is_object() ? value.get_object() : empty;
    const auto id = TextOf(finding, "Id");
    if (auto problem = ImportProblem(world, call, finding)) {
      failed.push_back(json::object{{"Id", id}, {"ErrorCode", "InvalidInput"}, {"ErrorMessage", *problem}});
    } else if (auto* before = FindImported(world, id, TextOf(finding, "ProductArn"))) {
      *before = finding;
    } else {
      Keep(world.imported, finding);
    }
  }
  const auto failures = static_cast<std::int64_t>(failed.size());
  return json::object{{"FailedCount", failures},
                      {"SuccessCount", static_cast<std::int64_t>(findings.size()) - failures},
                      {"FailedFindings", std::move(failed)}};
}

Answer BatchUpdateFindings(World& world, const Call& call) {
  if (!call.regional->security_hub) return NotEnabled();
  json::array processed;
  json::array unprocessed;
  const auto& identifiers = ArrayOf(call.in, "FindingIdentifiers");
  if (identifiers.size() > 100)
    return Fail(400, "InvalidInputException", "FindingIdentifiers can have at most 100 elements");
  for (const json::value& value : identifiers) {
    const json::object empty;
    const auto& identifier = value.is_object() ? value.get_object() : empty;
    auto* finding = FindImported(world, TextOf(identifier, "Id"), TextOf(identifier, "ProductArn"));
    if (finding == nullptr) {
      unprocessed.push_back(json::object{{"FindingIdentifier", identifier},
                                         {"ErrorCode", "FindingNotFound"},
                                         {"ErrorMessage", "The finding was not found"}});
      continue;
    }
    for (const std::string_view name : {"Note", "Severity", "Workflow", "VerificationState", "UserDefinedFields"}) {
      if (Has(call.in, name)) (*finding)[name] = call.in.at(name);
    }
    processed.push_back(identifier);
  }
  return json::object{{"ProcessedFindings", std::move(processed)}, {"UnprocessedFindings", std::move(unprocessed)}};
}

// --- Secrets Manager and Parameter Store

const json::object* FindSecret(const Call& call, const std::string& id) {
  for (const json::object& secret : call.regional->Set("secrets")) {
    if (TextOf(secret, "Name") == id || TextOf(secret, "ARN") == id) return &secret;
  }
  return nullptr;
}

Answer GetSecretValue(World&, const Call& call) {
  const auto* secret = FindSecret(call, TextOf(call.in, "SecretId"));
  const bool current = TextOf(call.in, "VersionStage", "AWSCURRENT") == "AWSCURRENT";
  if (secret == nullptr || !current) {
    return Fail(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }
  return *secret;
}

Answer GetParameter(World&, const Call& call) {
  auto name = TextOf(call.in, "Name");
  constexpr std::string_view kSecrets = "/aws/reference/secretsmanager/";
  if (name.starts_with(kSecrets)) {
    const auto* secret = FindSecret(call, name.substr(kSecrets.size()));
    if (secret == nullptr) return Fail(400, "ParameterNotFound", "An error occurred (ResourceNotFoundException)");
    return json::object{{"Parameter", json::object{{"Name", name},
                                                   {"Type", "SecureString"},
                                                   {"Value", TextOf(*secret, "SecretString")},
                                                   {"Version", 0},
                                                   {"ARN", TextOf(*secret, "ARN")}}}};
  }
  const auto* parameter = FindRecord(call.regional->Set("parameters"), "Name", name);
  if (parameter == nullptr) return Fail(400, "ParameterNotFound", "");
  json::object shown = *parameter;
  const bool hidden = TextOf(shown, "Type") == "SecureString" && !FlagOf(call.in, "WithDecryption");
  if (hidden) shown["Value"] = "AQICAHsimulatedciphertext==";
  return json::object{{"Parameter", std::move(shown)}};
}

constexpr Binding kSns[] = {{"Publish", Publish}};
constexpr Binding kEvents[] = {{"PutEvents", PutEvents}};
constexpr Binding kSecurityHub[] = {{"BatchImportFindings", BatchImportFindings},
                                    {"BatchUpdateFindings", BatchUpdateFindings}};
constexpr Binding kSecretsManager[] = {{"GetSecretValue", GetSecretValue}};
constexpr Binding kSsm[] = {{"GetParameter", GetParameter}};

}  // namespace

Bindings SnsBindings() {
  return kSns;
}
Bindings EventsBindings() {
  return kEvents;
}
Bindings SecurityHubBindings() {
  return kSecurityHub;
}
Bindings SecretsManagerBindings() {
  return kSecretsManager;
}
Bindings SsmBindings() {
  return kSsm;
}

}  // namespace sallyport::aws_sim
