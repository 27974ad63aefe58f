// SPDX-License-Identifier: Apache-2.0
#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/known_for_test.h"
#include "workflow/guardduty_settings.h"
#include "workflow/macie_settings.h"

namespace sallyport {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Settings Loaded(std::string_view yaml, const Environment& environment = {}) {
  const auto settings = LoadSettings(yaml, "s.yaml", environment, KnownForTest());
  EXPECT_TRUE(settings.ok()) << settings.error().ToText();
  return settings.ok() ? *settings : Settings{};
}

std::string ErrorOf(std::string_view yaml, const Environment& environment = {}) {
  const auto settings = LoadSettings(yaml, "s.yaml", environment, KnownForTest());
  if (settings.ok()) return "no error";
  EXPECT_EQ(settings.error().code, ErrorCode::kInvalidInput);
  return settings.error().ToText();
}

std::string EnvironmentError(const char* name, const char* value) {
  return ErrorOf("", {{name, value}});
}

// Whether one value of a key is accepted.
bool Accepts(const std::string& section, const std::string& key, const std::string& value) {
  return LoadSettings(section + ": {" + key + ": " + value + "}", "s.yaml", {}, KnownForTest()).ok();
}

TEST(LoadSettings, GivesTheDefaultsWithoutAFile) {
  const auto settings = LoadSettings(std::nullopt, "", {}, KnownForTest());
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->gates.mode, Mode::kObserve);
  EXPECT_EQ(settings->swp.deadline, seconds(30));
  EXPECT_EQ(settings->swp.url, "");
  EXPECT_TRUE(settings->swp.api_key.empty());
}

TEST(LoadSettings, ReadsTheMode) {
  EXPECT_EQ(Loaded("mode: enforce").gates.mode, Mode::kEnforce);
  EXPECT_EQ(Loaded("mode: observe").gates.mode, Mode::kObserve);
}

TEST(LoadSettings, ReadsTheAccounts) {
  const auto modes = Loaded("accounts: {'111122223333': enforce, 123456789012: observe}").gates.account_modes;
  EXPECT_THAT(modes, ElementsAre(std::pair(std::string("111122223333"), Mode::kEnforce),
                                 std::pair(std::string("123456789012"), Mode::kObserve)));
}

TEST(LoadSettings, ReadsTheGates) {
  const GateSettings gates = Loaded(R"(
gates:
  allow: [request-scan]
  exclusion_tag: hands-off=yes
  when_tags_unknown: allow
  cool_down: 90s
  max_event_age: 2d
  kill_switch_file: /etc/sallyport/stop
)")
                                 .gates;
  EXPECT_THAT(gates.allowed_actions, ElementsAre("request-scan"));
  EXPECT_EQ(gates.exclusion_tag, "hands-off");
  EXPECT_EQ(gates.exclusion_tag_value, "yes");
  EXPECT_FALSE(gates.refuse_when_tags_unknown);
  EXPECT_EQ(gates.cool_down, seconds(90));
  EXPECT_EQ(gates.max_event_age, hours(48));
  EXPECT_EQ(gates.kill_switch_file, "/etc/sallyport/stop");
}

TEST(LoadSettings, ReadsHowSwpIsReached) {
  const SwpSettings swp = Loaded(R"(
swp:
  url: https://manager.example.com:4119/api/
  authentication: cloud-one
  api_key_file: /run/secrets/swp
  ca_file: ca.pem
  proxy: http://proxy.example.com:3128
  deadline: 500s
  requests_per_minute: 0
)")
                              .swp;
  EXPECT_EQ(swp.url, "https://manager.example.com:4119/api");
  EXPECT_EQ(swp.authentication, SwpAuthentication::kCloudOne);
  EXPECT_EQ(swp.api_key_file, "/run/secrets/swp");
  EXPECT_EQ(swp.ca_file, "ca.pem");
  EXPECT_EQ(swp.proxy, "http://proxy.example.com:3128");
  EXPECT_EQ(swp.deadline, seconds(500));
  EXPECT_EQ(swp.requests_per_minute, 0);
  EXPECT_TRUE(swp.api_key.empty());
}

