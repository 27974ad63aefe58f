// SPDX-License-Identifier: Apache-2.0
#include "app/config_command.h"

#include <algorithm>
#include <optional>

#include "app/compliance_line.h"
#include "app/config_page.h"
#include "app/config_report.h"
#include "app/console.h"
#include "app/open_ledger.h"
#include "app/wire.h"
#include "app/write_file.h"
#include "aws/call.h"
#include "aws_api/ec2.h"
#include "aws_api/organizations.h"
#include "base/bounds.h"
#include "base/text.h"
#include "compliance/estate.h"
#include "config/load.h"

namespace sallyport {
namespace {

// `--parameter modules=anti-malware`, as the object that AWS Config would send.
Result<compliance::RuleParameters> ParametersOf(const ConfigEvaluateArguments& arguments) {
  JsonWriter out;
  out.BeginObject().Member("rule", arguments.rule);
  std::vector<std::string> names = {"rule"};
  for (const std::string& pair : arguments.parameters) {
    const std::size_t equals = pair.find('=');
    const std::string name = pair.substr(0, equals);
    if (equals == std::string::npos) {
      return Error{ErrorCode::kInvalidInput, "--parameter `" + Printable(pair, 60) + "`: expected NAME=VALUE", ""};
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return Error{ErrorCode::kInvalidInput, "--parameter `" + Printable(name, 60) + "` is given twice", ""};
    }
    names.push_back(name);
    out.Member(name, std::string_view(pair).substr(equals + 1));
  }
  const auto json = Json::Parse(out.EndObject().Take());
  if (!json.ok()) return json.error();
  return compliance::ReadParameters(*json, "");
}

// One item of a snapshot that AWS Config delivered to S3; nothing: it is no instance, or none any more.
std::optional<compliance::Resource> ResourceOfItem(const Json& item) {
  const auto instance = ParseInstanceId(item["resourceId"].StringOr(""));
  const std::string status = item["configurationItemStatus"].StringOr("OK");
  const bool is_there = status == "OK" || status == "ResourceDiscovered";
  if (item["resourceType"].StringOr("") != compliance::kInstanceType || !instance.ok() || !is_there)
    return std::nullopt;
  compliance::Resource resource;
  resource.instance = *instance;
  const std::string account = item["awsAccountId"].StringOr("");
  resource.account = account.empty() ? item["accountId"].StringOr("") : account;
  resource.state = item["configuration"]["state"]["name"].StringOr("");
  resource.launched = ParseTime(item["configuration"]["launchTime"].StringOr(""));
  if (item["tags"].IsObject()) {
    resource.tags.emplace();
    for (const auto& [name, value] : item["tags"].Members()) resource.tags->push_back({name, value.StringOr("")});
  }
  return resource;
}

// The instances of the file, by account and region.
using ByPlace = std::vector<std::pair<compliance::Place, std::vector<compliance::Resource>>>;
Result<ByPlace> ReadSnapshot(const std::string& file) {
  std::string text;
  const Status read = ReadInput(file, [&](std::string_view piece) {
    text.append(piece);
    return text.size() <= bounds::kInputFileBytes;
  });
  if (!read.ok()) return read.error();
  const auto json = Json::Parse(text, bounds::kInputFileBytes);
  if (!json.ok()) return json.error().In(file);
  const Json items = (*json)["configurationItems"];
  if (!items.IsArray()) {
    return Error{ErrorCode::kInvalidInput, file + ": expected an object with the list `configurationItems`",
                 "give a snapshot as AWS Config delivers it to S3, unpacked"};
  }
  std::map<std::pair<std::string, std::string>, std::vector<compliance::Resource>> sorted;
  for (const Json& item : items.Elements()) {
    auto resource = ResourceOfItem(item);
    if (!resource) continue;
    const std::string account = resource->account;
    sorted[{account, item["awsRegion"].StringOr("")}].push_back(*std::move(resource));
  }
  ByPlace places;
  places.reserve(sorted.size());
  for (auto& entry : sorted) {
    places.emplace_back(compliance::Place{entry.first.first, entry.first.second, ""}, std::move(entry.second));
  }
  return places;
}

// Everything that one run of the command asks with.
class Evaluation {
 public:
  Evaluation(const Settings& settings, const ConfigEvaluateArguments& arguments, const compliance::RuleParameters& rule,
             compliance::Context context, State* state, const ProgramOptions& seams)
      : arguments_(arguments),
        rule_(rule),
        context_(std::move(context)),
        state_(state),
        clock_(ClockOf(seams)),
        log_(clock_, settings.log.level, WriteToStandardError),
        aws_(settings.aws, {seams.aws_environment, seams.wrap_aws}, clock_, random_, log_),
        shared_(settings.swp, clock_, random_, MayWrite{}, seams.wrap_http),
        swp_(shared_, log_, std::nullopt),
        reach_(aws_, clock_, log_, std::nullopt),
        line_(aws_, clock_, log_, std::nullopt, swp_.client(), reach_) {}

