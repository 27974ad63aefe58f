// SPDX-License-Identifier: Apache-2.0
#include "sim/swp_routes.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace sallyport::sim {
namespace {

constexpr std::string_view kScheme = "ApiKey ";

// `{id}` is a number, `{name}` any segment, `{module}` one of the rule modules, `{scope}` computers or policies.
struct Route {
  std::string_view method;
  std::string_view pattern;
  Reply (*answer)(World&, const Call&);
  std::string_view right;
  std::string_view doing;  // "Not authorized to view computers."
};

constexpr std::string_view kViewComputers = "view computers";
constexpr std::string_view kViewTasks = "view scheduled tasks";

constexpr Route kRoutes[] = {
    {"GET", "/computers", ListComputers, "allComputers", kViewComputers},
    {"POST", "/computers", CreateComputer, "canCreateNewComputers", "create computers"},
    {"DELETE", "/computers", DeleteComputers, "canDeleteComputers", "delete computers"},
    {"POST", "/computers/search", SearchComputers, "allComputers", kViewComputers},
    {"GET", "/computers/{id}", GetComputer, "allComputers", kViewComputers},
    {"POST", "/computers/{id}", ModifyComputer, "canEditComputerProperties", "edit computers"},
    {"DELETE", "/computers/{id}", DeleteComputer, "canDeleteComputers", "delete computers"},
    {"GET", "/computers/{id}/settings/{name}", GetSetting, "allComputers", kViewComputers},
    {"POST", "/computers/{id}/settings/{name}", ModifySetting, "canEditComputerProperties", "edit computers"},
    {"DELETE", "/computers/{id}/settings/{name}", ResetSetting, "canEditComputerProperties", "edit computers"},
    {"GET", "/policies", ListPolicies, "allPolicies", "view policies"},
    {"POST", "/policies", CreatePolicy, "canCreateNewPolicies", "create policies"},
    {"POST", "/policies/search", SearchPolicies, "allPolicies", "view policies"},
    {"GET", "/policies/default", GetDefaultPolicy, "allPolicies", "view policies"},
    {"GET", "/policies/default/settings/{name}", GetSetting, "allPolicies", "view policies"},
    {"POST", "/policies/default/settings/{name}", ModifySetting, "canEditPolicyProperties", "edit policies"},
    {"DELETE", "/policies/default/settings/{name}", ResetSetting, "canEditPolicyProperties", "edit policies"},
    {"GET", "/policies/{id}", GetPolicy, "allPolicies", "view policies"},
    {"POST", "/policies/{id}", ModifyPolicy, "canEditPolicyProperties", "edit policies"},
    {"DELETE", "/policies/{id}", DeletePolicy, "canDeletePolicies", "delete policies"},
    {"GET", "/policies/{id}/settings/{name}", GetSetting, "allPolicies", "view policies"},
    {"POST", "/policies/{id}/settings/{name}", ModifySetting, "canEditPolicyProperties", "edit policies"},
    {"DELETE", "/policies/{id}/settings/{name}", ResetSetting, "canEditPolicyProperties", "edit policies"},
    {"GET", "/{scope}/{id}/{module}/assignments", GetAssignments, "read", "view assignments"},
    {"POST", "/{scope}/{id}/{module}/assignments", AddAssignments, "edit", "edit assignments"},
    {"PUT", "/{scope}/{id}/{module}/assignments", SetAssignments, "edit", "edit assignments"},
    {"DELETE", "/{scope}/{id}/{module}/assignments/{id}", RemoveAssignment, "edit", "edit assignments"},
    {"GET", "/{scope}/{id}/{module}/rules", ListAssignedRules, "read", "view assignments"},
    {"GET", "/{scope}/{id}/{module}/rules/{id}", GetAssignedRule, "read", "view assignments"},
    {"POST", "/{scope}/{id}/{module}/rules/{id}", OverrideAssignedRule, "edit", "edit assignments"},
    {"DELETE", "/{scope}/{id}/{module}/rules/{id}", ResetAssignedRule, "edit", "edit assignments"},
    {"GET", "/scheduledtasks", ListTasks, "canViewScheduledTasks", kViewTasks},
    {"POST", "/scheduledtasks", CreateTask, "canCreateNewScheduledTasks", "create scheduled tasks"},
    {"POST", "/scheduledtasks/search", SearchTasks, "canViewScheduledTasks", kViewTasks},
    {"GET", "/scheduledtasks/{id}", GetTask, "canViewScheduledTasks", kViewTasks},
    {"POST", "/scheduledtasks/{id}", ModifyTask, "canEditScheduledTaskProperties", "edit scheduled tasks"},
    {"DELETE", "/scheduledtasks/{id}", DeleteTask, "canDeleteScheduledTasks", "delete scheduled tasks"},
    {"GET", "/intrusionpreventionrules", ListCollection, "", ""},
    {"POST", "/intrusionpreventionrules/search", SearchCollection, "", ""},
    {"GET", "/intrusionpreventionrules/{id}", GetFromCollection, "", ""},
    {"GET", "/integritymonitoringrules", ListCollection, "", ""},
    {"POST", "/integritymonitoringrules/search", SearchCollection, "", ""},
    {"GET", "/integritymonitoringrules/{id}", GetFromCollection, "", ""},
    {"GET", "/loginspectionrules", ListCollection, "", ""},
    {"POST", "/loginspectionrules/search", SearchCollection, "", ""},
    {"GET", "/loginspectionrules/{id}", GetFromCollection, "", ""},
    {"GET", "/firewallrules", ListCollection, "", ""},
    {"POST", "/firewallrules/search", SearchCollection, "", ""},
    {"GET", "/firewallrules/{id}", GetFromCollection, "", ""},
    {"GET", "/applicationtypes", ListCollection, "", ""},
    {"POST", "/applicationtypes/search", SearchCollection, "", ""},
    {"GET", "/applicationtypes/{id}", GetFromCollection, "", ""},
    {"GET", "/computergroups", ListCollection, "allComputers", "view computer groups"},
    {"POST", "/computergroups/search", SearchCollection, "allComputers", "view computer groups"},
    {"GET", "/computergroups/{id}", GetFromCollection, "allComputers", "view computer groups"},
    {"GET", "/awsconnectors", ListCollection, "allComputers", "view AWS connectors"},
    {"POST", "/awsconnectors/search", SearchCollection, "allComputers", "view AWS connectors"},
    {"GET", "/awsconnectors/{id}", GetFromCollection, "allComputers", "view AWS connectors"},
    {"GET", "/awsconnectorsettings", GetAwsConnectorSettings, "canViewSettings", "view AWS connector settings"},
    {"GET", "/iplists", ListCollection, "", ""},
    {"POST", "/iplists", CreateInCollection, "canCreateNewIPLists", "create IP lists"},
    {"POST", "/iplists/search", SearchCollection, "", ""},
    {"GET", "/iplists/{id}", GetFromCollection, "", ""},
    {"POST", "/iplists/{id}", ModifyInCollection, "canEditIPListProperties", "edit IP lists"},
    {"DELETE", "/iplists/{id}", DeleteFromCollection, "canDeleteIPLists", "delete IP lists"},
    {"GET", "/systemsettings", GetSystemSettings, "canViewSettings", "view system settings"},
    {"GET", "/systemsettings/{name}", GetSetting, "canViewSettings", "view system settings"},
    {"GET", "/apikeys/current", GetCurrentApiKey, "canViewAPIKeys", "view API keys"}};

constexpr std::string_view kExpandValues[] = {"none",
                                              "all",
                                              "computerStatus",
                                              "tasks",
                                              "securityUpdates",
                                              "computerSettings",
                                              "allSecurityModules",
                                              "antiMalware",
                                              "webReputation",
                                              "activityMonitoring",
                                              "firewall",
                                              "intrusionPrevention",
                                              "integrityMonitoring",
                                              "logInspection",
                                              "applicationControl",
                                              "SAP",
                                              "interfaces",
                                              "ESXSummary",
                                              "allVirtualMachineSummaries",
                                              "azureARMVirtualMachineSummary",
                                              "azureVMVirtualMachineSummary",
                                              "ec2VirtualMachineSummary",
                                              "noConnectorVirtualMachineSummary",
                                              "vmwareVMVirtualMachineSummary",
                                              "vcloudVMVirtualMachineSummary",
                                              "workspaceVirtualMachineSummary",
                                              "gcpVirtualMachineSummary"};

std::string_view ModuleOf(std::string_view segment) {
  if (segment == "intrusionprevention") return "intrusionPrevention";
  if (segment == "integritymonitoring") return "integrityMonitoring";
  if (segment == "loginspection") return "logInspection";
  return segment == "firewall" ? "firewall" : "";
}

std::string_view TakeSegment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool TakesPart(std::string_view wanted, std::string_view segment, Call& call) {
  if (wanted == "{id}") {
    int id = 0;
    const auto read = std::from_chars(segment.data(), segment.data() + segment.size(), id);
    if (read.ec != std::errc() || read.ptr != segment.data() + segment.size()) return false;
    call.ids.push_back(id);
    return true;
  }
  if (wanted == "{name}") {
    call.name = std::string(segment);
    return !segment.empty();
  }
  if (wanted == "{module}") {
    call.module = std::string(ModuleOf(segment));
    return !call.module.empty();
  }
  if (wanted == "{scope}") return segment == "computers" || segment == "policies";
  return wanted == segment;
}

bool PathMatches(std::string_view pattern, std::string_view path, Call& call) {
  call = Call();
  std::string_view rest = path;
  call.collection = std::string(TakeSegment(rest));
  while (!pattern.empty() && !path.empty()) {
    if (!TakesPart(TakeSegment(pattern), TakeSegment(path), call)) return false;
  }
  return pattern.empty() && path.empty();
}

// The right of a route; for assignments it depends on whose they are.
std::string_view RightOf(const Route& route, const Call& call) {
  const bool computers = call.collection == "computers";
  if (route.right == "read") return computers ? "allComputers" : "allPolicies";
  if (route.right == "edit") return computers ? "canEditComputerProperties" : "canEditPolicyProperties";
  return route.right;
}

// Reads `expand` and `overrides`. Empty when all is well.
std::string ReadQuery(const ServedRequest& request, Call& call) {
  for (const auto& [name, value] : request.QueryMembers()) {
    if (name == "expand") {
      const bool known =
          std::find(std::begin(kExpandValues), std::end(kExpandValues), value) != std::end(kExpandValues);
      if (!known) return "Invalid value `" + Printable(value, 80) + "` for parameter `expand`.";
      call.expand.insert(value);
    } else if (name == "overrides") {
      // The vendor's Python SDK sends `True`.
      call.overrides = EqualsIgnoreCase(value, "true");
      if (!call.overrides && !EqualsIgnoreCase(value, "false")) return "Invalid value for parameter `overrides`.";
    }
  }
  if (call.expand.empty()) call.expand.insert("all");
  return "";
}

bool ReadBody(const ServedRequest& request, Call& call) {
  if (request.body.empty()) return true;
  json::error_code failed;
  json::value body = json::parse(request.body, failed);
  if (failed || !body.is_object()) return false;
  call.body = std::move(body.get_object());
  return true;
}

Reply Answer(World& world, const Route& route, const ServedRequest& request, Call& call, const SimApiKey& key) {
  if (!key.role->Allows(RightOf(route, call))) return Fail(403, "Not authorized to " + std::string(route.doing) + ".");
  const auto problem = ReadQuery(request, call);
  if (!problem.empty()) return Fail(400, problem);
  if (!ReadBody(request, call)) return Fail(400, "Invalid request body.");
  return route.answer(world, call);
}

bool Opens(const SimApiKey& key, const std::string* authorization, const std::string* secret) {
  if (key.key.empty()) return false;
  if (secret != nullptr) return key.header != "Authorization" && *secret == key.key;
  return key.header != "api-secret-key" && authorization->starts_with(kScheme) &&
         Trim(std::string_view(*authorization).substr(kScheme.size())) == key.key;
}

bool IsUsable(const SimApiKey& key, std::int64_t now) {
  const json::value* active = key.record.if_contains("active");
  if (active != nullptr && active->is_bool() && !active->get_bool()) return false;
  const json::value* expires = key.record.if_contains("expiryDate");
  return expires == nullptr || !expires->is_int64() || expires->get_int64() > now;
}

}  // namespace