TEST(LoadSettings, ReadsTheRest) {
  const Settings settings = Loaded(R"(
protection:
  required_modules: [intrusionPrevention, antiMalware]
  offline_after: 2h
guardduty:
  min_severity: {recommendation: 1, integrity: 2.5, malware: 7}
ledger: {path: ledger.db}
notify: {owner_tags: [squad], default_owner: secops@example.com}
log: {level: off}
)");
  EXPECT_THAT(settings.protection.required_modules,
              ElementsAre(swp::Module::kIntrusionPrevention, swp::Module::kAntiMalware));
  EXPECT_EQ(settings.protection.offline_after, hours(2));
  EXPECT_EQ(settings.rows.Get<GuardDutySettings>(), (GuardDutySettings{1, 2.5, 7}));
  EXPECT_EQ(settings.ledger.path, "ledger.db");
  EXPECT_THAT(settings.notify.owners.owner_tags, ElementsAre("squad"));
  EXPECT_EQ(settings.notify.owners.default_owner, "secops@example.com");
  EXPECT_EQ(settings.log.level, LogLevel::kOff);
}

TEST(LoadSettings, ReadsHowAwsIsReached) {
  const auto settings = LoadSettings(
      "aws:\n  region: eu-west-1\n  regions: [eu-west-1, us-east-1]\n  role_name: ops/reader\n"
      "  external_id: ours/1\n  accounts:\n    \"444455556666\": arn:aws-cn:iam::444455556666:role/ops/reader\n"
      "macie: {min_severity: 5, max_hosts: 7, wave: 2, stagger: 1h, window: 12h}\n",
      "s.yaml", {}, KnownForTest());
  ASSERT_TRUE(settings.ok()) << settings.error().ToText();
  EXPECT_EQ(settings->aws.region, "eu-west-1");
  EXPECT_EQ(settings->aws.regions, (std::vector<std::string>{"eu-west-1", "us-east-1"}));
  EXPECT_EQ(settings->aws.role_name, "ops/reader");
  EXPECT_EQ(settings->aws.external_id, "ours/1");
  EXPECT_EQ(settings->aws.accounts.at("444455556666"), "arn:aws-cn:iam::444455556666:role/ops/reader");
  EXPECT_EQ(settings->rows.Get<MacieSettings>(),
            (MacieSettings{5, 7, 2, std::chrono::hours(1), std::chrono::hours(12)}));
}

TEST(LoadSettings, HoldsTheRolesOfAwsToTheirForm) {
  EXPECT_THAT(ErrorOf("aws: {accounts: {\"1\": x}}"), HasSubstr("`1` is not an account id"));
  EXPECT_THAT(ErrorOf("aws: {accounts: {\"444455556666\": arn:aws:iam::111122223333:role/x}}"),
              HasSubstr("is not the ARN of a role in account 444455556666"));
  EXPECT_THAT(ErrorOf("aws: {accounts: {\"444455556666\": reader}}"),
              HasSubstr("is not the ARN of a role in account 444455556666"));
  EXPECT_THAT(ErrorOf("aws: {accounts: []}"), HasSubstr("a list is not a map"));
  EXPECT_THAT(ErrorOf("aws: {role_name: \"a b\"}"), HasSubstr("`a b` is not the name of a role"));
  EXPECT_THAT(ErrorOf("aws: {external_id: x}"), HasSubstr("this is not an external id"));
  EXPECT_THAT(ErrorOf("aws: {region: here}"), HasSubstr("here"));
  EXPECT_THAT(ErrorOf("aws: {regions: [here]}"), HasSubstr("here"));
}

TEST(LoadSettings, MakesTheAddressOfARegion) {
  EXPECT_EQ(Loaded("swp: {region: us-1}").swp.url, "https://workload.us-1.cloudone.trendmicro.com/api");
}

TEST(LoadSettings, AllowsEmptyListsAndSections) {
  const Settings settings = Loaded("swp:\ngates: {allow: []}\nnotify: {owner_tags: []}\naccounts: {}\n");
  EXPECT_THAT(settings.gates.allowed_actions, IsEmpty());
  EXPECT_THAT(settings.notify.owners.owner_tags, IsEmpty());
}

