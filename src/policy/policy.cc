// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "policy/public_access.h"

namespace sallyport::policy {
namespace {

bool IsResourceBased(PolicyType type) {
  return type == PolicyType::kResource || type == PolicyType::kEndpoint || type == PolicyType::kRcp;
}

// The service that an action pattern is for, in lower case; nothing when a wildcard stands before the colon.
std::optional<std::string> ServiceOf(std::string_view pattern) {
  const std::size_t colon = pattern.find(':');
  if (pattern.substr(0, colon).find_first_of("*?") != std::string_view::npos) return std::nullopt;
  return ToLowerAscii(pattern.substr(0, colon));
}

// What the grammar leaves to the kind of policy.
Status CheckFor(PolicyType type, const Document& document) {
  for (std::size_t i = 0; i < document.statements.size(); ++i) {
    const Statement& statement = document.statements[i];
    const std::string place = "Statement[" + std::to_string(i) + "]: ";
    if (!IsResourceBased(type) && statement.principal) {
      return Error{ErrorCode::kInvalidInput, place + "only a resource policy may have a principal", ""};
    }
    if (!IsResourceBased(type) && !statement.resource) {
      return Error{ErrorCode::kInvalidInput, place + "has neither `Resource` nor `NotResource`", ""};
    }
  }
  return Ok();
}

ActionName::Rule RuleOf(std::string_view action) {
  using Rule = ActionName::Rule;
  if (action.starts_with("kms:")) return action == "kms:retiregrant" ? Rule::kRetireGrant : Rule::kKms;
  if (action == "s3:listallmybuckets") return Rule::kListAllMyBuckets;
  if (action.starts_with("s3:") && action.ends_with("bucketpolicy")) {
    const std::string_view verb = action.substr(3, action.size() - 3 - std::string_view("bucketpolicy").size());
    return verb == "get" || verb == "put" || verb == "delete" ? Rule::kBucketPolicy : Rule::kNone;
  }
  if (action == "sts:getcalleridentity") return Rule::kGetCallerIdentity;
  return action == "sts:getsessiontoken" ? Rule::kGetSessionToken : Rule::kNone;
}

}  // namespace

std::string_view ToString(PolicyType type) {
  switch (type) {
    case PolicyType::kIdentity:
      return "identity";
    case PolicyType::kBoundary:
      return "pb";
    case PolicyType::kSession:
      return "session";
    case PolicyType::kScp:
      return "scp";
    case PolicyType::kRcp:
      return "rcp";
    case PolicyType::kEndpoint:
      return "vpce";
    case PolicyType::kResource:
      return "resource";
  }
  return "";
}

std::string_view DisplayName(PolicyType type) {
  switch (type) {
    case PolicyType::kIdentity:
      return "identity policy";
    case PolicyType::kBoundary:
      return "permissions boundary";
    case PolicyType::kSession:
      return "session policy";
    case PolicyType::kScp:
      return "SCP";
    case PolicyType::kRcp:
      return "RCP";
    case PolicyType::kEndpoint:
      return "VPC endpoint policy";
    case PolicyType::kResource:
      return "resource policy";
  }
  return "";
}

ActionName::ActionName(std::string_view action)
    : text(action),
      lower(ToLowerAscii(action)),
      hash(HashText(lower)),
      service_hash(HashText(service())),
      rule(RuleOf(lower)),
      is_s3(lower.starts_with("s3:")) {}

CompiledStatement::CompiledStatement(Statement statement, std::size_t index, PolicyType type, bool variables)
    : source_(std::move(statement)), index_(index) {
  if (source_.principal) principal_.emplace(*source_.principal);
  std::vector<std::pair<std::uint64_t, std::string>> exact;
  for (const std::string& pattern : source_.action.patterns) {
    std::string lower = ToLowerAscii(pattern);
    if (lower.find_first_of("*?") == std::string::npos) {
      const std::uint64_t hash = HashText(lower);
      exact.emplace_back(hash, std::move(lower));
    } else {
      action_globs_.emplace_back(lower);
    }
  }
  std::sort(exact.begin(), exact.end());
  exact.erase(std::unique(exact.begin(), exact.end()), exact.end());
  exact_actions_.reserve(exact.size());
  exact_texts_.reserve(exact.size());
  for (auto& [hash, text] : exact) {
    exact_actions_.push_back(hash);
    exact_texts_.push_back(std::move(text));
  }
  const ShortArn short_arn = IsResourceBased(type) ? ShortArn::kClosed : ShortArn::kOpen;
  if (source_.resource) {
    resources_.reserve(source_.resource->patterns.size());
    for (const std::string& pattern : source_.resource->patterns) {
      resources_.emplace_back(pattern, short_arn, variables);
      depends_on_context_ = depends_on_context_ || resources_.back().has_variables();
    }
  }
  for (const ConditionElement& condition : source_.conditions) conditions_.emplace_back(condition, variables);
  depends_on_context_ = depends_on_context_ || !conditions_.empty();
}

bool CompiledStatement::MatchesAction(const ActionName& action) const {
  bool listed = false;
  const auto found = std::lower_bound(exact_actions_.begin(), exact_actions_.end(), action.hash);
  for (auto at = found; at != exact_actions_.end() && *at == action.hash && !listed; ++at) {
    listed = exact_texts_[static_cast<std::size_t>(at - exact_actions_.begin())] == action.lower;
  }
  for (std::size_t i = 0; i < action_globs_.size() && !listed; ++i) listed = action_globs_[i].Matches(action.lower);
  return listed != source_.action.negated;
}

Tri CompiledStatement::MatchesResource(const Arn& arn, const Context& context, Why& why) const {
  why = Why::kCompared;
  if (!source_.resource) return Tri::kTrue;
  bool missing = false;
  bool unknown = false;
  for (const ResourcePattern& pattern : resources_) {
    const Hit hit = pattern.Matches(arn, context);
    if (hit == Hit::kYes) return ToTri(!source_.resource->negated);
    missing = missing || hit == Hit::kMissing;
    unknown = unknown || hit == Hit::kUnknown;
  }
  if (unknown) {
    why = Why::kVariableUnknown;
    return Tri::kUnknown;
  }
  // "The resource that includes a policy variable with no value will not match any resource."
  if (missing) why = Why::kVariableMissing;
  return ToTri(source_.resource->negated);
}

std::string CompiledStatement::Name() const {
  return source_.sid.empty() ? "#" + std::to_string(index_ + 1) : source_.sid;
}

PolicyPtr Policy::FromText(std::string name, PolicyType type, std::string_view text) {
  Result<Document> document = ParseDocument(text);
  if (!document.ok()) return Unreadable(std::move(name), type, document.error());
  return FromDocument(std::move(name), type, *std::move(document));
}

PolicyPtr Policy::FromDocument(std::string name, PolicyType type, Document document) {
  if (const Status status = CheckFor(type, document); !status.ok()) {
    return Unreadable(std::move(name), type, status.error());
  }
  std::shared_ptr<Policy> policy(new Policy(std::move(name), type));
  const bool variables = document.version == Version::k2012;
  if (type == PolicyType::kResource) policy->is_public_ = IsPublic(document);
  policy->statements_.reserve(document.statements.size());
  for (std::size_t i = 0; i < document.statements.size(); ++i) {
    policy->statements_.emplace_back(std::move(document.statements[i]), i, type, variables);
  }
  policy->Index();
  return policy;
}

PolicyPtr Policy::Unreadable(std::string name, PolicyType type, Error error) {
  std::shared_ptr<Policy> policy(new Policy(std::move(name), type));
  policy->error_ = std::move(error);
  return policy;
}

void Policy::Index() {
  std::vector<std::uint64_t> services;
  for (const CompiledStatement& statement : statements_) {
    services.clear();
    bool any = statement.source().action.negated;
    for (const std::string& pattern : statement.source().action.patterns) {
      const std::optional<std::string> service = ServiceOf(pattern);
      any = any || !service;
      if (service) services.push_back(HashText(*service));
    }
    if (any) {
      any_service_.push_back(&statement);
      continue;
    }
    std::sort(services.begin(), services.end());
    services.erase(std::unique(services.begin(), services.end()), services.end());
    for (const std::uint64_t service : services) {
      const auto place = std::lower_bound(by_service_.begin(), by_service_.end(), service,
                                          [](const auto& one, std::uint64_t hash) { return one.first < hash; });
      const bool is_known = place != by_service_.end() && place->first == service;
      StatementList& list = is_known ? place->second : by_service_.emplace(place, service, StatementList())->second;
      list.push_back(&statement);
    }
  }
}

}  // namespace sallyport::policy
