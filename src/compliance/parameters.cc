// SPDX-License-Identifier: Apache-2.0
#include "compliance/parameters.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <utility>

#include "base/text.h"

namespace sallyport::compliance {
namespace {

// AWS Config's own limit for all parameters together (API reference, `ConfigRule.InputParameters`).
constexpr std::size_t kMostParameterBytes = 1'024;
// What one value may have (edge case C17): a longer one is a key or a document that somebody put there.
constexpr std::size_t kMostValueCharacters = 256;
constexpr std::size_t kMostListed = 20;
constexpr std::size_t kShownParameter = 60;

struct KindRow {
  RuleKind kind;
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array kKinds = {
    KindRow{RuleKind::kProtected, "protected", "SWP protects the host"},
    KindRow{RuleKind::kModuleOn, "module-on", "each of the named modules protects the host"},
    KindRow{RuleKind::kHasPolicy, "has-policy", "the host has one of the named SWP policies"},
    KindRow{RuleKind::kClear, "clear", "SWP reports no warnings and no errors for the host"},
    KindRow{RuleKind::kInTouch, "in-touch", "the agent was in touch with SWP within maxHours"},
    KindRow{RuleKind::kRecommendationsApplied, "recommendations-applied",
            "no recommended rule is missing, and the recommendation scan is not older than maxDays"},
    KindRow{RuleKind::kPolicyReceived, "policy-received", "the agent received the SWP policy that was sent to it"},
    KindRow{RuleKind::kBehindWebAcl, "behind-web-acl",
            "every way from the internet to the host passes a web ACL that enforces"},
    KindRow{RuleKind::kNoUncoveredCriticalCve, "no-uncovered-critical-cve",
            "the host has no critical CVE that an SWP rule exists for and is not in effect"},
};

struct RetiredRow {
  std::string_view name;
  RuleKind kind;
};
constexpr std::array kRetired = {
    RetiredRow{"ds-IsInstanceProtectedByAntiMalware", RuleKind::kModuleOn},
    RetiredRow{"ds-IsInstanceProtectedBy", RuleKind::kModuleOn},
    RetiredRow{"ds-DoesInstanceHavePolicy", RuleKind::kHasPolicy},
    RetiredRow{"ds-IsInstanceClear", RuleKind::kClear},
};

// Messages of SWP that say nothing about protection (edge case C14).
const std::vector<std::string> kBenignMessages = {"upgrade recommended"};

enum class Name {
  kRule,
  kModules,
  kPolicy,
  kDescendants,
  kBenign,
  kMaxHours,
  kMaxDays,
  kStopped,
  kLaunchGraceMinutes,
  kExemptTag,
};
constexpr std::array<std::pair<std::string_view, Name>, 12> kNames = {{
    {"rule", Name::kRule},
    {"modules", Name::kModules},
    {"policy", Name::kPolicy},
    {"descendants", Name::kDescendants},
    {"benign", Name::kBenign},
    {"maxHours", Name::kMaxHours},
    {"maxDays", Name::kMaxDays},
    {"stopped", Name::kStopped},
    {"launchGraceMinutes", Name::kLaunchGraceMinutes},
    {"exemptTag", Name::kExemptTag},
    // Of the retired rules.
    {"dsControl", Name::kModules},
    {"dsPolicy", Name::kPolicy},
}};

// How the retired rules reached their manager: the settings have that now.
constexpr std::array<std::string_view, 6> kRetiredConnection = {"dsHostname", "dsPort",       "dsIgnoreSslValidation",
                                                                "dsTenant",   "dsTenantName", "dsUsername"};
constexpr std::array<std::string_view, 9> kSecretWords = {"password", "passwd", "secret",     "apikey",    "api_key",
                                                          "api-key",  "token",  "credential", "privatekey"};

Error Wrong(const std::string& message, std::string advice = "") {
  return {ErrorCode::kInvalidInput, "rule parameters: " + message, std::move(advice)};
}

bool IsLongRun(std::string_view value) {
  std::size_t run = 0;
  for (const char c : value) {
    const bool in_key =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '=';
    run = in_key ? run + 1 : 0;
    if (run >= 40) return true;
  }
  return false;
}

// By its name, or because it looks like a key: of AWS, of SWP, or a place that the retired rules read one from.
bool MayBeSecret(std::string_view name, std::string_view value) {
  const std::string lower = ToLowerAscii(name);
  for (const std::string_view word : kSecretWords) {
    if (lower.find(word) != std::string::npos) return true;
  }
  const bool is_place = value.starts_with("s3://") || value.starts_with("data:");
  return is_place || value.starts_with("AKIA") || value.starts_with("ASIA") ||
         (value.starts_with("tmc") && value.find(':') != std::string_view::npos) || IsLongRun(value);
}

Error Secret(std::string_view name) {
  return {
      ErrorCode::kRefused,
      "rule parameters: `" + Printable(name, kShownParameter) +
          "` may be a secret, and everyone who may read the rule could read it",
      "take it out of the rule and change that secret; keep SWP's API key in AWS Secrets Manager, and hand it to the "
      "function as SALLYPORT_SWP_API_KEY or as the file that swp.api_key_file names"};
}

std::size_t Distance(std::string_view left, std::string_view right) {
  const std::string a = ToLowerAscii(left);
  const std::string b = ToLowerAscii(right);
  std::vector<std::size_t> above(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
    }
    above.swap(row);
  }
  return above[b.size()];
}

// " (did you mean `modules`?)", or all there are.
std::string Suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view cut = word.substr(0, kShownParameter);
  std::string_view nearest;
  std::size_t least = 3;
  for (const std::string_view one : known) {
    const std::size_t distance = Distance(cut, one);
    const bool begins = one.size() >= 4 && cut.size() >= 4 && EqualsIgnoreCase(one.substr(0, 4), cut.substr(0, 4));
    const std::size_t counted = begins ? std::min<std::size_t>(distance, 2) : distance;
    if (counted >= least) continue;
    least = counted;
    nearest = one;
  }
  if (!nearest.empty()) return "did you mean `" + std::string(nearest) + "`?";
  std::string all;
  for (const std::string_view one : known) all += (all.empty() ? "" : ", ") + std::string(one);
  return "there are " + all;
}

std::vector<std::string> Parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view part = Trim(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return parts;
}

// Without case, and without what people put between words.
std::string Bare(std::string_view word) {
  std::string bare;
  for (const char c : ToLowerAscii(Trim(word))) {
    if (c != '-' && c != '_' && c != ' ') bare += c;
  }
  return bare;
}

Result<std::vector<swp::Module>> ReadModules(std::string_view text) {
  std::vector<swp::Module> modules;
  for (const std::string& word : Parts(text, ',')) {
    const auto* const found = std::find_if(swp::kAllModules.begin(), swp::kAllModules.end(), [&](swp::Module module) {
      return Bare(swp::ApiName(module)) == Bare(word);
    });
    if (found == swp::kAllModules.end()) {
      static const std::vector<std::string_view> names = {
          "anti-malware",   "web-reputation",      "firewall",           "intrusion-prevention", "integrity-monitoring",
          "log-inspection", "application-control", "activity-monitoring"};
      return Wrong("`modules` names `" + Printable(word, kShownParameter) + "`, which is no module",
                   Suggestion(word, names));
    }
    if (std::find(modules.begin(), modules.end(), *found) == modules.end()) modules.push_back(*found);
  }
  if (modules.empty()) return Wrong("`modules` names none", "name some, like `anti-malware, intrusion-prevention`");
  return modules;
}

// A whole number of hours, days or minutes.
Result<Duration> ReadAge(std::string_view name, std::string_view text, Duration unit, std::int64_t most) {
  std::int64_t number = 0;
  const std::string_view digits = Trim(text);
  const bool all_digits = !digits.empty() && digits.size() <= 6 &&
                          std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (all_digits) number = std::stoll(std::string(digits));
  if (!all_digits || number > most || (number == 0 && name != "launchGraceMinutes")) {
    return Wrong("`" + std::string(name) + "` is `" + Printable(text, kShownParameter) +
                 "`, expected a whole number up to " + std::to_string(most));
  }
  return unit * number;
}

Result<bool> ReadFlag(std::string_view name, std::string_view text, std::string_view yes, std::string_view no) {
  if (EqualsIgnoreCase(Trim(text), yes)) return true;
  if (EqualsIgnoreCase(Trim(text), no)) return false;
  return Wrong("`" + std::string(name) + "` is `" + Printable(text, kShownParameter) + "`, expected `" +
               std::string(yes) + "` or `" + std::string(no) + "`");
}

// Which rule a name means; for a retired one of one module, that module too.
Status TakeRule(std::string_view name, RuleParameters& parameters) {
  const std::string_view trimmed = Trim(name);
  for (const KindRow& row : kKinds) {
    if (!EqualsIgnoreCase(row.name, trimmed)) continue;
    parameters.kind = row.kind;
    return Ok();
  }
  for (const RetiredRow& row : kRetired) {
    if (!EqualsIgnoreCase(row.name, trimmed)) continue;
    parameters.kind = row.kind;
    if (row.name == kRetired.front().name) parameters.modules = {swp::Module::kAntiMalware};
    return Ok();
  }
  std::vector<std::string_view> known;
  known.reserve(kKinds.size());
  for (const KindRow& row : kKinds) known.push_back(row.name);
  return Wrong("`rule` is `" + Printable(name, kShownParameter) + "`, which is no rule", Suggestion(trimmed, known));
}

using Given = std::map<Name, std::pair<std::string, std::string>>;  // as it was spelled, and the text

Result<std::string> TextOf(const std::string& name, const Json& value) {
  if (value.IsString()) return value.AsString();
  if (value.IsBool()) return std::string(value.BoolOr(false) ? "true" : "false");
  if (value.IsNumber()) return value.ToText();
  if (!value.IsArray()) {
    return Wrong("`" + Printable(name, kShownParameter) + "`: expected a text, found " + std::string(value.TypeName()));
  }
  const std::string separator = name == "modules" || name == "dsControl" ? "," : ";";
  std::string joined;
  for (const Json& element : value.Elements()) {
    auto text = element.AsString();
    if (!text.ok()) return Wrong("`" + Printable(name, kShownParameter) + "`: expected a list of texts");
    joined += (joined.empty() ? "" : separator) + *std::move(text);
  }
  return joined;
}

std::size_t CharactersOf(std::string_view text) {
  // Bytes that go on with a character of UTF-8 are none of their own.
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

Error TooLong(const std::string& name) {
  return Wrong("`" + Printable(name, kShownParameter) + "` has more than " + std::to_string(kMostValueCharacters) +
                   " characters",
               "name policies by their numbers; if it is a secret, keep it in AWS Secrets Manager and change it "
               "(docs/config.md)");
}

Error UnknownParameter(const std::string& name) {
  const auto is_name = [&](std::string_view retired) { return EqualsIgnoreCase(retired, name); };
  if (std::any_of(kRetiredConnection.begin(), kRetiredConnection.end(), is_name)) {
    return Wrong("`" + Printable(name, kShownParameter) + "` was for the retired rules",
                 "take it out: the address of SWP belongs in the settings (swp.url or swp.region)");
  }
  return Wrong("there is no parameter `" + Printable(name, kShownParameter) + "`", Suggestion(name, ParameterNames()));
}

Result<Given> Collect(const Json& object) {
  Given given;
  for (const auto& [name, value] : object.Members()) {
    if (!value.HasValue()) continue;
    const auto* const known = std::find_if(kNames.begin(), kNames.end(),
                                           [&, spelled = &name](const auto& one) { return one.first == *spelled; });
    // A secret is refused before anything else is said about it; so is one under a name that nobody knows.
    const Json::List elements = value.Elements();
    const bool holds_secret = MayBeSecret(name, value.StringOr("")) ||
                              std::any_of(elements.begin(), elements.end(), [&, key = &name](const Json& element) {
                                return MayBeSecret(*key, element.StringOr(""));
                              });
    if (holds_secret) return Secret(name);
    if (known == kNames.end()) return UnknownParameter(name);
    auto text = TextOf(name, value);
    if (!text.ok()) return text.error();
    if (CharactersOf(*text) > kMostValueCharacters) return TooLong(name);
    if (!given.emplace(known->second, std::make_pair(name, *std::move(text))).second) {
      return Wrong("`" + name + "` is given under two names");
    }
  }
  return given;
}

bool Takes(RuleKind kind, Name name) {
  switch (name) {
    case Name::kModules:
      return kind == RuleKind::kModuleOn;
    case Name::kPolicy:
    case Name::kDescendants:
      return kind == RuleKind::kHasPolicy;
    case Name::kBenign:
      return kind == RuleKind::kClear;
    case Name::kMaxHours:
      return kind == RuleKind::kInTouch || kind == RuleKind::kPolicyReceived;
    case Name::kMaxDays:
      return kind == RuleKind::kRecommendationsApplied;
    default:
      return true;
  }
}

Duration DefaultAge(RuleKind kind) {
  if (kind == RuleKind::kRecommendationsApplied) return std::chrono::hours(24 * 7);
  if (kind == RuleKind::kPolicyReceived) return std::chrono::hours(1);
  return std::chrono::hours(24);
}

// Takes a value apart into `into`; what is wrong stays in `status`.
template <class T>
void Take(Result<T> read, T& into, Status& status) {
  if (!read.ok()) {
    status = read.error();
  } else {
    into = *std::move(read);
  }
}

Status TakeOne(Name name, const std::string& spelled, const std::string& text, RuleParameters& into) {
  Status status;
  switch (name) {
    case Name::kRule:
      break;
    case Name::kModules:
      Take(ReadModules(text), into.modules, status);
      break;
    case Name::kPolicy:
      into.policies = Parts(text, ';');
      break;
    case Name::kDescendants:
      Take(ReadFlag(spelled, text, "true", "false"), into.descendants, status);
      break;
    case Name::kBenign:
      for (const std::string& one : Parts(text, ';')) into.benign.push_back(ToLowerAscii(one));
      break;
    case Name::kMaxHours:
      Take(ReadAge(spelled, text, std::chrono::hours(1), std::int64_t{24} * 365), into.max_age, status);
      break;
    case Name::kMaxDays:
      Take(ReadAge(spelled, text, std::chrono::hours(24), 365), into.max_age, status);
      break;
    case Name::kStopped:
      Take(ReadFlag(spelled, text, "evaluate", "not-applicable"), into.evaluate_stopped, status);
      break;
    case Name::kLaunchGraceMinutes:
      Take(ReadAge(spelled, text, std::chrono::minutes(1), std::int64_t{60} * 24), into.launch_grace, status);
      break;
    case Name::kExemptTag:
      into.exempt_tag = Trim(text);
      break;
  }
  return status;
}

Status CheckWhole(const RuleParameters& parameters) {
  if (parameters.kind == RuleKind::kModuleOn && parameters.modules.empty()) {
    return Wrong("rule `module-on` needs `modules`", "name some, like `anti-malware, intrusion-prevention`");
  }
  if (parameters.kind == RuleKind::kHasPolicy && parameters.policies.empty()) {
    return Wrong("rule `has-policy` needs `policy`", "name one by its number, name or full path");
  }
  if (parameters.policies.size() > kMostListed || parameters.benign.size() > kMostListed) {
    return Wrong("more than " + std::to_string(kMostListed) + " in one list");
  }
  return Ok();
}

// The object that the parameters are, whatever they came as. Nothing at all is none.
Result<Json> ObjectOf(const Json& parameters) {
  if (!parameters.HasValue()) return Json();
  if (parameters.IsObject()) return parameters;
  if (!parameters.IsString()) {
    return Wrong("expected a JSON object or its text, found " + std::string(parameters.TypeName()));
  }
  const std::string text = parameters.StringOr("");
  if (Trim(text).empty()) return Json();
  auto parsed = Json::Parse(text, std::size_t{64} * 1024);
  if (!parsed.ok()) return Wrong("not JSON: " + parsed.error().message);
  if (!parsed->IsObject()) return Wrong("expected a JSON object, found " + std::string(parsed->TypeName()));
  return parsed;
}

}  // namespace

std::string_view NameOf(RuleKind kind) {
  for (const KindRow& row : kKinds) {
    if (row.kind == kind) return row.name;
  }
  return "";
}

std::string_view MeaningOf(RuleKind kind) {
  for (const KindRow& row : kKinds) {
    if (row.kind == kind) return row.meaning;
  }
  return "";
}

const std::vector<RuleKind>& AllRuleKinds() {
  static const std::vector<RuleKind> kinds = [] {
    std::vector<RuleKind> all;
    all.reserve(kKinds.size());
    for (const KindRow& row : kKinds) all.push_back(row.kind);
    return all;
  }();
  return kinds;
}

const std::vector<std::string_view>& ParameterNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    all.reserve(kNames.size());
    for (const auto& [name, meaning] : kNames) {
      if (!name.starts_with("ds")) all.push_back(name);
    }
    return all;
  }();
  return names;
}