TEST(LoadSettings, LetsTheEnvironmentWin) {
  const Settings settings = Loaded("mode: observe\nswp: {ca_file: a, region: us-1}\nlog: {level: info}\n",
                                   {{"SALLYPORT_MODE", "enforce"},
                                    {"SALLYPORT_SWP_URL", "https://h.example/api"},
                                    {"SALLYPORT_SWP_AUTHENTICATION", "cloud-one"},
                                    {"SALLYPORT_SWP_API_KEY_FILE", "/k"},
                                    {"SALLYPORT_SWP_CA_FILE", "b"},
                                    {"SALLYPORT_LEDGER", "l.db"},
                                    {"SALLYPORT_LOG_LEVEL", "debug"},
                                    {"SALLYPORT_KILL_SWITCH_FILE", "/stop"},
                                    {"HOME", "/root"}});
  EXPECT_EQ(settings.gates.mode, Mode::kEnforce);
  EXPECT_EQ(settings.swp.url, "https://h.example/api");
  EXPECT_EQ(settings.swp.authentication, SwpAuthentication::kCloudOne);
  EXPECT_EQ(settings.swp.api_key_file, "/k");
  EXPECT_EQ(settings.swp.ca_file, "b");
  EXPECT_EQ(settings.ledger.path, "l.db");
  EXPECT_EQ(settings.log.level, LogLevel::kDebug);
  EXPECT_EQ(settings.gates.kill_switch_file, "/stop");
}

TEST(LoadSettings, TakesTheKeyFromTheEnvironment) {
  const SwpSettings swp = Loaded("", {{"SALLYPORT_SWP_API_KEY", " abc:def\n"}}).swp;
  EXPECT_EQ(swp.api_key.RevealForRequest(), "abc:def");
  EXPECT_EQ(swp.api_key_source, "environment variable SALLYPORT_SWP_API_KEY");
}

TEST(LoadSettings, TakesAnEmptyVariableAsNotSet) {
  EXPECT_EQ(Loaded("mode: enforce", {{"SALLYPORT_MODE", ""}}).gates.mode, Mode::kEnforce);
  EXPECT_TRUE(Loaded("", {{"SALLYPORT_SWP_API_KEY", ""}}).swp.api_key.empty());
}

TEST(LoadSettings, LeavesTheVariablesOfOthersAlone) {
  Loaded("", {{"SALLYPORT_CONFIG", "x"},
              {"SALLYPORT_SHARED", "x"},
              {"SALLYPORT_BUILD_DIR", "x"},
              {"SALLYPORT_VENV", "x"},
              {"SALLYPORT_SOURCE_DIR", "x"},
              {"SALLYPORTX", "x"},
              {"SALLY", "x"}});
}

TEST(LoadSettings, SaysEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(ErrorOf("mode: on\n"
                    "swp:\n"
                    "  deadline: 30\n",
                    {{"SALLYPORT_LOG_LEVEL", "loud"}}),
            "s.yaml:1: mode: `on` is not one of them; allowed: `observe` or `enforce`\n"
            "s.yaml:3: swp.deadline: `30` is not a duration; allowed: a number and ms, s, m, h or d, from 1s to 10m, "
            "like `30s`\n"
            "SALLYPORT_LOG_LEVEL: `loud` is not one of them; allowed: `debug`, `info`, `warning`, `error` or `off`");
}

TEST(LoadSettings, StopsListingProblemsAtABound) {
  std::string yaml;
  for (std::size_t i = 0; i < 50; ++i) yaml += "x" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(ErrorOf(yaml), Not(HasSubstr("more")));
  EXPECT_THAT(ErrorOf(yaml + "y: 1\nz: 1\n"), HasSubstr("\nand 2 more"));
}

TEST(LoadSettings, PassesOnTheErrorsOfYaml) {
  EXPECT_THAT(ErrorOf("a: [1\n", {{"SALLYPORT_MODE", "x"}}), StartsWith("s.yaml:1:1: not valid YAML: "));
  EXPECT_THAT(ErrorOf("a: [1\n", {{"SALLYPORT_MODE", "x"}}), HasSubstr("\nSALLYPORT_MODE: `x`"));
}