  Result<EvaluateReport> Run() {
    EvaluateReport report;
    report.rule = rule_;
    if (!arguments_.snapshot.empty()) {
      auto places = ReadSnapshot(arguments_.snapshot);
      if (!places.ok()) return places.error();
      for (const auto& [place, resources] : *places) Judge(place, &resources, report);
    } else {
      auto places = Places(report);
      if (!places.ok()) return places.error();
      for (const compliance::Place& place : *places) Judge(place, nullptr, report);
    }
    report.swp_calls = swp_.calls();
    report.aws_calls = line_.calls();
    return report;
  }

 private:
  std::string DocumentOf(const compliance::Place& place) const {
    std::vector<std::string> parts = {std::string(compliance::NameOf(rule_.kind))};
    parts.insert(parts.end(), arguments_.parameters.begin(), arguments_.parameters.end());
    return "config/evaluate/" + TokenOf(IdempotencyKey(parts)) + "/" + place.account + "/" + place.region;
  }

  void Judge(const compliance::Place& place, const std::vector<compliance::Resource>* resources,
             EvaluateReport& report) {
    const std::string document = DocumentOf(place);
    const auto facts =
        compliance::GatherEstate(rule_, place, context_, document, "", resources, {line_, fleet_, runs_, state_});
    if (facts.failed) {
      report.gaps.push_back("account " + place.account + ", " + place.region + ": " + facts.failed->ToText());
      return;
    }
    if (arguments_.diff && !facts.before.ok()) report.gaps.push_back(facts.before.error().ToText());
    if (arguments_.diff && !facts.had_run) {
      report.gaps.push_back("account " + place.account + ", " + place.region +
                            ": no run was kept to compare with (--save keeps one)");
    }
    compliance::StoredRun run;
    run.clusters_at = facts.clusters_at;
    for (compliance::JudgedHost& host : compliance::JudgeEstate(rule_, facts, context_)) {
      run.verdicts[host.resource.instance.value] = host.stored;
      if (arguments_.diff && facts.had_run && facts.before.ok()) AddChange(host, facts, place, report);
      if (host.resource.instance.value == arguments_.explain) {
        report.explanations.push_back(Explained(rule_, host, facts.Of(host.resource, rule_), place, context_));
      }
      report.hosts.push_back({place, std::move(host)});
    }
    if (!arguments_.save) return;
    const auto stored = state_->PutDocument(document, compliance::PiecesOf(run), std::nullopt);
    if (!stored.ok()) report.gaps.push_back("the run could not be kept: " + stored.error().ToText());
  }

  static void AddChange(const compliance::JudgedHost& host, const compliance::EstateFacts& facts,
                        const compliance::Place& place, EvaluateReport& report) {
    const auto before = facts.before->verdicts.find(host.resource.instance.value);
    const auto was = before == facts.before->verdicts.end() ? std::optional<compliance::Compliance>()
                                                            : std::optional(before->second.verdict.compliance);
    if (was == host.verdict.compliance) return;
    report.changes.push_back({place, host.resource.instance.value, was, host.verdict.compliance});
  }

  Result<aws::Aws> Home(AwsConnection*& connection) {
    const auto made = aws_.Connect(std::nullopt);
    if (!made.ok()) return made.error();
    connection = *made;
    if (sender_ == nullptr) sender_ = connection->NewSender(log_, std::nullopt);
    return aws::Aws(sender_->transport(), {connection->identity().account, connection->identity().region});
  }

  Result<std::vector<compliance::Place>> Places(EvaluateReport& report) {
    AwsConnection* connection = nullptr;
    const auto aws = Home(connection);
    if (!aws.ok()) return aws.error();
    std::vector<std::string> accounts = arguments_.accounts;
    if (arguments_.organization) {
      const auto listed = aws->Call(aws::organizations::ListAccounts{});
      if (!listed.ok()) return listed.error().In("the accounts of the organization");
      for (const auto& account : listed->accounts) {
        if (account.status == "ACTIVE") accounts.push_back(account.id);
      }
    }
    if (accounts.empty()) accounts.push_back(connection->identity().account);
    std::vector<compliance::Place> places;
    for (const std::string& account : accounts) {
      for (const std::string& region : RegionsOf(account, *aws, report)) places.push_back({account, region, ""});
    }
    return places;
  }

  // Of that account; what could not be read is a gap.
  std::vector<std::string> RegionsOf(const std::string& account, const aws::Aws& aws, EvaluateReport& report) {
    if (arguments_.regions.empty()) return {aws.place().region};
    if (arguments_.regions != std::vector<std::string>{"all"}) return arguments_.regions;
    const auto read = aws::Aws(sender_->transport(), {account, aws.place().region}).Call(aws::ec2::DescribeRegions{});
    std::vector<std::string> regions;
    if (!read.ok()) {
      report.gaps.push_back("the regions of account " + account + ": " + read.error().ToText());
      return regions;
    }
    for (const aws::ec2::Region& region : read->regions) regions.push_back(region.name);
    return regions;
  }