std::variant<const SimApiKey*, Reply> Authenticate(const World& world, const ServedRequest& request, std::int64_t now) {
  const std::string* authorization = request.Header("authorization");
  const std::string* secret = request.Header("api-secret-key");
  const bool exactly_one = (authorization == nullptr) != (secret == nullptr);
  if (!exactly_one) return Fail(401, "Invalid API key.");
  for (const SimApiKey& key : world.api_keys) {
    if (!Opens(key, authorization, secret)) continue;
    if (!IsUsable(key, now)) return Fail(401, "Invalid API key.");
    const std::string* version = request.Header("api-version");
    if (version == nullptr || *version != "v1") return Fail(400, "Invalid API version.");
    return &key;
  }
  return Fail(401, "Invalid API key.");
}

Reply Dispatch(World& world, const ServedRequest& request, std::string_view path, const SimApiKey& key,
               std::int64_t now) {
  bool path_known = false;
  for (const Route& route : kRoutes) {
    Call call;
    if (!PathMatches(route.pattern, path, call)) continue;
    path_known = true;
    if (route.method != request.method) continue;
    call.method = request.method;
    call.now = now;
    call.key = &key;
    return Answer(world, route, request, call, key);
  }
  return path_known ? Fail(405, "Method not allowed.") : Fail(404, "Not found.");
}

}  // namespace sallyport::sim
