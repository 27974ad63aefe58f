// SPDX-License-Identifier: Apache-2.0
//
// The command line. Each subcommand is a function of commands.h; this file turns words into its arguments.
#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "app/cases.h"
#include "app/commands.h"
#include "app/config_command.h"
#include "app/console.h"
#include "app/inspector_commands.h"
#include "app/version.h"
#include "app/waf.h"
#include "base/bounds.h"
#include "base/core_dumps.h"
#include "base/prepare_process.h"
#include "base/text.h"
#include "config/nearest.h"
#include "ledger/ledger.h"
#include "sim/swp_run.h"

namespace sallyport {
namespace {

constexpr const char* kDescription =
    "Sallyport scans EC2 hosts with Trend Server & Workload Protection (SWP) when GuardDuty, Macie or Inspector "
    "reports a "
    "finding, "
    "and records every decision.";

constexpr const char* kExamples =
    "Examples:\n"
    "  sallyport demo                               everything at once, on simulators, no account needed\n"
    "  sallyport handle --dry-run finding.json      what it would do about a finding, and why\n"
    "  sallyport handle --json - < findings.ndjson  one JSON object for each event\n"
    "  sallyport doctor                             check the API key, its read permissions and the clock\n"
    "  sallyport handle --wait 2h finding.json      request, wait, apply, verify\n"
    "  sallyport followups run --wait 6h            run follow-ups that are due, for 6 hours\n"
    "  sallyport plans approve 3f9c2a1b             approve a plan that affects many hosts\n"
    "  sallyport who-can example-customers          which roles and hosts can reach a bucket, and by which statements\n"
    "  sallyport coverage                           what Inspector reports, and what of it SWP blocks or could block\n"
    "  sallyport inspect --sweep                    handle what events missed\n"
    "  sallyport config evaluate protected          which instances a rule of AWS Config would call compliant, and "
    "why\n"
    "  sallyport cases list --state needs-person    which cases wait for you; cases show 17: one as a timeline\n"
    "  sallyport notify test                        a sample message through each channel\n"
    "\n"
    "Settings: --config FILE, else $SALLYPORT_CONFIG, else ./sallyport.yaml. A new installation runs in observe "
    "mode: it\n"
    "reads, plans and notifies, and writes nothing to SWP until the settings say `mode: enforce`.\n"
    "Exit codes: 0 handled; 1 internal error; 2 wrong arguments or settings; 3 an event could not be read; 4 the\n"
    "answer for a host or bucket is undetermined; 5 an action failed; 6 the ledger could not be used.";

using Run = std::function<ExitCode()>;

// `30m`, `6h`: an option that is a time.
CLI::Option* AddDuration(CLI::App* command, const std::string& name, Duration& into, const std::string& help) {
  return command->add_option_function<std::string>(
      name,
      [&into, name](const std::string& text) {
        const auto duration = ParseDuration(text);
        if (!duration) throw CLI::ValidationError(name, "`" + text + "` is not a duration like `30m` or `6h`");
        into = *duration;
      },
      help);
}

void AddWorkers(CLI::App* command, int& workers, const std::string& help) {
  command->add_option("--workers", workers, help)->check(CLI::Range(1, bounds::kWorkers))->capture_default_str();
}

void AddHandle(CLI::App& app, const CommonArguments& common, HandleArguments& arguments, Run& run) {
  CLI::App* command = app.add_subcommand("handle", "Handle events from files, or from standard input with `-`");
  command
      ->add_option("FILE", arguments.files,
                   "Event files: EventBridge events, bare findings, SNS or SQS batches, NDJSON")
      ->required();
  command->add_flag(
      "--dry-run", arguments.dry_run,
      "Read and decide as usual, but print the SWP calls and messages instead of sending them; recorded in the "
      "ledger as a dry run");
  command->add_flag("--json", arguments.json, "One JSON object for each event on a line");
  command->add_flag("--force", arguments.force, "Also act on events older than gates.max_event_age");
  AddDuration(
      command, "--wait", arguments.wait,
      "Keep checking for this long (for example 30m): assign recommended rules when scans finish, then verify them");
  AddWorkers(command, arguments.workers, "Events to handle at the same time; results stay in the order of the input");
  command->footer(
      "Examples:\n  sallyport handle --dry-run tests/events/guardduty/ec2-ssh-brute-force.json\n"
      "  sallyport handle --wait 2h finding.json");
  command->callback([&] { run = [&] { return HandleCommand(common, arguments); }; });
}

void AddDoctor(CLI::App& app, const CommonArguments& common, DoctorArguments& arguments, Run& run) {
  CLI::App* command = app.add_subcommand(
      "doctor", "Check settings, ledger, API key, permissions and clock; changes nothing without --clean-up");
  command->add_flag("--json", arguments.json, "One JSON object for each check on a line");
  command->add_flag("--clean-up", arguments.clean_up, "Also delete leftover SWP tasks of Sallyport, if the gates pass");
  command->footer("Examples:\n  sallyport doctor --config sallyport.yaml\n  sallyport doctor --clean-up");
  command->callback([&] { run = [&] { return DoctorCommand(common, arguments); }; });
}

void AddWhoCan(CLI::App& app, const CommonArguments& common, WhoCanArguments& arguments, Run& run) {
  CLI::App* command = app.add_subcommand("who-can", "Which roles and hosts can reach an S3 bucket, and why");
  command->add_option("BUCKET", arguments.bucket, "Bucket name")->required();
  command
      ->add_option("--action", arguments.actions,
                   "S3 action to evaluate, repeatable (default: get, list, put and delete)")
      ->delimiter(',');
  command->add_option("--prefix", arguments.prefix, "Only objects whose object keys begin with this");
  command->add_option("--account", arguments.account,
                      "Account that owns the bucket (default: the account of your AWS credentials)");
  command->add_option("--region", arguments.region, "Region of the bucket (default: asked of S3)");
  command->add_option("--principal", arguments.principal,
                      "Evaluate only this role or session ARN, and show it even if denied");
  command->add_flag("--indirect", arguments.indirect, "Also roles that can assume a role with access (one step)");
  command->add_flag("--why", arguments.why, "Show the statements, and what could not be evaluated");
  command->add_flag("--json", arguments.json, "As one JSON object");
  command->footer(
      "Examples:\n  sallyport who-can example-customers\n"
      "  sallyport who-can example-customers --action s3:GetObject --prefix invoices/ --why\n"
      "  sallyport who-can example-stage --account 444455556666 --json\n"
      "Reads AWS (docs/who-can.md has the permissions) and SWP; changes nothing.\n"
      "Exit codes: 0 everything was determined; 2 wrong arguments or settings; 4 a part could not be read or decided.");
  command->callback([&] { run = [&] { return WhoCanCommand(common, arguments); }; });
}

CLI::App* AddIpList(CLI::App& waf, const CommonArguments& common, IpListArguments& arguments, Run& run) {
  CLI::App* command = waf.add_subcommand("ip-list", "Give IP sets of WAF the addresses of an IP list of SWP");
  command->add_option("LIST", arguments.list, "Name of SWP's IP list; case matters")->required();
  command->add_option("--v4", arguments.v4, "The IP set for its IPv4 addresses");
  command->add_option("--v6", arguments.v6, "The IP set for its IPv6 addresses");
  command->add_option("--account", arguments.account, "Where the sets are; without it our own account");
  auto* region = command->add_option("--region", arguments.region, "Where the sets are; without it our own region");
  command->add_flag("--cloudfront", arguments.cloudfront, "Sets of scope CLOUDFRONT")->excludes(region);
  command->add_flag("--dry-run", arguments.dry_run, "Show what would be added and removed; write nothing");
  command->add_flag("--json", arguments.json, "As one JSON object, with every block");
  command->footer(
      "Examples:\n  sallyport waf ip-list guardduty-blocked --v4 blocked --v6 blocked-six --dry-run\n"
      "What the list has not is removed from the sets. Writes as update-ip-set does: gates.allow, mode: enforce.\n"
      "Exit codes: 0 done, nothing to do or held; 2 wrong arguments or settings; 4 undetermined; 5 a write failed.");
  command->callback([&] { run = [&] { return IpListCommand(common, arguments); }; });
  return command;
}

void AddWaf(CLI::App& app, const CommonArguments& common, WafArguments& arguments, IpListArguments& ip_list, Run& run) {
  CLI::App* command =
      app.add_subcommand("waf", "Which hosts stand behind an enforcing web ACL, and what would add protection");
  command->add_flag("--now", arguments.now, "Read AWS and SWP first; without it the newest run is shown");
  auto* json = command->add_flag("--json", arguments.json, "As one JSON object");
  auto* csv = command->add_flag("--csv", arguments.csv, "The hosts as CSV")->excludes(json);
  command->add_option("--html", arguments.html, "Write the report as one file that needs nothing else")
      ->excludes(json)
      ->excludes(csv);
  command->add_option("--state", arguments.state, "Only hosts of this state")
      ->check(CLI::IsMember({"behind", "counts", "partly", "not", "no-way", "undetermined"}));
  command->add_option("--filter", arguments.filter,
                      "Only hosts with this text in id, name, account, owner, policy or way");
  command->add_option("--limit", arguments.limit, "So many hosts as text; 0: all")->check(CLI::Range(0, 1'000'000));
  command->add_flag("--patch", arguments.patch, "What to add by code: Terraform and CloudFormation");
  auto* group = command->add_option("--group", arguments.group, "With --revert: VENDOR/NAME");
  command->add_option("--revert", arguments.revert, "Take the group that Sallyport added out of this web ACL (ARN)")
      ->needs(group);
  command->footer(
      "Examples:\n  sallyport waf --now\n  sallyport waf --state partly --filter shop\n"
      "  sallyport waf --html waf.html\n"
      "Reads AWS (docs/waf.md has the permissions) and SWP with --now, and the ledger.\n"
      "Exit codes: 0 all of it is known; 2 wrong arguments or settings, or no run yet; 4 a part is undetermined.");
  const CLI::App* sub = AddIpList(*command, common, ip_list, run);
  command->callback([&, sub] {
    if (!sub->parsed()) run = [&] { return WafCommand(common, arguments); };
  });
}

void AddConfig(CLI::App& app, const CommonArguments& common, ConfigEvaluateArguments& arguments, Run& run) {
  CLI::App* config = app.add_subcommand("config", "Rules of AWS Config, without AWS Config");
  config->require_subcommand(1);
  CLI::App* command =
      config->add_subcommand("evaluate", "Evaluate every instance by a rule; nothing is reported to AWS Config");
  command->add_option("RULE", arguments.rule, "Rule name, like `protected` or `module-on` (docs/config.md)")
      ->required();
  command->add_option("--parameter", arguments.parameters, "NAME=VALUE, as the rule has it; repeatable");
  command->add_option("--account", arguments.accounts,
                      "Account, repeatable (default: the account of your AWS credentials)");
  command
      ->add_option("--region", arguments.regions, "Region or `all`, repeatable (default: the region of the settings)")
      ->delimiter(',');
  command->add_flag("--organization", arguments.organization, "Every active account of the organization");
  command->add_option("--snapshot", arguments.snapshot, "A snapshot of AWS Config (JSON) in place of EC2; - is stdin");
  const std::map<std::string, EvaluateFormat> formats = {
      {"table", EvaluateFormat::kTable}, {"json", EvaluateFormat::kJson}, {"csv", EvaluateFormat::kCsv}};
  const auto take_format = [&arguments, formats](const std::string& word) { arguments.format = formats.at(word); };
  command->add_option_function<std::string>("--format", take_format, "How it is printed")
      ->check(CLI::IsMember(std::vector<std::string>{"table", "json", "csv"}));
  command->add_flag_callback(
      "--json", [&] { arguments.format = EvaluateFormat::kJson; }, "As --format json");
  command->add_option("--html", arguments.html, "Write the verdicts as one page that needs nothing else");
  command->add_option("--explain", arguments.explain, "An instance ID: everything that decides about it");
  command->add_flag("--save", arguments.save, "Save the run in the ledger, for the next --diff");
  command->add_flag("--diff", arguments.diff, "What changed since the last saved run");
  command->footer(
      "Examples:\n  sallyport config evaluate protected\n"
      "  sallyport config evaluate module-on --parameter modules=anti-malware,intrusion-prevention --region all\n"
      "  sallyport config evaluate has-policy --parameter \"policy=Base Policy > Linux\" --organization --format csv\n"
      "  sallyport config evaluate protected --region all --html protected.html\n"
      "Exit codes: 0 every instance is compliant or the rule does not apply; 2 wrong arguments or settings; 4 "
      "a part\n"
      "is undetermined; 5 an instance is not compliant.");
  command->callback([&] { run = [&] { return ConfigEvaluateCommand(common, arguments); }; });
}

struct LedgerArguments {
  LedgerVerifyArguments verify;
  LedgerHeadsArguments heads;
  LedgerExportArguments exported;
  LedgerReplayArguments replay;
  LedgerTrimArguments trim;
};

void AddLedgerCare(CLI::App* ledger, const CommonArguments& common, LedgerArguments& arguments, Run& run) {
  CLI::App* verify =
      ledger->add_subcommand("verify", "Recompute the hash chain and report changed, missing or added records");
  verify->add_option(
      "--last-hash", arguments.verify.last_hash,
      "A hash printed by an earlier verify: check that history up to that line is still there (later lines can\n"
      "still be missing)");
  verify->add_option(
      "--against", arguments.verify.against,
      "A file with lines of `ledger heads`, of an export or of a log that were kept elsewhere: says which\n"
      "lines are missing or changed; - is standard input; repeatable");
  AddDuration(verify, "--within", arguments.verify.within, "Give up after this long, for example 30m (default: 2h)");
  verify->add_flag("--json", arguments.verify.json, "As one JSON object");
  verify->footer("Examples:\n  sallyport ledger verify\n  sallyport ledger verify --against heads.jsonl");
  verify->callback([&] { run = [&] { return LedgerVerifyCommand(common, arguments.verify); }; });
  CLI::App* heads =
      ledger->add_subcommand("heads", "Numbers and hashes of lines to save elsewhere, for verify --against");
  heads->add_flag("--json", arguments.heads.json, "One JSON object for each on a line");
  heads->footer("Example: sallyport ledger heads --json >> /mnt/elsewhere/heads.jsonl");
  heads->callback([&] { run = [&] { return LedgerHeadsCommand(common, arguments.heads); }; });
  CLI::App* exporter = ledger->add_subcommand("export", "Every line of history, as JSON lines or CSV");
  exporter->add_flag("--csv", arguments.exported.csv, "As CSV, with a line of names");
  exporter->add_option("--after", arguments.exported.after, "Only lines with a greater number than this")
      ->check(CLI::NonNegativeNumber);
  exporter->footer("Example: sallyport ledger export --csv > history.csv");
  exporter->callback([&] { run = [&] { return LedgerExportCommand(common, arguments.exported); }; });
  CLI::App* trim = ledger->add_subcommand("trim", "Remove the content of old cases that have ended; hashes stay");
  AddDuration(trim, "--older-than", arguments.trim.older_than, "Cases whose newest line is older than this, like 90d")
      ->required();
  trim->footer("Example: sallyport ledger trim --older-than 365d");
  trim->callback([&] { run = [&] { return LedgerTrimCommand(common, arguments.trim); }; });
}

void AddReplay(CLI::App* ledger, const CommonArguments& common, LedgerReplayArguments& arguments, Run& run) {
  CLI::App* replay = ledger->add_subcommand("replay", "Decide an event again with current facts, and carry it out");
  replay->add_option("EVENT", arguments.number, "Event number")->required();
  replay->add_flag("--dry-run", arguments.dry_run, "Read and decide, but change and send nothing");
  replay->add_flag("--json", arguments.json, "As one JSON object");
  replay->add_flag("--force", arguments.force, "Also act on an event older than gates.max_event_age");
  replay->footer("Example: sallyport ledger replay 17 --dry-run");
  replay->callback([&] { run = [&] { return LedgerReplayCommand(common, arguments); }; });
}

void AddFollowUps(CLI::App& app, const CommonArguments& common, FollowUpsArguments& arguments, Run& run) {
  CLI::App* follow_ups = app.add_subcommand("followups", "List and run scheduled checks (follow-ups)");
  follow_ups->require_subcommand(1);
  follow_ups->footer("Examples:\n  sallyport followups list\n  sallyport followups run --wait 6h");
  CLI::App* lister = follow_ups->add_subcommand("list", "Open follow-ups, next due first");
  lister->add_flag("--all", arguments.all, "Include closed follow-ups");
  lister->add_flag("--json", arguments.json, "One JSON object for each on a line");
  lister->footer("Example: sallyport followups list");
  lister->callback([&] { run = [&] { return FollowUpsListCommand(common, arguments); }; });
  CLI::App* runner = follow_ups->add_subcommand("run", "Run follow-ups that are due");
  AddDuration(runner, "--wait", arguments.wait, "Keep running follow-ups for this long, for example 6h");
  AddWorkers(runner, arguments.workers, "Follow-ups to check at the same time");
  runner->add_flag("--json", arguments.json, "One JSON object for each on a line");
  runner->footer("Example: sallyport followups run --wait 6h");
  runner->callback([&] { run = [&] { return FollowUpsRunCommand(common, arguments); }; });
}

void AddPlans(CLI::App& app, const CommonArguments& common, PlansArguments& arguments, Run& run) {
  CLI::App* plans = app.add_subcommand("plans", "Review plans held for approval");
  plans->require_subcommand(1);
  plans->footer("Examples:\n  sallyport plans list\n  sallyport plans approve 3f9c2a1b");
  CLI::App* lister = plans->add_subcommand("list", "List plans awaiting approval");
  lister->add_option("--state", arguments.state, "Plans in this state; any: all plans")
      ->check(CLI::IsMember(
          {"planned", "awaiting-approval", "approved", "closed", "rejected", "expired", "outdated", "any"}));
  lister->add_flag("--json", arguments.json, "One JSON object for each on a line");
  lister->callback([&] { run = [&] { return PlansListCommand(common, arguments); }; });
  const auto add = [&](const char* name, const char* help,
                       ExitCode (*command)(const CommonArguments&, const PlansArguments&)) {
    CLI::App* sub = plans->add_subcommand(name, help);
    sub->add_option("DIGEST", arguments.digest, "First digits of the plan's digest, at least 8")->required();
    sub->add_flag("--json", arguments.json, "As JSON");
    sub->callback([&, command] { run = [&, command] { return command(common, arguments); }; });
    return sub;
  };
  add("show", "One plan with its actions", PlansShowCommand);
  add("approve", "Approve: carry the plan out if current facts still lead to the same actions", PlansApproveCommand);
  CLI::App* reject = add("reject", "Reject: the plan is never carried out", PlansRejectCommand);
  reject->add_option("--why", arguments.why, "The reason, for the ledger");
}

void AddLedger(CLI::App& app, const CommonArguments& common, LedgerArguments& arguments, Run& run) {
  CLI::App* ledger =
      app.add_subcommand("ledger", "Prove, export, trim and replay what was received, decided and carried out");
  ledger->require_subcommand(1);
  ledger->footer(
      "Examples:\n  sallyport ledger verify\n  sallyport ledger replay 17 --dry-run\nCases: sallyport cases list");
  AddLedgerCare(ledger, common, arguments, run);
  AddReplay(ledger, common, arguments.replay, run);
}

void AddNotify(CLI::App& app, const CommonArguments& common, NotifyTestArguments& arguments, Run& run) {
  CLI::App* notify = app.add_subcommand("notify", "Test the channels that messages are sent through");
  notify->require_subcommand(1);
  CLI::App* tester = notify->add_subcommand("test", "Send a message marked as a sample through each channel");
  tester->add_option("--channel", arguments.channel, "Only through this channel (default: all of notify.channels)");
  tester->add_flag("--json", arguments.json, "One JSON object for each channel on a line");
  tester->footer("Example: sallyport notify test --channel soc");
  tester->callback([&] { run = [&] { return NotifyTestCommand(common, arguments); }; });
}

// The library says only that a subcommand is missing; a mistyped one deserves its name back, at every level.
std::optional<std::string> UnknownCommand(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  std::string path;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--config" || word == "--ledger") ++i;
    if (word.starts_with('-')) continue;
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* command : at->get_subcommands({})) {
      names.push_back(command->get_name());
      if (names.back() == word) next = command;
    }
    // What follows are its arguments.
    if (names.empty() || at->get_require_subcommand_min() == 0) return std::nullopt;
    if (next != nullptr) {
      at = next;
      path += std::string(word) + " ";
      continue;
    }
    std::string text = "there is no command `" + path + Printable(word, 60) + "`";
    const std::vector<std::string_view> known(names.begin(), names.end());
    if (const auto nearest = Nearest(word, known)) text += " (did you mean `" + std::string(*nearest) + "`?)";
    text += "; see sallyport " + path;
    return text + "--help";
  }
  return std::nullopt;
}