const std::vector<std::string_view>& RetiredRuleNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    all.reserve(kRetired.size());
    for (const RetiredRow& row : kRetired) all.push_back(row.name);
    return all;
  }();
  return names;
}

Result<RuleParameters> ReadParameters(const Json& parameters, std::string_view config_rule_name) {
  const auto object = ObjectOf(parameters);
  if (!object.ok()) return object.error();
  if (object->ToText().size() > kMostParameterBytes) {
    return Wrong("more than " + std::to_string(kMostParameterBytes) + " characters, which AWS Config does not take",
                 "name policies by their numbers");
  }
  auto given = Collect(*object);
  if (!given.ok()) return given.error();
  RuleParameters made;
  made.launch_grace = std::chrono::minutes(30);
  made.exempt_tag = "sallyport:exempt";
  made.benign = kBenignMessages;
  const auto rule = given->find(Name::kRule);
  if (const Status known = TakeRule(rule == given->end() ? config_rule_name : rule->second.second, made); !known.ok()) {
    if (rule != given->end()) return known.error();
    return Wrong("no parameter `rule` says which rule this is", "add it, with `protected` or another (docs/config.md)");
  }
  made.max_age = DefaultAge(made.kind);
  for (const auto& [name, value] : *given) {
    if (!Takes(made.kind, name)) {
      return Wrong("`" + value.first + "` means nothing to rule `" + std::string(NameOf(made.kind)) + "`",
                   "take it out");
    }
    if (const Status taken = TakeOne(name, value.first, value.second, made); !taken.ok()) return taken.error();
  }
  if (const Status whole = CheckWhole(made); !whole.ok()) return whole.error();
  return made;
}

}  // namespace sallyport::compliance