TEST(LoadSettings, RefusesUnknownKeys) {
  EXPECT_EQ(ErrorOf("\nmdoe: enforce"),
            "s.yaml:2: unknown key `mdoe` (did you mean `mode`?); allowed here: mode, accounts, gates, apply, "
            "follow_up, swp, aws, "
            "protection, ledger, notify, lambda, log, guardduty, macie, inspector, waf, swp_events");
  EXPECT_EQ(ErrorOf("ledger: {file: x}"), "s.yaml:1: unknown key `file`; allowed in `ledger`: path");
  EXPECT_EQ(ErrorOf("guardduty:\n  min_severity: {malwares: 1}"),
            "s.yaml:2: unknown key `malwares` (did you mean `malware`?); allowed in `guardduty.min_severity`: "
            "recommendation, integrity, malware");
  EXPECT_THAT(ErrorOf("deadline: 1s"), StartsWith("s.yaml:1: unknown key `deadline` (did you mean `swp.deadline`?)"));
  EXPECT_THAT(ErrorOf("swp.deadline: 1s"), HasSubstr("(keys are nested, not written with a dot)"));
  EXPECT_THAT(ErrorOf("guardduty: {min_severity.malware: 1}"), HasSubstr("unknown key `min_severity.malware`"));
  EXPECT_THAT(ErrorOf("guardduty.min_severity: {malware: 1}"), HasSubstr("unknown key `guardduty.min_severity`"));
  EXPECT_THAT(ErrorOf("'': 1"), HasSubstr("unknown key ``"));
  EXPECT_THAT(ErrorOf("'': {mode: enforce}"), HasSubstr("unknown key ``"));
}

TEST(LoadSettings, RefusesRepeatedKeysWithBothLines) {
  EXPECT_EQ(ErrorOf("mode: observe\nlog: {level: off}\nmode: enforce\n"),
            "s.yaml:3: `mode` is given twice, first in line 1");
  EXPECT_EQ(ErrorOf("swp:\n  region: us-1\n  region: us-1\n"),
            "s.yaml:3: `swp.region` is given twice, first in line 2");
  EXPECT_THAT(ErrorOf("accounts:\n  '111122223333': enforce\n  '111122223333': observe\n"),
              HasSubstr("s.yaml:3: accounts: `111122223333` is given twice"));
}

TEST(LoadSettings, RefusesWrongTypes) {
  EXPECT_EQ(
      ErrorOf("[a]"),
      "s.yaml:1: a list is not a map; allowed: a map of mode, accounts, gates, apply, follow_up, swp, aws, protection, "
      "ledger, notify, lambda, log, guardduty, macie, inspector, waf, swp_events");
  EXPECT_EQ(ErrorOf("ledger: x"), "s.yaml:1: ledger: text is not a map; allowed: a map of path");
  EXPECT_EQ(ErrorOf("mode: [observe]"),
            "s.yaml:1: mode: a list is not a value for this; allowed: `observe` or `enforce`");
  EXPECT_THAT(ErrorOf("mode:"), HasSubstr("mode: nothing is not a value for this; allowed: "));
  EXPECT_THAT(ErrorOf("mode: ' '"), HasSubstr("mode: the text is empty; allowed: "));
  EXPECT_THAT(ErrorOf("accounts: enforce"), HasSubstr("accounts: text is not a map; allowed: a map of account ids"));
  EXPECT_THAT(ErrorOf("notify: {owner_tags: Owner}"), HasSubstr("notify.owner_tags: text is not a list; allowed: "));
  EXPECT_THAT(ErrorOf("notify: {owner_tags: [[x]]}"), HasSubstr("a list is not a value for this; allowed: "));
  EXPECT_THAT(ErrorOf("gates: {cool_down: {}}"), HasSubstr("gates.cool_down: a map is not a value for this"));
}

TEST(LoadSettings, RefusesTextThatCouldDeceive) {
  EXPECT_THAT(ErrorOf("notify: {default_owner: \"a\\nb\"}"), HasSubstr("`a\\x0ab` holds a control character"));
  EXPECT_THAT(ErrorOf("mode: \"\\u202e\""), HasSubstr("`\\u{202e}` is not one of them"));
}

TEST(LoadSettings, HoldsAccountsToTheirForm) {
  EXPECT_THAT(ErrorOf("accounts:\n  '123': enforce\n"),
              HasSubstr("s.yaml:2: accounts: `123` is not an account id; allowed: a map of account ids"));
  EXPECT_THAT(ErrorOf("accounts: {111122223333: enforced}"),
              HasSubstr("`enforced` is not one of them (did you mean `enforce`?)"));
}

TEST(LoadSettings, HoldsListsToKnownWordsGivenOnce) {
  EXPECT_THAT(ErrorOf("gates: {allow: [request-scans]}"),
              HasSubstr("gates.allow: `request-scans` is not one of them (did you mean `request-scan`?); allowed: "));
  EXPECT_THAT(ErrorOf("protection:\n  required_modules:\n    - firewall\n    - antimalware"),
              HasSubstr("s.yaml:4: protection.required_modules: `antimalware` is not one of them (did you mean "
                        "`antiMalware`?)"));
  EXPECT_THAT(ErrorOf("protection: {required_modules: [firewall, firewall]}"),
              HasSubstr("`firewall` is in the list twice"));
}

