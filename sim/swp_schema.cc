// SPDX-License-Identifier: Apache-2.0
//
// Long because it is tables: one line a field, nothing else.
#include "sim/swp_schema.h"

#include <algorithm>

namespace sallyport::sim {
namespace {

using K = FieldKind;
using S = Searchable;

constexpr std::string_view kStatusChoices = "inactive|active|warning|error|not-supported";
constexpr std::string_view kRecommendationChoices = "enabled|ignored|unknown|disabled";
constexpr std::string_view kSeverityChoices = "low|medium|high|critical";
constexpr std::string_view kOnOff = "inherited|on|off";

constexpr Field kModuleStatus[] = {{"agentStatus", K::kString, S::kNo, kStatusChoices},     {"agentStatusMessage"},
                                   {"applianceStatus", K::kString, S::kNo, kStatusChoices}, {"applianceStatusMessage"},
                                   {"status", K::kString, S::kNo, kStatusChoices},          {"statusMessage"}};
constexpr Field kAntiMalware[] = {{"state", K::kString, S::kNo, kOnOff},
                                  {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
                                  {"realTimeScanConfigurationID", K::kInt},
                                  {"realTimeScanScheduleID", K::kInt},
                                  {"manualScanConfigurationID", K::kInt},
                                  {"scheduledScanConfigurationID", K::kInt},
                                  {"lastManualScan", K::kDate},
                                  {"lastScheduledScan", K::kDate}};
constexpr Field kSimpleModule[] = {{"state", K::kString, S::kNo, kOnOff},
                                   {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus}};
constexpr Field kFirewall[] = {{"state", K::kString, S::kNo, kOnOff},
                               {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
                               {"globalStatefulConfigurationID", K::kInt},
                               {"ruleIDs", K::kInts}};
constexpr Field kIntrusionPrevention[] = {{"state", K::kString, S::kNo, "inherited|prevent|detect|off"},
                                          {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
                                          {"ruleIDs", K::kInts},
                                          {"applicationTypeIDs", K::kInts}};
constexpr Field kIntegrityMonitoring[] = {{"state", K::kString, S::kNo, "inherited|real-time|on|off"},
                                          {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
                                          {"lastIntegrityScan", K::kDate},
                                          {"lastBaselineCreated", K::kDate},
                                          {"ruleIDs", K::kInts}};
constexpr Field kLogInspection[] = {{"state", K::kString, S::kNo, kOnOff},
                                    {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
                                    {"ruleIDs", K::kInts}};
constexpr Field kApplicationControl[] = {
    {"state", K::kString, S::kNo, kOnOff},
    {"moduleStatus", K::kObject, S::kNo, {}, kModuleStatus},
    {"blockUnrecognized", K::kBool},
    {"rulesetID", K::kInt},
    {"trustRulesetID"},
    {"maintenanceModeStatus", K::kString, S::kNo, "off|start-requested|on|stop-requested|reset-duration-requested"},
    {"maintenanceModeDuration", K::kInt}};

constexpr Field kComputerStatus[] = {{"agentStatus", K::kString, S::kNo, kStatusChoices},
                                     {"agentStatusMessages", K::kStrings},
                                     {"applianceStatus", K::kString, S::kNo, kStatusChoices},
                                     {"applianceStatusMessages", K::kStrings}};
constexpr Field kTasks[] = {{"agentTasks", K::kStrings, S::kString}, {"applianceTasks", K::kStrings, S::kString}};
constexpr Field kSecurityGroup[] = {{"name"}, {"ID"}};
constexpr Field kMetadata[] = {{"name"}, {"value"}};
constexpr Field kEc2[] = {{"cloudProvider"},
                          {"accountID", K::kString, S::kString},
                          {"operatingSystem", K::kString, S::kString},
                          {"privateIPAddress", K::kString, S::kString},
                          {"publicIPAddress", K::kString, S::kString},
                          {"availabilityZone", K::kString, S::kString},
                          {"instanceID", K::kString, S::kString},
                          {"securityGroups", K::kObjects, S::kNo, {}, kSecurityGroup},
                          {"type", K::kString, S::kString},
                          {"virtualizationType", K::kString, S::kString},
                          {"state"},
                          {"metadata", K::kObjects, S::kNo, {}, kMetadata},
                          {"DNSName"},
                          {"amiID"}};
constexpr Field kNoConnector[] = {{"accountID", K::kString, S::kString},
                                  {"directoryID", K::kString, S::kString},
                                  {"userName", K::kString, S::kString},
                                  {"instanceID", K::kString, S::kString},
                                  {"region", K::kString, S::kString}};
constexpr Field kInterface[] = {{"ID", K::kInt},        {"name"}, {"displayName"},    {"interfaceTypeID", K::kInt},
                                {"detected", K::kBool}, {"MAC"},  {"DHCP", K::kBool}, {"IPs", K::kStrings}};
constexpr Field kInterfaces[] = {{"interfaces", K::kObjects, S::kNo, {}, kInterface}};
constexpr Field kUpdateStatus[] = {{"status", K::kString, S::kNo, kStatusChoices}, {"statusMessage"}};
constexpr Field kSecurityUpdates[] = {{"updateStatus", K::kObject, S::kNo, {}, kUpdateStatus},
                                      {"lastChanged", K::kDate}};

constexpr Field kComputer[] = {{"hostName", K::kString, S::kString},
                               {"displayName", K::kString, S::kString},
                               {"description", K::kString, S::kString},
                               {"lastIPUsed", K::kString, S::kString},
                               {"platform", K::kString, S::kString},
                               {"groupID", K::kInt, S::kNumeric},
                               {"policyID", K::kInt, S::kNumeric},
                               {"assetImportanceID", K::kInt, S::kNumeric},
                               {"relayListID", K::kInt, S::kNumeric},
                               {"agentFingerPrint", K::kString, S::kString},
                               {"applianceFingerPrint"},
                               {"lastAgentCommunication", K::kDate, S::kDate},
                               {"lastApplianceCommunication", K::kDate},
                               {"lastSendPolicyRequest", K::kDate, S::kDate},
                               {"lastSendPolicySuccess", K::kDate, S::kDate},
                               {"agentVersion", K::kString, S::kString},
                               {"computerStatus", K::kObject, S::kNo, {}, kComputerStatus},
                               {"tasks", K::kObject, S::kNo, {}, kTasks},
                               {"securityUpdates", K::kObject, S::kNo, {}, kSecurityUpdates},
                               {"computerSettings", K::kSettings},
                               {"interfaces", K::kObject, S::kNo, {}, kInterfaces},
                               {"biosUUID"},
                               {"ec2VirtualMachineSummary", K::kObject, S::kNo, {}, kEc2},
                               {"noConnectorVirtualMachineSummary", K::kObject, S::kNo, {}, kNoConnector},
                               {"hostGUID", K::kString, S::kString},
                               {"ID", K::kInt, S::kId},
                               {"antiMalware", K::kObject, S::kNo, {}, kAntiMalware},
                               {"webReputation", K::kObject, S::kNo, {}, kSimpleModule},
                               {"activityMonitoring", K::kObject, S::kNo, {}, kSimpleModule},
                               {"firewall", K::kObject, S::kNo, {}, kFirewall},
                               {"intrusionPrevention", K::kObject, S::kNo, {}, kIntrusionPrevention},
                               {"integrityMonitoring", K::kObject, S::kNo, {}, kIntegrityMonitoring},
                               {"logInspection", K::kObject, S::kNo, {}, kLogInspection},
                               {"applicationControl", K::kObject, S::kNo, {}, kApplicationControl}};

constexpr Field kPolicy[] = {{"parentID", K::kInt, S::kNumeric},
                             {"name", K::kString, S::kString},
                             {"description", K::kString, S::kString},
                             {"policySettings", K::kSettings},
                             {"recommendationScanMode", K::kString, S::kChoice, "off|ongoing"},
                             {"autoRequiresUpdate", K::kString, S::kChoice, "off|on"},
                             {"ID", K::kInt, S::kId},
                             {"antiMalware", K::kObject, S::kNo, {}, kAntiMalware},
                             {"webReputation", K::kObject, S::kNo, {}, kSimpleModule},
                             {"activityMonitoring", K::kObject, S::kNo, {}, kSimpleModule},
                             {"firewall", K::kObject, S::kNo, {}, kFirewall},
                             {"intrusionPrevention", K::kObject, S::kNo, {}, kIntrusionPrevention},
                             {"integrityMonitoring", K::kObject, S::kNo, {}, kIntegrityMonitoring},
                             {"logInspection", K::kObject, S::kNo, {}, kLogInspection},
                             {"applicationControl", K::kObject, S::kNo, {}, kApplicationControl}};

constexpr Field kFilter[] = {
    {"type", K::kString, S::kNo,
     "computer|all-computers|computers-in-group|computers-in-group-or-subgroup|computers-using-policy|"
     "computers-using-policy-or-subpolicy|computers-in-smart-folder"},
    {"computerID", K::kInt},
    {"computerGroupID", K::kInt},
    {"policyID", K::kInt},
    {"smartFolderID", K::kInt}};
constexpr Field kFilterOnly[] = {{"computerFilter", K::kObject, S::kNo, {}, kFilter}};
constexpr Field kIntegrityTask[] = {
    {"computerFilter", K::kObject, S::kNo, {}, kFilter},
    {"trustedComputers", K::kString, S::kNo, "all-computers|trusted-computers-only|exclude-trusted-computers"}};
constexpr Field kMalwareTask[] = {{"computerFilter", K::kObject, S::kNo, {}, kFilter},
                                  {"timeout", K::kString, S::kNo,
                                   "never|one-hour|two-hours|four-hours|eight-hours|twelve-hours|one-day|"
                                   "one-and-a-half-days|two-days"}};
constexpr Field kUpdatesTask[] = {{"computerFilter", K::kObject, S::kNo, {}, kFilter},
                                  {"timeout", K::kString, S::kNo, "never|one-hour|two-hours|four-hours|eight-hours"}};
constexpr Field kGroupTask[] = {{"computerGroupID", K::kInt}};
constexpr Field kOnce[] = {{"startTime", K::kDate}};
constexpr Field kHourly[] = {{"minutesPastTheHour", K::kString, S::kNo, "0|5|10|15|20|25|30|35|40|45|50|55"}};
constexpr Field kDaily[] = {{"startTime", K::kDate},
                            {"frequencyType", K::kString, S::kNo, "everyday|weekdays|custom"},
                            {"customInterval", K::kInt}};
constexpr Field kWeekly[] = {{"startTime", K::kDate}, {"interval", K::kInt}, {"days", K::kStrings}};
constexpr Field kMonthly[] = {
    {"startTime", K::kDate}, {"frequencyType", K::kString, S::kNo, "day-of-month|last-day-of-month|custom"},
    {"dayOfMonth", K::kInt}, {"weekOfMonth", K::kString, S::kNo, "first|second|third|fourth|last"},
    {"dayOfWeek"},           {"months", K::kStrings}};
constexpr Field kScheduleDetails[] = {{"timeZone"},
                                      {"recurrenceType", K::kString, S::kNo, "none|hourly|daily|weekly|monthly"},
                                      {"recurrenceCount", K::kInt},
                                      {"onceOnlyScheduleParameters", K::kObject, S::kNo, {}, kOnce},
                                      {"hourlyScheduleParameters", K::kObject, S::kNo, {}, kHourly},
                                      {"dailyScheduleParameters", K::kObject, S::kNo, {}, kDaily},
                                      {"weeklyScheduleParameters", K::kObject, S::kNo, {}, kWeekly},
                                      {"monthlyScheduleParameters", K::kObject, S::kNo, {}, kMonthly}};
constexpr Field kScheduledTask[] = {
    {"name", K::kString, S::kString},
    {"type", K::kString, S::kChoice,
     "scan-for-open-ports|send-policy|scan-for-recommendations|scan-for-integrity-changes|scan-for-malware|"
     "check-for-security-updates|synchronize-cloud-account|check-for-software-updates|update-suspicious-objects-list"},
    {"scheduleDetails", K::kObject, S::kNo, {}, kScheduleDetails},
    {"enabled", K::kBool, S::kBoolean},
    {"lastRunTime", K::kDate, S::kDate},
    {"nextRunTime", K::kDate, S::kDate},
    {"runNow", K::kBool},
    {"scanForOpenPortsTaskParameters", K::kObject, S::kNo, {}, kFilterOnly},
    {"sendPolicyTaskParameters", K::kObject, S::kNo, {}, kFilterOnly},
    {"scanForRecommendationsTaskParameters", K::kObject, S::kNo, {}, kFilterOnly},
    {"scanForIntegrityChangesTaskParameters", K::kObject, S::kNo, {}, kIntegrityTask},
    {"scanForMalwareTaskParameters", K::kObject, S::kNo, {}, kMalwareTask},
    {"checkForSecurityUpdatesTaskParameters", K::kObject, S::kNo, {}, kUpdatesTask},
    {"synchronizeCloudAccountTaskParameters", K::kObject, S::kNo, {}, kGroupTask},
    {"updateSuspiciousObjectsListTaskParameters", K::kObject, S::kNo, {}, kFilterOnly},
    {"ID", K::kInt, S::kId}};

constexpr Field kIpsRule[] = {{"name", K::kString, S::kString},
                              {"description", K::kString, S::kString},
                              {"minimumAgentVersion", K::kString, S::kString},
                              {"applicationTypeID", K::kInt, S::kNumeric},
                              {"priority", K::kString, S::kChoice, "lowest|low|normal|high|highest"},
                              {"severity", K::kString, S::kChoice, kSeverityChoices},
                              {"detectOnly", K::kBool},
                              {"eventLoggingDisabled", K::kBool, S::kBoolean},
                              {"generateEventOnPacketDrop", K::kBool, S::kBoolean},
                              {"alwaysIncludePacketData", K::kBool, S::kBoolean},
                              {"debugModeEnabled", K::kBool, S::kBoolean},
                              {"type", K::kString, S::kChoice, "custom|smart|vulnerability|exploit|hidden|policy|info"},
                              {"originalIssue", K::kDate, S::kDate},
                              {"lastUpdated", K::kDate, S::kDate},
                              {"identifier", K::kString, S::kString},
                              {"alertEnabled", K::kBool, S::kBoolean},
                              {"scheduleID", K::kInt, S::kNumeric},
                              {"contextID", K::kInt, S::kNumeric},
                              {"recommendationsMode", K::kString, S::kChoice, kRecommendationChoices},
                              {"canBeAssignedAlone", K::kBool},
                              {"dependsOnRuleIDs", K::kInts},
                              {"ID", K::kInt, S::kId},
                              {"CVSSScore", K::kString, S::kStringOrNumeric},
                              {"CVE", K::kStrings, S::kString}};
constexpr Field kImRule[] = {{"name", K::kString, S::kString},
                             {"description", K::kString, S::kString},
                             {"minimumAgentVersion", K::kString, S::kString},
                             {"minimumManagerVersion", K::kString, S::kString},
                             {"severity", K::kString, S::kChoice, kSeverityChoices},
                             {"type", K::kString, S::kString},
                             {"originalIssue", K::kDate, S::kDate},
                             {"lastUpdated", K::kDate, S::kDate},
                             {"identifier", K::kString, S::kString},
                             {"template", K::kString, S::kNo, "registry|file|custom"},
                             {"alertEnabled", K::kBool, S::kBoolean},
                             {"realTimeMonitoringEnabled", K::kBool, S::kBoolean},
                             {"recommendationsMode", K::kString, S::kChoice, kRecommendationChoices},
                             {"ID", K::kInt, S::kId}};
constexpr Field kLiRule[] = {{"name", K::kString, S::kString},
                             {"description", K::kString, S::kString},
                             {"minimumAgentVersion", K::kString, S::kString},
                             {"minimumManagerVersion", K::kString, S::kString},
                             {"type", K::kString, S::kString},
                             {"originalIssue", K::kDate, S::kDate},
                             {"lastUpdated", K::kDate, S::kDate},
                             {"identifier", K::kString, S::kString},
                             {"template", K::kString, S::kNo, "basic-rule|custom"},
                             {"level", K::kInt},
                             {"alertEnabled", K::kBool, S::kBoolean},
                             {"alertMinimumSeverity", K::kInt, S::kNumeric},
                             {"recommendationsMode", K::kString, S::kChoice, kRecommendationChoices},
                             {"canBeAssignedAlone", K::kBool},
                             {"dependsOnRuleIDs", K::kInts},
                             {"ID", K::kInt, S::kId}};
constexpr Field kFirewallRule[] = {{"name", K::kString, S::kString},
                                   {"description", K::kString, S::kString},
                                   {"action", K::kString, S::kChoice, "log-only|allow|deny|force-allow|bypass"},
                                   {"priority", K::kString, S::kChoice, "0|1|2|3|4"},
                                   {"direction", K::kString, S::kChoice, "incoming|outgoing"},
                                   {"ID", K::kInt, S::kId}};
constexpr Field kApplicationType[] = {{"name", K::kString, S::kString},
                                      {"description", K::kString, S::kString},
                                      {"minimumAgentVersion", K::kString, S::kString},
                                      {"direction", K::kString, S::kChoice, "incoming|outgoing"},
                                      {"protocol", K::kString, S::kChoice, "icmp|tcp|udp|tcp-udp"},
                                      {"portType", K::kString, S::kChoice, "any|multiple|port-list"},
                                      {"portMultiple", K::kStrings, S::kString},
                                      {"portListID", K::kInt, S::kNumeric},
                                      {"recommendationsMode", K::kString, S::kChoice, kRecommendationChoices},
                                      {"ID", K::kInt, S::kId}};
constexpr Field kGroup[] = {{"type"},
                            {"name", K::kString, S::kString},
                            {"description", K::kString, S::kString},
                            {"parentGroupID", K::kInt, S::kNumeric},
                            {"directoryID", K::kInt, S::kNumeric},
                            {"externalID", K::kString, S::kString},
                            {"virtualID", K::kInt, S::kNumeric},
                            {"virtualType", K::kInt, S::kNumeric},
                            {"cloudType", K::kString, S::kChoice, "amazon|vcloud-private-cloud|azure|azure-arm|gcp"},
                            {"amazonAccountID", K::kInt, S::kNumeric},
                            {"amazonRegionID", K::kInt, S::kNumeric},
                            {"amazonVPCID", K::kInt, S::kNumeric},
                            {"amazonSubnetID", K::kInt, S::kNumeric},
                            {"ID", K::kInt, S::kId}};
constexpr Field kSyncedRegion[] = {{"region"}, {"computersSynced", K::kInt}, {"workspacesSynced", K::kInt}};
constexpr Field kConnector[] = {{"displayName"},
                                {"accountId", K::kString, S::kString},
                                {"accountAlias", K::kString, S::kString},
                                {"accessKey", K::kString, S::kString},
                                {"seedRegion", K::kString, S::kString},
                                {"useInstanceRole", K::kBool},
                                {"crossAccountRoleArn", K::kString, S::kString},
                                {"lastSyncTime", K::kDate, S::kDate},
                                {"syncedRegions", K::kObjects, S::kNo, {}, kSyncedRegion},
                                {"workspacesEnabled", K::kBool, S::kBoolean},
                                {"ID", K::kInt, S::kId}};
constexpr Field kIpList[] = {{"name", K::kString, S::kString},
                             {"description", K::kString, S::kString},
                             {"items", K::kStrings},
                             {"ID", K::kInt, S::kId}};
constexpr Field kApiKey[] = {{"keyName", K::kString, S::kString},
                             {"description", K::kString, S::kString},
                             {"locale", K::kString, S::kNo, "en-US|ja-JP"},
                             {"roleID", K::kInt, S::kNumeric},
                             {"timeZone", K::kString, S::kString},
                             {"active", K::kBool, S::kBoolean},
                             {"created", K::kDate, S::kDate},
                             {"lastSignIn", K::kDate, S::kDate},
                             {"unlockTime", K::kDate, S::kDate},
                             {"unsuccessfulSignInAttempts", K::kInt, S::kNumeric},
                             {"expiryDate", K::kDate, S::kDate},
                             {"serviceAccount", K::kBool, S::kBoolean},
                             {"roleURN"},
                             {"tenantID", K::kInt},
                             {"tenantGUID"},
                             {"cloudOneAccountID"},
                             {"ID", K::kInt, S::kId}};
constexpr Field kCriterion[] = {{"fieldName"},
                                {"booleanTest", K::kBool},
                                {"numericTest"},
                                {"numericValue", K::kNumber},
                                {"stringTest"},
                                {"stringValue"},
                                {"stringWildcards", K::kBool},
                                {"choiceTest"},
                                {"choiceValue"},
                                {"firstDateValue", K::kDate},
                                {"firstDateInclusive", K::kBool},
                                {"lastDateValue", K::kDate},
                                {"lastDateInclusive", K::kBool},
                                {"nullTest", K::kBool},
                                {"versionTest"},
                                {"versionValue"},
                                {"idValue", K::kInt},
                                {"idTest"}};
constexpr Field kSearchFilter[] = {
    {"maxItems", K::kInt}, {"searchCriteria", K::kObjects, S::kNo, {}, kCriterion}, {"sortByObjectID", K::kBool}};

constexpr Field kRuleChange[] = {{"assign", K::kInts}, {"unassign", K::kInts}};
constexpr Field kRecommendations[] = {{"intrusionPrevention", K::kObject, S::kNo, {}, kRuleChange},
                                      {"integrityMonitoring", K::kObject, S::kNo, {}, kRuleChange},
                                      {"logInspection", K::kObject, S::kNo, {}, kRuleChange}};
constexpr Field kComputerSim[] = {{"online", K::kBool},
                                  {"lastRecommendationScan", K::kDate},
                                  {"recommendationScanStatus", K::kString, S::kNo, "none|valid|out-of-date|unknown"},
                                  {"known", K::kObject, S::kNo, {}, kRecommendations},
                                  {"revealed", K::kObject, S::kNo, {}, kRecommendations}};
constexpr Field kRuleSim[] = {{"needsConfiguration", K::kBool}};
constexpr Field kApiKeySim[] = {{"key"}, {"header", K::kString, S::kNo, "both|Authorization|api-secret-key"}};
constexpr Field kRole[] = {
    {"ID", K::kInt}, {"name"}, {"allows", K::kString, S::kNo, "all|read"}, {"except", K::kStrings}};

}  // namespace

const Field* FindField(Fields fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const Field* FindFieldByPath(Fields fields, std::string_view path) {
  const auto slash = path.find('/');
  const Field* field = FindField(fields, path.substr(0, slash));
  if (field == nullptr || slash == std::string_view::npos) return field;
  return FindFieldByPath(field->fields, path.substr(slash + 1));
}

bool IsChoice(const Field& field, std::string_view value) {
  if (field.choices.empty()) return true;
  for (std::string_view rest = field.choices;;) {
    const auto bar = rest.find('|');
    if (rest.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

Fields ComputerFields() {
  return kComputer;
}
Fields PolicyFields() {
  return kPolicy;
}
Fields ScheduledTaskFields() {
  return kScheduledTask;
}
Fields IntrusionPreventionRuleFields() {
  return kIpsRule;
}
Fields IntegrityMonitoringRuleFields() {
  return kImRule;
}
Fields LogInspectionRuleFields() {
  return kLiRule;
}
Fields FirewallRuleFields() {
  return kFirewallRule;
}
Fields ApplicationTypeFields() {
  return kApplicationType;
}
Fields ComputerGroupFields() {
  return kGroup;
}
Fields AwsConnectorFields() {
  return kConnector;
}
Fields IpListFields() {
  return kIpList;
}
Fields ApiKeyFields() {
  return kApiKey;
}
Fields SearchFilterFields() {
  return kSearchFilter;
}
Fields ComputerSimFields() {
  return kComputerSim;
}
Fields RuleSimFields() {
  return kRuleSim;
}
Fields ApiKeySimFields() {
  return kApiKeySim;
}
Fields RoleFields() {
  return kRole;
}

}  // namespace sallyport::sim
