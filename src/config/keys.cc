// SPDX-License-Identifier: Apache-2.0
#include "config/keys.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>

#include "base/ids.h"
#include "base/text.h"
#include "config/api_key.h"
#include "config/channels.h"
#include "config/reading.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kSettingsListEntries = 100;
constexpr std::string_view kActionWords = "a list of {actions}; may be empty";
constexpr std::string_view kWindowWords =
    "a list of days and times in UTC, like `sat,sun 00:00-06:00` or `mon-fri 22:00-04:00`; may be empty";

void ReadMode(Reading& r) {
  r.ReadChoice<Mode, 2>(r.settings().gates.mode, {"observe", "enforce"}, {Mode::kObserve, Mode::kEnforce});
}

void ReadActions(Reading& r, std::set<std::string>& into) {
  into.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) {
    if (r.Word(item, r.kinds().names())) into.insert(item.text);
  });
}

void ReadWindows(Reading& r) {
  auto& windows = r.settings().gates.windows;
  windows.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) {
    auto window = ParseMaintenanceWindow(item.text);
    if (!window.ok()) return r.Refuse(item, window.error().message);
    windows.push_back(*std::move(window));
  });
}

void ReadRuleModules(Reading& r) {
  std::array<std::string_view, swp::kRuleModules.size()> names;
  std::transform(swp::kRuleModules.begin(), swp::kRuleModules.end(), names.begin(),
                 [](swp::RuleModule module) { return swp::ApiName(swp::ModuleOf(module)); });
  auto& modules = r.settings().apply.modules;
  modules.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) {
    if (const auto index = r.Word(item, names)) modules.push_back(swp::kRuleModules[*index]);
  });
}

void ReadMaxRules(Reading& r) {
  int rules = static_cast<int>(r.settings().apply.max_rules);
  r.ReadWhole(rules, 1, 1000);
  r.settings().apply.max_rules = static_cast<std::size_t>(rules);
}

// EC2 bounds: 128 characters for a tag's name, 256 for its value; of up to 4 bytes each.
void ReadExclusionTag(Reading& r) {
  if (!r.IsText(r.node(), std::size_t{128 + 256} * 4)) return;
  const std::string& text = r.node().text;
  const std::size_t equals = std::min(text.find('='), text.size());
  if (equals == 0) return r.Refuse(r.node(), ShownText(text) + " has no name before the `=`");
  if (equals + 1 == text.size()) return r.Refuse(r.node(), ShownText(text) + " has no value after the `=`");
  r.settings().gates.exclusion_tag = text.substr(0, equals);
  r.settings().gates.exclusion_tag_value = equals == text.size() ? "" : text.substr(equals + 1);
}

void ReadModules(Reading& r) {
  std::array<std::string_view, swp::kAllModules.size()> names;
  std::transform(swp::kAllModules.begin(), swp::kAllModules.end(), names.begin(),
                 [](swp::Module module) { return swp::ApiName(module); });
  auto& modules = r.settings().protection.required_modules;
  modules.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) {
    if (const auto index = r.Word(item, names)) modules.push_back(swp::kAllModules[*index]);
  });
}

void ReadAuthentication(Reading& r) {
  r.ReadChoice<SwpAuthentication, 2>(r.settings().swp.authentication, {"api-secret-key", "cloud-one"},
                                     {SwpAuthentication::kLegacy, SwpAuthentication::kCloudOne});
}

void ReadKeyVariable(Reading& r) {
  auto key = MakeApiKey(r.node().text);
  if (!key.ok()) return r.RefusePlainly(r.node(), key.error().ToText());
  r.settings().swp.api_key = *std::move(key);
  r.settings().swp.api_key_source = "environment variable SALLYPORT_SWP_API_KEY";
}

void ReadOwnerTags(Reading& r) {
  auto& tags = r.settings().notify.owners.owner_tags;
  tags.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) { tags.push_back(item.text); });
}

void ReadLogLevel(Reading& r) {
  r.ReadChoice<LogLevel, 5>(r.settings().log.level, {"debug", "info", "warning", "error", "off"},
                            {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError, LogLevel::kOff});
}

void ReadAwsRegion(Reading& r) {
  if (!r.IsText(r.node(), 64)) return;
  if (const auto region = ParseRegion(r.node().text); !region.ok()) return r.Refuse(r.node(), region.error().message);
  r.settings().aws.region = r.node().text;
}