TEST(LoadSettings, HasABoundOnLists) {
  std::string list;
  for (int i = 0; i < 100; ++i) list += "t" + std::to_string(i) + ",";
  EXPECT_TRUE(Accepts("notify", "owner_tags", "[" + list + "]"));
  EXPECT_THAT(ErrorOf("notify: {owner_tags: [" + list + "x]}"), HasSubstr("more than 100 in the list"));
}

TEST(LoadSettings, HasABoundOnTexts) {
  EXPECT_TRUE(Accepts("notify", "default_owner", std::string(256, 'x')));
  EXPECT_THAT(ErrorOf("notify: {default_owner: " + std::string(257, 'x') + "}"), HasSubstr("longer than 256 bytes"));
  EXPECT_TRUE(Accepts("ledger", "path", std::string(4095, 'x')));
  EXPECT_THAT(ErrorOf("ledger: {path: " + std::string(4096, 'x') + "}"), HasSubstr("longer than 4095 bytes"));
}

TEST(LoadSettings, HoldsNumbersToTheirRange) {
  EXPECT_TRUE(Accepts("swp", "requests_per_minute", "100000"));
  EXPECT_THAT(ErrorOf("swp: {requests_per_minute: 100001}"), HasSubstr("`100001` is out of range; allowed: a whole"));
  EXPECT_THAT(ErrorOf("swp: {requests_per_minute: -1}"), HasSubstr("`-1` is out of range"));
  EXPECT_THAT(ErrorOf("swp: {requests_per_minute: 1.5}"), HasSubstr("`1.5` is not a whole number"));
  EXPECT_THAT(ErrorOf("swp: {requests_per_minute: 99999999999}"), HasSubstr("is not a whole number"));
  for (const char* key : {"recommendation", "integrity", "malware"}) {
    const std::string start = "guardduty: {min_severity: {" + std::string(key) + ": ";
    EXPECT_EQ(ErrorOf(start + "10}}"), "no error");
    EXPECT_EQ(ErrorOf(start + "0}}"), "no error");
    EXPECT_THAT(ErrorOf(start + "10.1}}"), HasSubstr("`10.1` is out of range; allowed: a number from 0 to 10"));
    EXPECT_THAT(ErrorOf(start + "-0.1}}"), HasSubstr("is out of range"));
    EXPECT_THAT(ErrorOf(start + "nan}}"), HasSubstr("is out of range"));
    EXPECT_THAT(ErrorOf(start + "high}}"), HasSubstr("`high` is not a number"));
  }
}

TEST(LoadSettings, HoldsDurationsToTheirRange) {
  struct Bound {
    const char *section, *key, *below, *least, *most, *above;
  };
  for (const Bound& b :
       {Bound{"swp", "deadline", "999ms", "1s", "10m", "601s"}, Bound{"gates", "cool_down", "-1s", "0s", "30d", "721h"},
        Bound{"gates", "max_event_age", "59s", "1m", "365d", "366d"},
        Bound{"protection", "offline_after", "59s", "1m", "30d", "721h"}}) {
    EXPECT_FALSE(Accepts(b.section, b.key, b.below)) << b.key;
    EXPECT_TRUE(Accepts(b.section, b.key, b.least)) << b.key;
    EXPECT_TRUE(Accepts(b.section, b.key, b.most)) << b.key;
    EXPECT_FALSE(Accepts(b.section, b.key, b.above)) << b.key;
  }
  EXPECT_THAT(ErrorOf("swp: {deadline: 601s}"), HasSubstr("`601s` is out of range; allowed: "));
}

TEST(LoadSettings, HoldsRegionsToTheirForm) {
  EXPECT_TRUE(Accepts("swp", "region", "us"));
  EXPECT_TRUE(Accepts("swp", "region", std::string(32, 'a')));
  for (const std::string& region : {std::string("u"), std::string(33, 'a'), std::string("US-1"), std::string("a.b"),
                                    std::string("x/y"), std::string("trend-us-1@evil")}) {
    EXPECT_THAT(ErrorOf("swp: {region: " + region + "}"), HasSubstr("is not a Cloud One region")) << region;
  }
}

