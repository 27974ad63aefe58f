// SPDX-License-Identifier: Apache-2.0
#include "workflow/config_invocation.h"

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "workflow/whose_host.h"

namespace sallyport {
namespace {

constexpr std::string_view kTestToken = "TESTMODE";
constexpr std::string_view kChanged = "ConfigurationItemChangeNotification";
constexpr std::string_view kOversized = "OversizedConfigurationItemChangeNotification";
constexpr std::string_view kScheduled = "ScheduledNotification";
// Periodic rules of old hang on the delivery of snapshots.
constexpr std::string_view kSnapshot = "ConfigurationSnapshotDeliveryCompleted";
constexpr std::string_view kInstanceOfArn = ":instance/";
constexpr std::size_t kShownConfigWord = 80;
constexpr std::size_t kMostItemTags = 200;

std::string ShownWord(std::string_view text) {
  return "`" + Printable(text, kShownConfigWord) + "`";
}

// Reads one invocation; the first thing that is wrong ends it.
class InvocationReader {
 public:
  explicit InvocationReader(const Event& event) : event_(event), detail_(event.detail) {}

  ConfigInvocation Read() {
    ReadRule();
    ReadToken();
    const Json message = ReadMessage();
    if (made_.problem.empty()) ReadTrigger(message);
    if (made_.problem.empty()) CheckAnswer();
    if (made_.problem.empty()) ReadRuleParameters();
    return std::move(made_);
  }

 private:
  void Problem(std::string what) {
    if (made_.problem.empty()) made_.problem = std::move(what);
  }
  void Problem(const Error& error) { Problem(error.ToText()); }

  std::string TextAt(const Json& place) {
    if (!place.HasValue()) return "";
    auto text = place.AsString();
    if (!text.ok()) Problem(text.error());
    return text.value_or("");
  }

  void ReadRule() {
    made_.rule_name = TextAt(detail_["configRuleName"]);
    const std::string arn = TextAt(detail_["configRuleArn"]);
    made_.rule_id = TextAt(detail_["configRuleId"]);
    if (made_.rule_id.empty()) made_.rule_id = arn.empty() ? made_.rule_name : arn;
    if (made_.rule_name.empty()) made_.rule_name = made_.rule_id;
    if (made_.rule_name.empty()) Problem("configRuleName: expected text, found nothing: no rule is named");
    ReadPlace(arn);
  }

