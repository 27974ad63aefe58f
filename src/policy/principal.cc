// SPDX-License-Identifier: Apache-2.0
#include "policy/principal.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "policy/arn.h"

namespace sallyport::policy {
namespace {

Error NotACaller(std::string_view text, std::string_view problem) {
  return Error{ErrorCode::kInvalidInput,
               "cannot evaluate for the principal `" + Printable(text, 200) + "`: " + std::string(problem), ""};
}

// `app/prod/WebRole` -> `WebRole`.
std::string_view NameOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Whether `role_arn` can be the role of a session `assumed-role/NAME/SESSION`.
bool IsRoleOf(std::string_view role_arn, const ArnView& session) {
  const std::optional<ArnView> role = SplitArn(role_arn);
  if (!role || role->service() != "iam" || role->partition() != session.partition()) return false;
  if (role->account() != session.account() || !role->resource().starts_with("role/")) return false;
  std::string_view rest = session.resource().substr(session.resource().find('/') + 1);
  return NameOf(role->resource()) == rest.substr(0, rest.find('/'));
}

// Whether `user_arn` can be the user who made the session. Its name says nothing: GetFederationToken takes any.
bool IsUserOf(std::string_view user_arn, const ArnView& session) {
  const std::optional<ArnView> user = SplitArn(user_arn);
  return user && user->service() == "iam" && user->partition() == session.partition() &&
         user->account() == session.account() && user->resource().starts_with("user/");
}

Result<Caller> FromArn(std::string_view text, const ArnView& arn, std::string_view role_arn) {
  Caller caller;
  caller.text = text;
  caller.partition = arn.partition();
  caller.account = arn.account();
  if (!IsAccountId(caller.account)) return NotACaller(text, "its account is not 12 digits");
  const std::string_view resource = arn.resource();
  if (arn.service() == "iam" && resource == "root") {
    caller.kind = Caller::Kind::kRoot;
  } else if (arn.service() == "iam" && resource.starts_with("user/")) {
    caller.kind = Caller::Kind::kUser;
  } else if (arn.service() == "iam" && resource.starts_with("role/")) {
    caller.kind = Caller::Kind::kRole;
    caller.role_arn = text;
  } else if (arn.service() == "sts" && resource.starts_with("federated-user/")) {
    caller.kind = Caller::Kind::kFederated;
    caller.role_arn = IsUserOf(role_arn, arn) ? std::string(role_arn)
                                              : "arn:" + caller.partition + ":iam::" + caller.account + ":user/" +
                                                    std::string(resource.substr(resource.find('/') + 1));
  } else if (arn.service() == "sts" && resource.starts_with("assumed-role/") &&
             std::count(resource.begin(), resource.end(), '/') == 2) {
    caller.kind = Caller::Kind::kSession;
    const std::string_view names = resource.substr(resource.find('/') + 1);
    caller.role_arn = IsRoleOf(role_arn, arn) ? std::string(role_arn)
                                              : "arn:" + caller.partition + ":iam::" + caller.account + ":role/" +
                                                    std::string(names.substr(0, names.find('/')));
  } else {
    return NotACaller(
        text, "only roles, role sessions, users, federated users, root users, services and `anonymous` are evaluated");
  }
  caller.is_service_linked = caller.role_arn.find(":role/aws-service-role/") != std::string::npos;
  return caller;
}

bool IsService(std::string_view text) {
  return text.find(':') == std::string_view::npos && text.find(".amazonaws.com") != std::string_view::npos;
}

bool ListsText(const std::vector<std::string>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [text](const std::string& one) { return one == text; });
}

}  // namespace

Result<Caller> ParseCaller(std::string_view text, std::string_view role_arn) {
  if (text == "anonymous") return Caller{};
  if (const std::optional<ArnView> arn = SplitArn(text)) return FromArn(text, *arn, role_arn);
  if (!IsService(text)) return NotACaller(text, "not an ARN, not a service, and not `anonymous`");
  Caller service;
  service.kind = Caller::Kind::kService;
  service.text = text;
  return service;
}

std::string_view ToString(Means means) {
  switch (means) {
    case Means::kNot:
      return "no";
    case Means::kAccount:
      return "the account";
    case Means::kRole:
      return "the role";
    case Means::kDirect:
      return "this principal";
    case Means::kEveryone:
      return "everyone";
  }
  return "";
}

PrincipalMatcher::PrincipalMatcher(const PrincipalElement& element) : element_(element) {
  for (const std::string& value : element_.aws) {
    const std::optional<ArnView> arn = SplitArn(value);
    if (value == "*") {
      everyone_ = true;
    } else if (IsAccountId(value)) {
      accounts_.push_back({"", value});
    } else if (arn && arn->service() == "iam" && arn->resource() == "root") {
      accounts_.push_back({std::string(arn->partition()), std::string(arn->account())});
    } else if (arn) {
      arns_.push_back(value);
    }
    // What is left are unique ids, which stand for principals that no longer exist.
  }
  everyone_ = everyone_ || element_.everyone;
}

bool PrincipalMatcher::ListsAccount(const Caller& caller) const {
  return std::any_of(accounts_.begin(), accounts_.end(), [&caller](const Account& account) {
    return account.id == caller.account && (account.partition.empty() || account.partition == caller.partition);
  });
}

Means PrincipalMatcher::Strongest(const Caller& caller) const {
  if (everyone_) return Means::kEveryone;
  if (caller.kind == Caller::Kind::kService) {
    return ListsText(element_.service, caller.text) || ListsText(element_.service, "*") ? Means::kDirect : Means::kNot;
  }
  if (caller.account.empty()) return Means::kNot;
  if (caller.kind != Caller::Kind::kRole && ListsText(arns_, caller.text)) return Means::kDirect;
  if (!caller.role_arn.empty() && ListsText(arns_, caller.role_arn)) return Means::kRole;
  if (ListsAccount(caller)) return Means::kAccount;
  // A canonical user id is another name of the account.
  const bool canonical = !caller.canonical_id.empty() && ListsText(element_.canonical_user, caller.canonical_id);
  return canonical ? Means::kAccount : Means::kNot;
}

PrincipalMatcher::Match PrincipalMatcher::Matches(const Caller& caller, Effect effect, bool has_boundary) const {
  const Means strongest = Strongest(caller);
  if (!element_.negated) return {strongest, false, false};
  if (effect == Effect::kAllow) return {strongest == Means::kNot ? Means::kEveryone : Means::kNot, false, false};
  if (has_boundary) return {Means::kEveryone, false, strongest != Means::kNot};
  if (strongest == Means::kNot) return {Means::kEveryone, false, false};
  if (strongest == Means::kEveryone || caller.account.empty()) return {Means::kNot, false, false};
  // Every principal that the caller is has to be listed. The account alone spares nobody but its root user; of the
  // principal without its account the documentation says that it may be denied.
  const bool itself = strongest != Means::kAccount || caller.kind == Caller::Kind::kRoot;
  if (!itself) return {Means::kEveryone, false, false};
  if (ListsAccount(caller)) return {Means::kNot, false, false};
  return {Means::kEveryone, true, false};
}

}  // namespace sallyport::policy