TEST(LoadSettings, RefusesToSendTheKeyUnencrypted) {
  EXPECT_THAT(ErrorOf("swp: {url: http://manager.example.com/api}"), HasSubstr("would send the API key unencrypted"));
  EXPECT_EQ(Loaded("swp: {url: 'http://127.0.0.1:8080/api'}").swp.url, "http://127.0.0.1:8080/api");
  EXPECT_THAT(ErrorOf("swp: {url: manager.example.com}"), HasSubstr("is not an http or https address; allowed: an "));
}

TEST(LoadSettings, ShowsNoPasswordOfAnAddress) {
  for (const char* key : {"url", "proxy"}) {
    const std::string error = ErrorOf("swp: {" + std::string(key) + ": 'http://user:hunter2@h:1'}");
    EXPECT_THAT(error, HasSubstr("the address holds a user or password (`@`); it is not shown here; allowed: "));
    EXPECT_THAT(error, Not(HasSubstr("hunter2")));
  }
}

TEST(LoadSettings, TakesAProxyWithAPortOnly) {
  for (const char* proxy : {"http://h", "https://h:1", "http://h:1/path"}) {
    EXPECT_THAT(ErrorOf("swp: {proxy: '" + std::string(proxy) + "'}"),
                HasSubstr("is not `http://`, a host and a port"));
  }
  EXPECT_THAT(ErrorOf("swp: {proxy: h}"), HasSubstr("`h` is not an http or https address"));
}

TEST(LoadSettings, TakesOneAddress) {
  EXPECT_EQ(ErrorOf("swp:\n  region: us-1\n  url: https://h.example/api\n"),
            "s.yaml:3: swp.url: cannot be given together with swp.region: they name the same address");
  EXPECT_EQ(ErrorOf("", {{"SALLYPORT_SWP_REGION", "us-1"}, {"SALLYPORT_SWP_URL", "https://h.example"}}),
            "SALLYPORT_SWP_URL: cannot be given together with SALLYPORT_SWP_REGION: they name the same address");
}

TEST(LoadSettings, DoesNotTakePathsThatMeanSomethingElse) {
  EXPECT_THAT(ErrorOf("ledger: {path: ~/ledger.db}"), HasSubstr("`~/ledger.db`: `~` is not replaced here"));
  EXPECT_THAT(ErrorOf("gates: {kill_switch_file: stop}"), HasSubstr("`stop` does not start with `/`; allowed: "));
}

TEST(LoadSettings, HoldsTheExclusionTagToItsForm) {
  EXPECT_EQ(Loaded("gates: {exclusion_tag: a=b=c}").gates.exclusion_tag_value, "b=c");
  EXPECT_EQ(Loaded("gates: {exclusion_tag: Frozen}").gates.exclusion_tag_value, "");
  EXPECT_THAT(ErrorOf("gates: {exclusion_tag: '=b'}"), HasSubstr("`=b` has no name before the `=`"));
  EXPECT_THAT(ErrorOf("gates: {exclusion_tag: a=}"), HasSubstr("`a=` has no value after the `=`"));
  EXPECT_TRUE(Accepts("gates", "exclusion_tag", std::string(1536, 'x')));
  EXPECT_FALSE(Accepts("gates", "exclusion_tag", std::string(1537, 'x')));
}

TEST(LoadSettings, RefusesAKeyInTheFile) {
  const std::string error = ErrorOf("swp:\n  api_key: hunter2\n");
  EXPECT_THAT(error, StartsWith("s.yaml:2: swp.api_key: the key itself does not belong in this file"));
  EXPECT_THAT(error, HasSubstr("`swp.api_key_file`"));
  EXPECT_THAT(error, HasSubstr("SALLYPORT_SWP_API_KEY"));
  EXPECT_THAT(error, Not(HasSubstr("hunter2")));
}

TEST(LoadSettings, ShowsNoKeyThatStandsInTheWrongPlace) {
  constexpr const char* kKey = "tmc12ABcd:hunter2";
  EXPECT_THAT(ErrorOf("swp: {api_key_file: '" + std::string(kKey) + "'}"),
              HasSubstr("this looks like the API key itself (not shown)"));
  for (const char* start :
       {"mode: '", "swp: {api_key_file: '", "swp: {url: '", "swp: {proxy: '", "swp: {region: '", "accounts: {'"}) {
    const std::string yaml = std::string(start) + kKey + "'";
    const std::string error = ErrorOf(yaml.find('{') == std::string::npos ? yaml : yaml + "}");
    EXPECT_THAT(error, Not(HasSubstr("hunter2"))) << yaml;
    EXPECT_THAT(error, StartsWith("s.yaml:1: "));
  }
}