  // arn:aws:config:us-east-2:123456789012:config-rule/config-rule-0123456
  void ReadPlace(const std::string& arn) {
    std::vector<std::string> parts;
    std::string_view rest = arn;
    while (parts.size() < 5 && !rest.empty()) {
      const std::size_t end = rest.find(':');
      parts.emplace_back(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    const bool is_arn = parts.size() == 5 && parts[0] == "arn" && parts[2] == "config";
    if (!arn.empty() && !is_arn) Problem("configRuleArn: " + ShownWord(arn) + " is no ARN of a rule of AWS Config");
    made_.place.region = is_arn ? parts[3] : event_.region;
    made_.place.account = event_.account.empty() && is_arn ? parts[4] : event_.account;
    const Json account = detail_["accountId"];
    if (account.HasValue() && !account.IsString()) {
      Problem("accountId: expected a text of twelve digits, found " + std::string(account.TypeName()) +
              " (a number loses a 0 that it begins with)");
    }
    if (!ParseAccountId(made_.place.account).ok()) {
      Problem("accountId: " + ShownWord(made_.place.account) +
              " is no account ID of twelve digits (one that begins with 0 has to stay a text)");
    }
    made_.place.role_arn = TextAt(detail_["executionRoleArn"]);
    if (is_arn) CheckAccount(parts[4], "configRuleArn: it");
    CheckAccount(AccountInArn(made_.place.role_arn), "executionRoleArn: the role");
  }

  // All that an invocation names is of one account: that of the rule, which is answered.
  void CheckAccount(std::string_view account, const std::string& what) {
    if (account.empty() || account == made_.place.account) return;
    Problem(what + " is of account " + ShownWord(account) + ", the rule of account " + ShownWord(made_.place.account));
  }

  void ReadToken() {
    made_.has_token = !event_.answer_token.empty();
    made_.test = event_.answer_token.RevealForRequest() == kTestToken;
    const Json mode = detail_["evaluationMode"];
    proactive_ = EqualsIgnoreCase(TextAt(mode), "PROACTIVE");
    if (mode.HasValue() && !proactive_ && !EqualsIgnoreCase(TextAt(mode), "DETECTIVE")) {
      Problem("evaluationMode: " + ShownWord(TextAt(mode)) + " is neither DETECTIVE nor PROACTIVE");
    }
  }

  Json ReadMessage() {
    const Json holder = detail_["invokingEvent"];
    const std::string text = TextAt(holder);
    if (!holder.HasValue()) Problem("invokingEvent: expected a text that holds JSON, found nothing");
    auto message = Json::Parse(text);
    if (!message.ok()) {
      Problem("invokingEvent: not JSON: " + message.error().message);
      return {};
    }
    if (!message->IsObject()) {
      Problem("invokingEvent: expected an object, found " + std::string(message->TypeName()));
      return {};
    }
    return *std::move(message);
  }

  void ReadTrigger(const Json& message) {
    made_.notified = TextAt(message["notificationCreationTime"]);
    const std::string type = TextAt(message["messageType"]);
    if (type == kScheduled || type == kSnapshot) {
      made_.scheduled = true;
      CheckAccount(TextAt(message["awsAccountId"]), "invokingEvent.awsAccountId: the schedule");
      made_.ordering = TimeAt(message["notificationCreationTime"]);
    } else if (type == kChanged) {
      ReadItem(message["configurationItem"], "invokingEvent.configurationItem");
    } else if (type == kOversized) {
      made_.oversized = true;
      ReadItem(message["configurationItemSummary"], "invokingEvent.configurationItemSummary");
    } else {
      Problem("invokingEvent.messageType: " + (type.empty()
                                                   ? "expected text, found nothing"
                                                   : ShownWord(type) + " is no kind that a rule is called for"));
    }
    if (made_.place.region.empty()) {
      Problem("configRuleArn: expected text, found nothing: the region to answer in is undetermined");
    } else if (!ParseRegion(made_.place.region).ok()) {
      Problem("configRuleArn: " + ShownWord(made_.place.region) + " is no region");
    }
  }

  std::optional<TimePoint> TimeAt(const Json& place) {
    const std::string text = TextAt(place);
    auto time = ParseTime(text);
    if (!time) {
      Problem("invokingEvent." + place.Path() + ": " +
              (text.empty() ? "expected a time, found nothing" : ShownWord(text) + " is no time"));
    }
    return time;
  }

  void ReadItem(const Json& item, const std::string& where) {
    if (!item.IsObject()) return Problem(where + ": expected an object, found " + std::string(item.TypeName()));
    made_.ordering = TimeAt(item["configurationItemCaptureTime"]);
    made_.resource_type = TextAt(item["resourceType"]);
    made_.resource_id = TextAt(item["resourceId"]);
    if (made_.resource_type.empty()) return Problem(where + ".resourceType: expected text, found nothing");
    if (made_.resource_id.empty()) return Problem(where + ".resourceId: expected text, found nothing");
    CheckOwner(item, where);
    if (made_.place.region.empty()) made_.place.region = TextAt(item["awsRegion"]);
    made_.not_applicable = WhyNotApplicable(item);
    const auto instance = ParseInstanceId(made_.resource_id);
    if (instance.ok()) {
      made_.resource.instance = *instance;
      made_.resource.account = made_.place.account;
      if (made_.not_applicable.empty()) CheckInstance(item, where);
    } else if (made_.resource_type == compliance::kInstanceType && !proactive_) {
      return Problem(where + ".resourceId: " + ShownWord(made_.resource_id) +
                     " is no instance ID (i-... with 8 or 17 hexadecimal digits)");
    }
    if (!made_.oversized) ReadConfiguration(item);
  }

  void CheckOwner(const Json& item, const std::string& where) {
    const Json own = item["awsAccountId"];
    const std::string owner = TextAt(own.HasValue() ? own : item["accountId"]);
    CheckAccount(owner, where + ".awsAccountId: the item");
    CheckAccount(AccountInArn(TextAt(item["ARN"])), where + ".ARN: the item");
  }

  // The item's ARN and its configuration are about the instance that it names.
  void CheckInstance(const Json& item, const std::string& where) {
    const std::string arn = TextAt(item["ARN"]);
    const std::size_t begin = arn.find(kInstanceOfArn);
    const std::string named = begin == std::string::npos ? "" : arn.substr(begin + kInstanceOfArn.size());
    const std::string configured = ConfigurationOf(item)["instanceId"].StringOr("");
    for (const std::string& other : {named, configured}) {
      if (other.empty() || other == made_.resource_id) continue;
      Problem(where + ".resourceId: " + ShownWord(made_.resource_id) + ", and the item is about " + ShownWord(other));
    }
  }

  // Edge cases C1, C15, C20.
  std::string WhyNotApplicable(const Json& item) {
    const std::string status = TextAt(item["configurationItemStatus"]);
    if (proactive_) return "proactive evaluation: the instance does not exist yet, so SWP cannot protect it";
    const Json left = detail_["eventLeftScope"];
    if (left.HasValue() && !left.IsBool())
      Problem("eventLeftScope: expected true or false, found " + std::string(left.TypeName()));
    if (left.BoolOr(false)) return "the instance left the scope of the rule";
    if (status == "ResourceDeleted") return "the resource was deleted";
    if (status == "ResourceNotRecorded") return "AWS Config does not record the resource";
    if (status == "ResourceDeletedNotRecorded") return "the resource was deleted, and AWS Config does not record it";
    if (made_.resource_type != compliance::kInstanceType) {
      return "this rule is about AWS::EC2::Instance, not " + Printable(made_.resource_type, kShownConfigWord) +
             ". Next: narrow the scope of the rule";
    }
    if (status != "OK" && status != "ResourceDiscovered") {
      Problem("invokingEvent.configurationItemStatus: " + ShownWord(status) + " is new to this version");
    }
    return "";
  }

  void ReadConfiguration(const Json& item) {
    const Json configuration = ConfigurationOf(item);
    made_.resource.tags = TagsOf(item["tags"]);
    if (!made_.resource.tags) made_.resource.tags = TagsIn(configuration["tags"]);
    made_.resource.state = configuration["state"]["name"].StringOr("");
    made_.resource.launched = ParseTime(configuration["launchTime"].StringOr(""));
  }

  // An object; in items as the API gives them the text of one.
  static Json ConfigurationOf(const Json& item) {
    Json configuration = item["configuration"];
    return configuration.IsString() ? Json::Parse(configuration.StringOr("")).value_or(Json()) : configuration;
  }

  // An object of names and values; anything else is not known.
  static std::optional<std::vector<swp::Tag>> TagsOf(const Json& place) {
    if (!place.IsObject()) return std::nullopt;
    std::vector<swp::Tag> tags;
    for (const auto& [name, value] : place.Members()) {
      if (tags.size() >= kMostItemTags || !value.IsString()) return std::nullopt;
      tags.push_back({name, value.StringOr("")});
    }
    return tags;
  }

  // EC2's own list, inside the item: objects with `key` and `value`.
  static std::optional<std::vector<swp::Tag>> TagsIn(const Json& place) {
    if (!place.IsArray()) return std::nullopt;
    std::vector<swp::Tag> tags;
    for (const Json& tag : place.Elements()) {
      if (tags.size() >= kMostItemTags || !tag["key"].IsString()) return std::nullopt;
      tags.push_back({tag["key"].StringOr(""), tag["value"].StringOr("")});
    }
    return tags;
  }

  // Without a token nobody can be answered; a proactive evaluation may lack one.
  void CheckAnswer() {
    if (made_.has_token || proactive_) return;
    Problem("resultToken: expected text, found none: AWS Config cannot be answered (have it call the rule again)");
  }

  // What does not apply does not, whatever the rule asks for.
  void ReadRuleParameters() {
    auto parameters = compliance::ReadParameters(detail_["ruleParameters"], made_.rule_name);
    if (parameters.ok()) {
      made_.parameters = *std::move(parameters);
    } else if (made_.not_applicable.empty()) {
      Problem(parameters.error());
    }
  }

  const Event& event_;
  const Json detail_;
  bool proactive_ = false;
  ConfigInvocation made_;
};

}  // namespace

ConfigInvocation ReadConfigInvocation(const Event& event) {
  return InvocationReader(event).Read();
}

}  // namespace sallyport