void ReadAwsRegions(Reading& r) {
  auto& regions = r.settings().aws.regions;
  regions.clear();
  r.ReadList(kSettingsListEntries, [&](const YamlNode& item) {
    const auto region = ParseRegion(item.text);
    if (!region.ok()) return r.Refuse(item, region.error().message);
    regions.push_back(item.text);
  });
}

// IAM: names of roles are letters, digits and `+=,.@_-`; a path stands before, with slashes.
bool IsRoleName(std::string_view name) {
  return !name.empty() && name.size() <= 576 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@_-/").find(c) != std::string_view::npos;
  });
}

void ReadRoleName(Reading& r) {
  if (!r.IsText(r.node(), 576)) return;
  if (!IsRoleName(r.node().text)) return r.Refuse(r.node(), ShownText(r.node().text) + " is not the name of a role");
  r.settings().aws.role_name = r.node().text;
}

// Whether `arn` is that of a role in `account`, in any partition.
bool IsRoleOf(std::string_view arn, std::string_view account) {
  const std::string middle = ":iam::" + std::string(account) + ":role/";
  const std::size_t at = arn.find(middle);
  return arn.starts_with("arn:aws") && at != std::string_view::npos && IsRoleName(arn.substr(at + middle.size()));
}

void ReadAwsAccounts(Reading& r) {
  r.ReadMap(kSettingsListEntries * 10, [&](const YamlNode& key, const YamlNode& value) {
    if (!ParseAccountId(key.text).ok()) return r.Refuse(key, ShownText(key.text) + " is not an account id");
    if (!IsRoleOf(value.text, key.text)) {
      return r.Refuse(value, ShownText(value.text) + " is not the ARN of a role in account " + key.text);
    }
    r.settings().aws.accounts[key.text] = value.text;
  });
}

// STS: 2 to 1224 of letters, digits and `+=,.@:/_-`.
void ReadExternalId(Reading& r) {
  if (!r.IsText(r.node(), 1224)) return;
  const std::string& text = r.node().text;
  const bool fits = text.size() >= 2 && std::all_of(text.begin(), text.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             std::string_view("+=,.@:/_-").find(c) != std::string_view::npos;
                    });
  if (!fits) return r.Refuse(r.node(), "this is not an external id");
  r.settings().aws.external_id = text;
}

// A row's own key, by the type of its value.
struct OwnReader {
  Reading& r;
  RowSettings& rows() const { return r.settings().rows; }

  void operator()(const OwnNumber& own) const { r.ReadNumber(own.place(rows()), own.least, own.most); }
  void operator()(const OwnWhole& own) const { r.ReadWhole(own.place(rows()), own.least, own.most); }
  void operator()(const OwnTime& own) const { r.ReadDuration(own.place(rows()), own.least, own.most); }
  void operator()(const OwnFlag& own) const {
    r.ReadChoice<bool, 2>(own.place(rows()), {"true", "false"}, {true, false});
  }
  void operator()(const OwnText& own) const { r.ReadText(own.place(rows()), own.most_bytes); }
  void operator()(const OwnList& own) const {
    auto& texts = own.place(rows());
    texts.clear();
    r.ReadList(own.most, [&](const YamlNode& item) { texts.push_back(item.text); });
  }
  void operator()(const OwnChoice& own) const {
    if (const auto word = r.Word(r.node(), own.words)) own.take(rows(), *word);
  }
};