// Whatever stands where it does not belong, under any key: no part of it is shown.
TEST(LoadSettings, ShowsNoSecretThatStandsInTheWrongPlace) {
  const std::vector<std::pair<std::string, std::string>> secrets = {
      {"xoxb-CANARY-1234567890", "CANARY"},
      {"https://hooks.slack.com/services/T000/B000/CANARY", "CANARY"},
      {"http://127.0.0.1:8080/hook/CANARY?x=1", "CANARY"},
      {"CANARYAPIKEY1234567890", "CANARYAPI"},
      {"0123456789abcdefcafe0123456789ab", "cafe"},
      {"tmc12ABcd:CANARY", "CANARY"}};
  for (const auto& [secret, part] : secrets) {
    const std::string quoted = "'" + secret + "'";
    for (const std::string& yaml : std::vector<std::string>{
             "mode: " + quoted, "swp: {region: " + quoted + "}", "swp: {api_key_file: " + quoted + "}",
             "swp: {deadline: " + quoted + "}", "gates: {allow: [" + quoted + "]}",
             "gates: {max_hosts: " + quoted + "}", quoted + ": 1", "swp: {" + quoted + ": 1}", quoted,
             "accounts: {" + quoted + ": observe}", "notify: {channels: [{name: a, type: " + quoted + "}]}",
             "notify: {channels: [{name: a, type: console, " + quoted + ": x}]}",
             "notify: {channels: [{name: a, type: slack-bot, token_env: T, channel: " + quoted + "}]}",
             "notify: {channels: [{name: a, type: slack-bot, channel: C012AB3CD, token_file: " + quoted + "}]}",
             "notify: {channels: [{name: a, type: slack-webhook, url_file: " + quoted + "}]}",
             "notify: {channels: [{name: a, type: json-lines, path: " + quoted + "}]}",
             "notify: {channels: [{name: a, type: console, min_severity: " + quoted + "}]}"}) {
      const std::string error = ErrorOf(yaml);
      EXPECT_NE(error, "") << yaml;
      EXPECT_THAT(error, Not(HasSubstr(part))) << yaml;
    }
  }
  // Of an address what is plain is shown.
  EXPECT_THAT(ErrorOf("swp: {url: 'https://h.example/api?key=CANARY'}"), HasSubstr("`https://h.example/api...` has"));
  EXPECT_THAT(ErrorOf("swp: {url: 'https://h.example/CANARYAPIKEY1234567890/%'}"), HasSubstr("`https://h.example...`"));
}

// What people mistype is no secret.
TEST(LoadSettings, ShowsWordsNumbersAndNames) {
  for (const char* text : {"enforced", "i-0123456789abcdef0", "111122223333", "/run/secrets/Key2026ABCDEFGHIJK",
                           "UnauthorizedAccess:EC2/SSHBruteForce", "2026-11-28T09:00:00.000Z"}) {
    EXPECT_THAT(ErrorOf("mode: '" + std::string(text) + "'"), HasSubstr("`" + std::string(text) + "`"));
  }
}

TEST(LoadSettings, ChecksTheKeyOfTheEnvironmentAndDoesNotShowIt) {
  EXPECT_EQ(EnvironmentError("SALLYPORT_SWP_API_KEY", "hunter 2"),
            "SALLYPORT_SWP_API_KEY: the API key holds a space, or a character that is not visible ASCII");
  EXPECT_THAT(EnvironmentError("SALLYPORT_SWP_API_KEY", "eyJhbGci.eyJodW50.ZXIy"),
              HasSubstr("SALLYPORT_SWP_API_KEY: the API key is not one of SWP (this is a Trend Vision One API key"));
  EXPECT_THAT(EnvironmentError("SALLYPORT_SWP_API_KEY", "eyJhbGci.eyJodW50.ZXIy"), Not(HasSubstr("eyJ")));
}

TEST(LoadSettings, RefusesUnknownVariables) {
  EXPECT_THAT(EnvironmentError("SALLYPORT_MODUS", "x"),
              StartsWith("`SALLYPORT_MODUS`: unknown environment variable (did you mean `SALLYPORT_MODE`?); allowed: "
                         "SALLYPORT_MODE, "));
  EXPECT_THAT(EnvironmentError("SALLYPORT_CONFIGS", "x"), HasSubstr("(did you mean `SALLYPORT_CONFIG`?)"));
  EXPECT_THAT(EnvironmentError("SALLYPORT_SWP_APIKEY", "hunter2"),
              HasSubstr("(did you mean `SALLYPORT_SWP_API_KEY`?)"));
  EXPECT_THAT(EnvironmentError("SALLYPORT_SWP_APIKEY", "hunter2"), Not(HasSubstr("hunter2")));
}