  const ConfigEvaluateArguments& arguments_;
  const compliance::RuleParameters& rule_;
  const compliance::Context context_;
  State* state_;
  Clock& clock_;
  SystemRandom random_;
  Logger log_;
  LazyAws aws_;
  SwpConnection shared_;
  SwpLine swp_;
  AwsLine reach_;
  ComplianceLine line_;
  compliance::Fleet fleet_;
  compliance::Runs runs_;
  std::unique_ptr<AwsConnection::Sender> sender_;
};

Status CheckArguments(const ConfigEvaluateArguments& arguments) {
  const auto wrong = [](std::string message) { return Error{ErrorCode::kInvalidInput, std::move(message), ""}; };
  for (const std::string& account : arguments.accounts) {
    if (!ParseAccountId(account).ok())
      return wrong("--account `" + Printable(account, 40) + "` is no account ID of twelve digits");
  }
  for (const std::string& region : arguments.regions) {
    if (region != "all" && !ParseRegion(region).ok())
      return wrong("--region `" + Printable(region, 40) + "` is no region");
  }
  if (!arguments.explain.empty() && !ParseInstanceId(arguments.explain).ok()) {
    return wrong("--explain `" + Printable(arguments.explain, 40) + "` is no instance ID");
  }
  const bool asks_ec2 = arguments.organization || !arguments.accounts.empty() || !arguments.regions.empty();
  if (!arguments.snapshot.empty() && asks_ec2) return wrong("--snapshot names its accounts and regions itself");
  if (arguments.organization && !arguments.accounts.empty())
    return wrong("--organization and --account exclude each other");
  return Ok();
}

ExitCode CodeOf(const EvaluateReport& report) {
  const auto has = [&](compliance::Compliance wanted) {
    return std::any_of(report.hosts.begin(), report.hosts.end(),
                       [&](const EvaluatedHost& host) { return host.judged.verdict.compliance == wanted; });
  };
  if (has(compliance::Compliance::kNonCompliant)) return ExitCode::kFailed;
  return report.gaps.empty() && !has(compliance::Compliance::kUndetermined) ? ExitCode::kOk : ExitCode::kUndetermined;
}

}  // namespace

ExitCode ConfigEvaluateCommand(const CommonArguments& common, const ConfigEvaluateArguments& arguments) {
  const auto rule = ParametersOf(arguments);
  const Status checked = rule.ok() ? CheckArguments(arguments) : Status(rule.error());
  if (!checked.ok()) {
    Complain(checked.error());
    return ExitCode::kUsage;
  }
  const auto settings = SettingsFor(common);
  if (!settings) return ExitCode::kUsage;
  if (const Status can_ask = CheckCanAskSwp(settings->swp); !can_ask.ok()) {
    Complain(can_ask.error());
    return ExitCode::kUsage;
  }
  const ProgramOptions seams = SeamsOf(common);
  const Clock& clock = ClockOf(seams);
  // Only what is kept, or compared with what was, needs the ledger; so do the rules that read runs of other workflows.
  const bool reads = arguments.diff || !compliance::NeedsOf(*rule, {}).run.empty();
  std::unique_ptr<Ledger> ledger;
  if (arguments.save || reads) {
    ExitCode code = ExitCode::kOk;
    ledger = arguments.save ? OpenLedger(common, clock, code) : OpenLedgerToLook(common, clock, code);
    if (ledger == nullptr) return code;
  }
  const compliance::Context context{
      settings->protection, {settings->gates.exclusion_tag, settings->gates.exclusion_tag_value}, clock.Now()};
  auto report = Evaluation(*settings, arguments, *rule, context, ledger.get(), seams).Run();
  if (!report.ok()) {
    Complain(report.error());
    return report.error().code == ErrorCode::kInvalidInput ? ExitCode::kUsage : ExitCode::kUndetermined;
  }
  if (!arguments.explain.empty() && report->explanations.empty()) {
    report->gaps.push_back("instance " + arguments.explain + " is not among those that were evaluated");
  }
  if (!arguments.html.empty()) {
    const std::string page = report::RenderPage(EvaluatePage(*report, context.now));
    if (const Status wrote = WriteWhole(arguments.html, page); !wrote.ok()) {
      Complain(wrote.error());
      return ExitCode::kUsage;
    }
    if (arguments.format == EvaluateFormat::kTable) Print("wrote " + Printable(arguments.html, 200) + "\n");
  }
  // The page holds what the table would say.
  const bool shows_table = arguments.format == EvaluateFormat::kTable && arguments.html.empty();
  Print(arguments.format == EvaluateFormat::kJson  ? EvaluateJson(*report)
        : arguments.format == EvaluateFormat::kCsv ? EvaluateCsv(*report)
        : shows_table                              ? EvaluateTable(*report)
                                                   : SummaryLine(*report));
  return CodeOf(*report);
}

}  // namespace sallyport
