// SPDX-License-Identifier: Apache-2.0
//
// The client's reads of a whole estate (swp/estate.h). Each page is asked for behind the last id of the one before.
#include <algorithm>

#include "base/text.h"
#include "swp/reading.h"
#include "swp_client/client.h"

namespace sallyport::swp {
namespace {

constexpr int kEstatePage = 1'000;
constexpr int kRecordsPage = 20;
constexpr std::size_t kMostRecords = 1'000;
// A policy is some 20 kB long, and an answer at most 32 MiB.
constexpr int kEstatePolicyPage = 200;
// A page with fewer is the end of its list: of 200 and more that are asked for, no manager gives so few at once when
// there are more.
constexpr std::size_t kEstateEnd = 50;
constexpr std::string_view kEstateExpand =
    "?expand=computerStatus&expand=intrusionPrevention&expand=ec2VirtualMachineSummary"
    "&expand=noConnectorVirtualMachineSummary";
constexpr std::string_view kOwnExpand = "expand=intrusionPrevention&expand=computerSettings&overrides=true";

constexpr Operation kListRules = {"list intrusion prevention rules", ""};
constexpr Operation kListTypes = {"list application types", ""};
constexpr Operation kListComputers = {"list computers", ""};
constexpr Operation kListOwn = {"list what is set at computers", ""};
constexpr Operation kListPolicies = {"list policies", ""};
constexpr Operation kRulesThere = {"read the rules that are assigned", ""};

// One page of a list in the order of ids, behind the last one that is known. `criteria`: JSON objects, each with a
// comma behind it.
std::string EstatePage(int most, const std::string& criteria, std::int64_t last) {
  JsonWriter after;
  after.BeginObject().Member("idTest", "greater-than").Member("idValue", last).EndObject();
  JsonWriter body;
  body.BeginObject().Member("maxItems", most).Member("sortByObjectID", true);
  return body.Key("searchCriteria").Raw("[" + criteria + after.Take() + "]").EndObject().Take();
}

// SearchBody has no tests of dates: nobody else needs them.
std::string UpdatedSince(TimePoint since) {
  JsonWriter out;
  out.BeginObject().Member("fieldName", "lastUpdated").Member("firstDateValue", ToEpochMilliseconds(since));
  return out.EndObject().Take() + ",";
}

std::string HasPolicy(PolicyId policy) {
  JsonWriter out;
  out.BeginObject().Member("fieldName", "policyID").Member("numericTest", "equal");
  return out.Member("numericValue", std::int64_t{policy.value}).EndObject().Take() + ",";
}

std::string IsInstance(std::string_view summary, const InstanceId& instance) {
  JsonWriter out;
  out.BeginObject().Member("fieldName", std::string(summary) + "/instanceID").Member("stringTest", "equal");
  return out.Member("stringValue", instance.value).Member("stringWildcards", false).EndObject().Take() + ",";
}

Result<std::vector<EstateComputer>> ReadEstateComputers(const Json& json) {
  return ReadList<EstateComputer>(json, "computers", ReadEstateComputer);
}

std::int64_t IdOf(const CatalogRule& rule) {
  return rule.rule.id.value;
}
std::int64_t IdOf(const EstateComputer& computer) {
  return computer.computer.id.value;
}
std::int64_t IdOf(const OwnValues& own) {
  return own.computer.value;
}
std::int64_t IdOf(const Policy& policy) {
  return policy.id.value;
}
std::int64_t IdOf(const ApplicationType& type) {
  return type.id;
}

}  // namespace

template <class T, class Read>
Result<std::vector<T>> Client::ListAll(const std::string& path, const Operation& operation, const Page& page_of,
                                       std::size_t most, Read read) {
  std::vector<T> all;
  std::int64_t last = 0;
  while (all.size() <= most) {
    const auto json = Post(path, EstatePage(page_of.most, page_of.criteria, last), operation);
    if (!json.ok()) return json.error();
    Result<std::vector<T>> page = read(*json);
    if (!page.ok()) return page;
    for (T& item : *page) {
      if (IdOf(item) <= last) {
        return Error{
            ErrorCode::kBadAnswer,
            "SWP's answer to `" + std::string(operation.what) + "` does not advance past id " + std::to_string(last),
            "try again; report it to the vendor when it stays"};
      }
      last = IdOf(item);
      all.push_back(std::move(item));
    }
    if (page->size() < std::min(kEstateEnd, static_cast<std::size_t>(page_of.most) / 4)) return all;
  }
  return Error{ErrorCode::kTooLarge,
               "could not " + std::string(operation.what) + ": there are more than " + std::to_string(most), ""};
}

Result<std::vector<CatalogRule>> Client::RulesSince(std::optional<TimePoint> since, std::size_t most) {
  const Page pages{kEstatePage, since ? UpdatedSince(*since) : ""};
  return ListAll<CatalogRule>("/intrusionpreventionrules/search", kListRules, pages, most, [](const Json& json) {
    return ReadList<CatalogRule>(json, RuleListKey(RuleModule::kIntrusionPrevention), ReadCatalogRule);
  });
}

Result<std::vector<ApplicationType>> Client::AllApplicationTypes(std::size_t most) {
  return ListAll<ApplicationType>("/applicationtypes/search", kListTypes, {kEstatePage, ""}, most,
                                  ReadApplicationTypes);
}

Result<std::vector<EstateComputer>> Client::AllComputers(std::optional<PolicyId> policy, std::size_t most) {
  const Page pages{kEstatePage, policy ? HasPolicy(*policy) : ""};
  return ListAll<EstateComputer>("/computers/search" + std::string(kEstateExpand), kListComputers, pages, most,
                                 ReadEstateComputers);
}

// An agent in an account without a connector reports its instance itself; and an instance that the connector lists
// without an agent may have a second record that an agent made (edge case X4).
Result<std::vector<EstateComputer>> Client::RecordsOfInstance(const InstanceId& instance) {
  const auto search = [&](std::string_view summary) {
    return ListAll<EstateComputer>("/computers/search" + std::string(kEstateExpand), kListComputers,
                                   {kRecordsPage, IsInstance(summary, instance)}, kMostRecords, ReadEstateComputers);
  };
  auto found = search("ec2VirtualMachineSummary");
  if (!found.ok()) return found;
  const bool has_agent = std::any_of(found->begin(), found->end(),
                                     [](const EstateComputer& one) { return !one.computer.agent_fingerprint.empty(); });
  if (has_agent) return found;
  auto reported = search("noConnectorVirtualMachineSummary");
  if (!reported.ok()) return reported;
  for (EstateComputer& one : *reported) {
    const bool is_new = std::none_of(found->begin(), found->end(),
                                     [&](const EstateComputer& known) { return known.computer.id == one.computer.id; });
    if (is_new) found->push_back(std::move(one));
  }
  return found;
}

Result<std::vector<OwnValues>> Client::AllOwnValues(std::size_t most) {
  return ListAll<OwnValues>("/computers/search?" + std::string(kOwnExpand), kListOwn, {kEstatePage, ""}, most,
                            [](const Json& json) { return ReadList<OwnValues>(json, "computers", ReadOwnValues); });
}

Result<OwnValues> Client::GetOwnValues(ComputerId computer) {
  const auto json = Get("/computers/" + std::to_string(computer.value) + "?" + std::string(kOwnExpand), kListOwn);
  if (!json.ok()) return json.error();
  auto own = ReadOwnValues(*json);
  if (!own.ok() || own->computer == computer) return own;
  return Error{ErrorCode::kBadAnswer,
               "SWP was asked for computer " + std::to_string(computer.value) + " and answered with " +
                   std::to_string(own->computer.value),
               ""};
}

Result<std::vector<Policy>> Client::AllPolicies(std::size_t most) {
  return ListAll<Policy>("/policies/search", kListPolicies, {kEstatePolicyPage, ""}, most, ReadPolicies);
}

Result<std::vector<Rule>> Client::RulesAt(Scope scope) {
  const auto json = Get(std::string(scope.kind == Scope::Kind::kComputer ? "/computers/" : "/policies/") +
                            std::to_string(scope.id) + "/intrusionprevention/rules",
                        kRulesThere);
  if (!json.ok()) return json.error();
  return ReadRules(*json, RuleModule::kIntrusionPrevention);
}

}  // namespace sallyport::swp