int RunProgram(int argc, char** argv, const ProgramTables& tables, const ProgramOptions* seams) {
  CLI::App app(kDescription, "sallyport");
  app.set_version_flag("--version", std::string("sallyport ") + kVersion);
  app.footer(kExamples);
  app.require_subcommand(1);
  app.fallthrough();  // --config and --ledger may stand behind the subcommand too; before the subcommands, which
                      // inherit it
  CommonArguments common;
  common.tables = &tables;
  common.seams = seams;
  app.add_option("--config", common.config, "Settings file (YAML)");
  app.add_option("--ledger", common.ledger, "Ledger file; default: from the settings");
  HandleArguments handle;
  DoctorArguments doctor;
  LedgerArguments ledger;
  FollowUpsArguments follow_ups;
  PlansArguments plans;
  Run run;
  AddHandle(app, common, handle, run);
  AddDoctor(app, common, doctor, run);
  WhoCanArguments who_can;
  AddWhoCan(app, common, who_can, run);
  WafArguments waf;
  IpListArguments ip_list;
  AddWaf(app, common, waf, ip_list, run);
  CasesArguments cases;
  AddCases(app, common, cases, run);
  InspectorArguments inspector;
  AddInspectorCommands(app, common, inspector, run);
  ConfigEvaluateArguments config_evaluate;
  AddConfig(app, common, config_evaluate, run);
  AddLedger(app, common, ledger, run);
  AddFollowUps(app, common, follow_ups, run);
  AddPlans(app, common, plans, run);
  NotifyTestArguments notify;
  AddNotify(app, common, notify, run);
  CLI::App* lambda = app.add_subcommand("lambda", "Handle the events of an AWS Lambda function (custom runtime)");
  lambda->footer("Runs inside Lambda alone, where it may be called `bootstrap`; see docs/lambda.md");
  lambda->callback([&] { run = [&] { return LambdaCommand(common); }; });
  // Its arguments are the simulator's own: main hands them over before this parser sees them.
  app.add_subcommand("sim", "Run the simulator of the SWP manager on this computer; see `sallyport sim --help`");
  CLI::App* demo = app.add_subcommand("demo", "Show every workflow on simulators; needs no account and no settings");
  DemoArguments demo_arguments;
  demo->add_flag("--verbose", demo_arguments.verbose, "Every decision, call and message, instead of one line for each");
  demo->add_flag("--keep", demo_arguments.keep, "Keep the ledger too, and say where it is");
  demo->footer("Examples:\n  sallyport demo\n  sallyport demo --verbose | less");
  demo->callback([&] { run = [&] { return DemoCommand(demo_arguments); }; });
  if (const auto unknown = UnknownCommand(app, argc, argv)) {
    Complain(*unknown);
    return static_cast<int>(ExitCode::kUsage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  return static_cast<int>(run());
}

// Whatever was printed by whom: half an answer must not pass for a whole one.
int Finished(int code) {
  return OutputFailed() ? std::max(code, static_cast<int>(TellOutputFailed())) : code;
}

// Lambda starts the file `bootstrap` of a custom runtime, and the entry point of a container image, without arguments.
bool IsLambdaBootstrap(int argc, char** argv) {
  if (argc != 1) return false;
  const std::string_view program = argv[0];
  return program.substr(program.rfind('/') + 1) == "bootstrap" || std::getenv("AWS_LAMBDA_RUNTIME_API") != nullptr;
}

}  // namespace

int RunSallyport(int argc, char** argv, const ProgramTables& tables, const ProgramOptions* seams) {
  ForbidCoreDumps();
  PrepareProcess();
  KeepStandardDescriptors();
  try {
    if (IsLambdaBootstrap(argc, argv)) return static_cast<int>(LambdaCommand({"", "", &tables, seams}));
    if (argc > 1 && std::string_view(argv[1]) == "sim") return sim::RunSwpSimulator(argc - 1, argv + 1);
    return Finished(RunProgram(argc, argv, tables, seams));
  } catch (const std::exception& error) {
    // The last resort: only a bug gets here.
    Complain(std::string("internal error: ") + error.what());
  } catch (...) {
    Complain("internal error");
  }
  return static_cast<int>(ExitCode::kInternal);
}

}  // namespace sallyport