constexpr auto kSettingsKeys = std::to_array<SettingsKey>({
    {"mode", "SALLYPORT_MODE", "observe", "`observe` or `enforce`",
     "`observe` reads, plans and notifies, and writes nothing to SWP; `enforce` also carries out", ReadMode},
    {"accounts", "", "{}", "a map of account ids (twelve digits) to `observe` or `enforce`",
     "accounts whose mode differs from `mode`; one that is named here may also send findings about hosts of others (a "
     "delegated administrator)",
     [](Reading& r) { r.ReadAccounts(); }},

    {"gates.allow", "", "[{allowed}]", kActionWords, "the actions that may run at all",
     [](Reading& r) { ReadActions(r, r.settings().gates.allowed_actions); }},
    {"gates.exclusion_tag", "", "sallyport:exclude", "the name of an EC2 tag, or name=value",
     "a host with this tag is left alone", ReadExclusionTag},
    {"gates.when_tags_unknown", "", "refuse", "`refuse` or `allow`",
     "what to do when the tags of a host are undetermined",
     [](Reading& r) {
       r.ReadChoice<bool, 2>(r.settings().gates.refuse_when_tags_unknown, {"refuse", "allow"}, {true, false});
     }},
    {"gates.cool_down", "", "6h", "a number and ms, s, m, h or d, from 0s to 30d, like `6h`",
     "minimum time between two equal scan requests for a computer, unless the severity rises to a higher band",
     [](Reading& r) { r.ReadDuration(r.settings().gates.cool_down, Duration{0}, hours(24 * 30)); }},
    {"gates.max_event_age", "", "24h", "a number and ms, s, m, h or d, from 1m to 365d, like `24h`",
     "for a finding older than this no scan is requested; messages are sent",
     [](Reading& r) { r.ReadDuration(r.settings().gates.max_event_age, minutes(1), hours(24 * 365)); }},
    {"gates.kill_switch_file", "SALLYPORT_KILL_SWITCH_FILE", "", "the path of a file, from `/` on",
     "while this file exists actions and messages are refused; findings are read, planned and recorded",
     [](Reading& r) { r.ReadPath(r.settings().gates.kill_switch_file, PathForm::kAbsolute); }},

    {"gates.max_hosts", "", "100", "a whole number from 1 to 100000",
     "an action that affects more hosts than this, alone or with the other actions of its event, is never carried out",
     [](Reading& r) { r.ReadWhole(r.settings().gates.max_hosts, 1, 100'000); }},
    {"gates.approval.above_hosts", "", "10", "a whole number from 0 to 100000",
     "an action that affects more hosts than this, alone or with the other actions of its event, needs approval "
     "(`sallyport plans approve`)",
     [](Reading& r) { r.ReadWhole(r.settings().gates.approve_above_hosts, 0, 100'000); }},
    {"gates.approval.actions", "", "[]", kActionWords, "actions that need approval however few hosts they affect",
     [](Reading& r) { ReadActions(r, r.settings().gates.approve_actions); }},
    {"gates.approval.expires", "", "24h", "a number and ms, s, m, h or d, from 1m to 30d, like `24h`",
     "time limit for approval",
     [](Reading& r) { r.ReadDuration(r.settings().gates.approval_expires, minutes(1), hours(24 * 30)); }},
    {"gates.maintenance.windows", "", "[]", kWindowWords,
     "when the actions of `gates.maintenance.actions` may run; empty: at any time", ReadWindows},
    {"gates.maintenance.actions", "", "[{windowed}]", kActionWords, "the actions that wait for a maintenance window",
     [](Reading& r) { ReadActions(r, r.settings().gates.windowed_actions); }},

    {"apply.placement", "", "computer", "`computer`, `policy` or `report`",
     "where recommended rules are assigned: to the computer that was scanned; to its SWP policy when at most "
     "`gates.max_hosts` share it; or nowhere, they are only reported",
     [](Reading& r) {
       r.ReadChoice<Placement, 3>(r.settings().apply.placement, {"computer", "policy", "report"},
                                  {Placement::kComputer, Placement::kPolicy, Placement::kReport});
     }},
    {"apply.modules", "", "[intrusionPrevention, integrityMonitoring, logInspection]",
     "a list of `intrusionPrevention`, `integrityMonitoring` and `logInspection`; may be empty",
     "modules whose recommended rules are assigned; those of other modules are listed", ReadRuleModules},
    {"apply.max_rules", "", "50", "a whole number from 1 to 1000",
     "more recommended rules of one module than this are listed and not assigned", ReadMaxRules},

    {"follow_up.first", "", "1m", "a number and ms, s, m, h or d, from 1s to 1h, like `1m`",
     "how long after its request a scan is checked first; later checks are further apart",
     [](Reading& r) { r.ReadDuration(r.settings().follow_up.scan.first, seconds(1), hours(1)); }},
    {"follow_up.longest", "", "10m", "a number and ms, s, m, h or d, from 1s to 1d, like `10m`",
     "the longest time between two checks of a scan or of rules",
     [](Reading& r) {
       r.ReadDuration(r.settings().follow_up.scan.longest, seconds(1), hours(24));
       r.settings().follow_up.rules.longest = r.settings().follow_up.scan.longest;
     }},
    {"follow_up.scan_give_up", "", "6h", "a number and ms, s, m, h or d, from 1m to 7d, like `6h`",
     "after how long a scan that has not finished counts as not verifiable",
     [](Reading& r) { r.ReadDuration(r.settings().follow_up.scan.give_up, minutes(1), hours(24 * 7)); }},
    {"follow_up.rules_give_up", "", "2h", "a number and ms, s, m, h or d, from 1m to 7d, like `2h`",
     "after how long rules that are not in effect on the host count as not verifiable",
     [](Reading& r) { r.ReadDuration(r.settings().follow_up.rules.give_up, minutes(1), hours(24 * 7)); }},
    {"follow_up.host_give_up", "", "7d", "a number and ms, s, m, h or d, from 1m to 10d, like `7d`",
     "how long a host that could not be scanned is checked again, until it can be",
     [](Reading& r) { r.ReadDuration(r.settings().follow_up.host.give_up, minutes(1), hours(24 * 10)); }},

    {"swp.region", "SALLYPORT_SWP_REGION", "", "2 to 32 of a-z, 0-9 and `-`, like `us-1`",
     "the Cloud One region of the tenant; instead of `swp.url`", [](Reading& r) { r.ReadRegion(r.settings().swp); }},
    {"swp.url", "SALLYPORT_SWP_URL", "",
     "an https address without user, password or query, like `https://manager.example.com:4119/api`; http only to this "
     "computer",
     "the address of the API of an on-premises SWP manager; instead of `swp.region`",
     [](Reading& r) { r.ReadAddress(r.settings().swp); }},
    {"swp.authentication", "SALLYPORT_SWP_AUTHENTICATION", "api-secret-key", "`api-secret-key` or `cloud-one`",
     "how the key is sent: `api-secret-key` for keys made in the SWP console or on premises, `cloud-one` for keys of a "
     "Cloud One account",
     ReadAuthentication},
    {"", "SALLYPORT_SWP_API_KEY", "", "an API key, on one line", "the key itself; wins over `swp.api_key_file`",
     ReadKeyVariable},
    {"swp.api_key_file", "SALLYPORT_SWP_API_KEY_FILE", "",
     "the path of a file of at most 4 KiB that not every user may read", "the file that holds the key and nothing else",
     [](Reading& r) { r.ReadPath(r.settings().swp.api_key_file, PathForm::kAny); }},
    {"swp.ca_file", "SALLYPORT_SWP_CA_FILE", "", "the path of a PEM file",
     "the certificate authorities to trust for SWP, instead of the system's",
     [](Reading& r) { r.ReadPath(r.settings().swp.ca_file, PathForm::kAny); }},
    {"swp.proxy", "", "",
     "http://host:port without user and password (those go into the environment variable https_proxy)",
     "the proxy on the way to SWP, instead of what https_proxy and no_proxy say",
     [](Reading& r) { r.ReadProxy(r.settings().swp.proxy); }},
    {"swp.deadline", "", "30s", "a number and ms, s, m, h or d, from 1s to 10m, like `30s`",
     "how long one call may take, retries included",
     [](Reading& r) { r.ReadDuration(r.settings().swp.deadline, seconds(1), minutes(10)); }},
    {"swp.requests_per_minute", "", "200", "a whole number from 0 to 100000",
     "how much of the tenant's rate limit this process may use; 0: no limit of its own",
     [](Reading& r) { r.ReadWhole(r.settings().swp.requests_per_minute, 0, 100'000); }},

    {"aws.region", "", "", "a region like `us-east-1`",
     "the AWS region that is read first; without it AWS_REGION, or the region of the profile", ReadAwsRegion},
    {"aws.regions", "", "[]", "a list of at most 100 regions; may be empty",
     "where instances are looked for; empty: in all regions that the account has enabled", ReadAwsRegions},
    {"aws.role_name", "", "", "the name of a role, with its path if it has one",
     "the role to take in every other account that is not in `aws.accounts`", ReadRoleName},
    {"aws.accounts", "", "{}", "a map of at most 1000 account ids to ARNs of roles there",
     "the roles to take in other accounts", ReadAwsAccounts},
    {"aws.external_id", "", "", "2 to 1224 of letters, digits and `+=,.@:/_-`",
     "the external id that the trust policies of these roles ask for", ReadExternalId},

    {"protection.required_modules", "", "[]",
     "a list of `antiMalware`, `webReputation`, `activityMonitoring`, `firewall`, `intrusionPrevention`, "
     "`integrityMonitoring`, `logInspection` and `applicationControl`; may be empty",
     "each of these must protect before a host counts as protected; empty: at least one must", ReadModules},
    {"protection.offline_after", "", "50m", "a number and ms, s, m, h or d, from 1m to 30d, like `50m`",
     "after how long without a heartbeat an agent counts as offline rather than as faulty",
     [](Reading& r) { r.ReadDuration(r.settings().protection.offline_after, minutes(1), hours(24 * 30)); }},

    {"ledger.path", "SALLYPORT_LEDGER", "", "the path of a file",
     "the ledger's database; without it $XDG_STATE_HOME/sallyport/ledger.db, or else "
     "~/.local/state/sallyport/ledger.db",
     [](Reading& r) { r.ReadPath(r.settings().ledger.path, PathForm::kAny); }},

    {"notify.owner_tags", "", "[Owner, Team, CostCenter, Application]", "a list of names of EC2 tags; may be empty",
     "the tags that name the owner of a host, tried in this order, in any case", ReadOwnerTags},
    {"notify.default_owner", "", "", "text of at most 256 bytes",
     "the owner when neither a tag nor the owners file names one",
     [](Reading& r) { r.ReadText(r.settings().notify.owners.default_owner, 256); }},

    {"notify.owners_file", "", "", "the path of a YAML file of at most 1 MiB",
     "the owners file: who owners are and which accounts and groups are theirs",
     [](Reading& r) { r.ReadPath(r.settings().notify.owners_file, PathForm::kAny); }},
    {"notify.channels", "", "[]", "a list of at most 20 maps, which docs/notifications.md describes",
     "where messages are sent, besides the output of the command", ReadChannels},
    {"notify.remind_after", "", "24h", "a number and ms, s, m, h or d, from 0s to 30d, like `24h`; 0s: never",
     "how long a case needs a person before the first reminder; later reminders are further apart",
     [](Reading& r) { r.ReadDuration(r.settings().notify.notices.reminder.first, seconds(0), hours(24 * 30)); }},
    {"notify.remind_until", "", "30d", "a number and ms, s, m, h or d, from 1h to 365d, like `30d`",
     "how long after that reminders end",
     [](Reading& r) { r.ReadDuration(r.settings().notify.notices.reminder.give_up, hours(1), hours(24 * 365)); }},
    {"notify.before_expiry", "", "1h", "a number and ms, s, m, h or d, from 0s to 7d, like `1h`; 0s: never",
     "how long before an approval expires a reminder is sent",
     [](Reading& r) { r.ReadDuration(r.settings().notify.notices.before_expiry, seconds(0), hours(24 * 7)); }},

    {"lambda.deadline_margin", "SALLYPORT_LAMBDA_DEADLINE_MARGIN", "2s",
     "a number and ms, s, m, h or d, from 100ms to 1m, like `2s`",
     "so long before the time limit of the Lambda function work ends, and what is left is handed back",
     [](Reading& r) { r.ReadDuration(r.settings().lambda.deadline_margin, milliseconds(100), minutes(1)); }},

    {"log.level", "SALLYPORT_LOG_LEVEL", "warning", "`debug`, `info`, `warning`, `error` or `off`",
     "the lowest level that is written to the log, on standard error", ReadLogLevel},
});

// The first is read by LoadSettingsFrom, the others by the build and the tests.
constexpr std::array<std::string_view, 5> kOtherVariables = {
    "SALLYPORT_CONFIG", "SALLYPORT_SHARED", "SALLYPORT_BUILD_DIR", "SALLYPORT_SOURCE_DIR", "SALLYPORT_VENV"};

}  // namespace

std::span<const SettingsKey> SettingsKeys() {
  return kSettingsKeys;
}

std::string Filled(std::string_view text, const ActionKinds& kinds) {
  std::string actions;
  std::string allowed;
  std::string windowed;
  const auto& names = kinds.names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char* before = i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
    actions += std::string(before) + "`" + std::string(names[i]) + "`";
  }
  for (const ActionKind& kind : kinds.kinds()) {
    if (kind.defaults.allowed) allowed += (allowed.empty() ? "" : ", ") + std::string(kind.name);
    if (kind.defaults.windowed) windowed += (windowed.empty() ? "" : ", ") + std::string(kind.name);
  }
  std::string filled(text);
  for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"{actions}", actions},
                                    {"{allowed}", allowed},
                                    {"{windowed}", windowed}}) {
    if (const std::size_t at = filled.find(name); at != std::string::npos) filled.replace(at, name.size(), value);
  }
  return filled;
}

std::vector<SettingsKey> SettingsKeysWith(const std::vector<OwnKey>& own_keys) {
  std::vector<SettingsKey> keys(kSettingsKeys.begin(), kSettingsKeys.end());
  for (const OwnKey& own : own_keys) {
    keys.push_back({own.path, "", own.fallback, own.allowed, own.meaning, nullptr, &own});
  }
  return keys;
}

void ReadValue(const SettingsKey& key, Reading& reading) {
  if (key.own == nullptr) return key.read(reading);
  std::visit(OwnReader{reading}, key.own->value);
}

std::span<const std::string_view> OtherVariables() {
  return kOtherVariables;
}

}  // namespace sallyport