TEST(LoadSettings, NamesTheVariableThatIsWrong) {
  EXPECT_EQ(EnvironmentError("SALLYPORT_MODE", "enforced"),
            "SALLYPORT_MODE: `enforced` is not one of them (did you mean `enforce`?); allowed: `observe` or `enforce`");
}

TEST(ReadEnvironment, SplitsAtTheFirstEqualsSign) {
  const char* const variables[] = {"A=b=c", "EMPTY=", "nonsense", "A=later", nullptr};
  EXPECT_THAT(ReadEnvironment(variables), ElementsAre(std::pair(std::string("A"), std::string("b=c")),
                                                      std::pair(std::string("EMPTY"), std::string())));
  EXPECT_THAT(ReadEnvironment(nullptr), IsEmpty());
}

TEST(CheckCanAskSwp, SaysWhatToSet) {
  SwpSettings swp;
  EXPECT_EQ(CheckCanAskSwp(swp).error().message, "SWP is not configured: no address");
  EXPECT_THAT(CheckCanAskSwp(swp).error().advice, HasSubstr("swp.region"));
  swp.url = "https://h.example/api";
  EXPECT_EQ(CheckCanAskSwp(swp).error().message, "SWP is not configured: no API key");
  EXPECT_THAT(CheckCanAskSwp(swp).error().advice, HasSubstr("SALLYPORT_SWP_API_KEY"));
  swp.api_key = Secret("abc");
  EXPECT_TRUE(CheckCanAskSwp(swp).ok());
}

// A row's own settings, of every type that there is.
enum class Color { kRed, kBlue };
struct MadeUpSettings {
  bool loud = false;
  std::string greeting;
  std::vector<std::string> names = {"nobody"};
  Color color = Color::kRed;
};

Result<Settings> LoadMadeUp(const std::string& value) {
  static const Vocabulary known{KindsForTest(), OwnKeys<MadeUpSettings>("made_up")
                                                    .Flag("loud", &MadeUpSettings::loud, "whether it is loud")
                                                    .Text("greeting", &MadeUpSettings::greeting, 5, "what is said")
                                                    .List("names", &MadeUpSettings::names, 2, "to whom")
                                                    .Choice("color", &MadeUpSettings::color, {"red", "blue"},
                                                            {Color::kRed, Color::kBlue}, "how it looks")
                                                    .Take()};
  return LoadSettings("made_up: {" + value + "}", "s.yaml", {}, known);
}

TEST(LoadSettings, ReadsWhatARowDeclares) {
  const auto settings = LoadMadeUp("loud: true, greeting: hello, names: [a, b], color: blue");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  const auto& own = settings->rows.Get<MadeUpSettings>();
  EXPECT_TRUE(own.loud);
  EXPECT_EQ(own.greeting, "hello");
  EXPECT_EQ(own.names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(own.color, Color::kBlue);
}

TEST(LoadSettings, RefusesWhatIsOutOfARowsLimitsAndSaysWhatIsAllowed) {
  const struct {
    const char* value;
    const char* want;
  } cases[] = {
      {"loud: yes", "s.yaml:1: made_up.loud: `yes` is not one of them; allowed: `true` or `false`"},
      {"greeting: longer", "s.yaml:1: made_up.greeting: longer than 5 bytes; allowed: text of at most 5 bytes"},
      {"names: [a, b, c]",
       "s.yaml:1: made_up.names: more than 2 in the list; allowed: a list of at most 2 texts; may be empty"},
      {"color: rde",
       "s.yaml:1: made_up.color: `rde` is not one of them (did you mean `red`?); allowed: `red` or `blue`"},
      {"lout: true",
       "s.yaml:1: unknown key `lout` (did you mean `loud`?); allowed in `made_up`: loud, greeting, names, color"},
  };
  for (const auto& c : cases) {
    const auto settings = LoadMadeUp(c.value);
    ASSERT_FALSE(settings.ok()) << c.value;
    EXPECT_EQ(settings.error().message, c.want);
  }
}

}  // namespace
}  // namespace sallyport
