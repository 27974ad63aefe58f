// SPDX-License-Identifier: Apache-2.0
//
// sallyport patches list|show|export
#include <algorithm>
#include <array>
#include <cstdio>

#include "app/console.h"
#include "app/inspector_commands.h"
#include "app/open_ledger.h"
#include "app/patches_verified.h"
#include "app/wire.h"
#include "base/csv.h"
#include "base/text.h"
#include "workflow/patch_ledger.h"

namespace sallyport {
namespace {

struct Opened {
  std::unique_ptr<Ledger> ledger;
  PatchLedger patches;
};

std::optional<Opened> OpenPatches(const CommonArguments& common, const Clock& clock, ExitCode& code) {
  Opened opened;
  opened.ledger = OpenLedgerToLook(common, clock, code);
  if (!opened.ledger) return std::nullopt;
  auto patches = ReadPatchLedger(opened.ledger.get());
  if (!patches.ok()) {
    Complain(patches.error());
    code = ExitCode::kStorage;
    return std::nullopt;
  }
  opened.patches = *std::move(patches);
  const ActionKinds kinds = KindsOf(ProductActions());
  if (const Status verified = ShowVerified(*opened.ledger, kinds, opened.patches); !verified.ok()) {
    Complain(verified.error().In("what became of the rules that were assigned is not all known"));
    code = ExitCode::kStorage;
  }
  return opened;
}

std::string Number(double number, int digits = 1) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string StateOfPatch(const PatchEntry& entry) {
  if (entry.finding.vanished) return "gone";
  if (entry.finding.status == FindingStatus::kClosed) return "patched";
  if (entry.finding.status == FindingStatus::kSuppressed) return "suppressed";
  if (entry.finding.fix_available == "YES") return "fix available";
  if (entry.finding.fix_available == "NO") return "no fix yet";
  return entry.finding.fix_available.empty() ? "open" : "fix " + ToLowerAscii(entry.finding.fix_available);
}

// What one CVE comes to.
struct CveSum {
  double severity = 0;
  bool exploit = false;
  std::set<std::string> open;
  std::set<std::string> covered;
  std::set<std::string> closed;
  double days_covered = 0;
  double days_open = 0;
};

std::map<std::string, CveSum> SumUp(const PatchLedger& ledger, bool all, TimePoint now) {
  std::map<std::string, CveSum> sums;
  for (const auto& [key, entry] : ledger.entries) {
    if (entry.closed_at && !all) continue;
    for (const std::string& cve : entry.finding.cves) {
      CveSum& sum = sums[cve];
      sum.severity = std::max(sum.severity, entry.finding.severity);
      sum.exploit = sum.exploit || entry.finding.exploit_available;
      const std::string host = entry.finding.host.Subject();
      (entry.closed_at ? sum.closed : sum.open).insert(host);
      sum.days_open += DaysOpen(entry, now);
      const auto cover = entry.covers.find(cve);
      if (cover == entry.covers.end()) continue;
      if (!entry.closed_at && Prevents(cover->second.state)) sum.covered.insert(host);
      sum.days_covered += DaysCovered(cover->second, entry, now);
    }
  }
  return sums;
}

// What became of the change: the ledger's word for its action.
Result<std::string> StateOfChange(Ledger& ledger, const PatchPlaced& placed) {
  const auto action = ledger.FindCarriedOut(placed.key, ActionNumber{0});
  if (!action.ok()) return action.error();
  if (!action->has_value()) return std::string("planned, not carried out");
  return std::string(ToString((**action).state)) + ((**action).reason.empty() ? "" : ": " + (**action).reason);
}

void WriteEntryJson(JsonWriter& out, const PatchEntry& entry, const std::string& cve, TimePoint now) {
  const auto cover = entry.covers.find(cve);
  const Host& host = entry.finding.host;
  out.BeginObject().Member("cve", cve).Member("account", host.account).Member("region", host.region);
  out.Member("instance", host.instance.value).Member("finding", entry.finding.arn);
  out.Member("status", ToString(entry.finding.status)).Member("patch", StateOfPatch(entry));
  out.Member("fixed_in", entry.finding.fixed_in).Key("severity").Double(entry.finding.severity);
  out.Member("updated_at", FormatTime(entry.finding.updated));
  if (entry.closed_at) out.Member("closed_at", FormatTime(*entry.closed_at));
  out.Key("days_open").Double(DaysOpen(entry, now));
  if (cover != entry.covers.end()) {
    out.Member("coverage", ToString(cover->second.state)).Member("why", cover->second.why);
    if (cover->second.looked_at) out.Member("looked_at", FormatTime(*cover->second.looked_at));
    if (cover->second.since) out.Member("since", FormatTime(*cover->second.since));
    out.Key("rules").BeginArray();
    for (const RuleId rule : cover->second.rules) out.Int(rule.value);
    out.EndArray().Key("days_covered").Double(DaysCovered(cover->second, entry, now));
  }
  out.EndObject();
}

std::string EntryText(const PatchEntry& entry, const std::string& cve, TimePoint now) {
  const auto cover = entry.covers.find(cve);
  std::string text = "  " + cve + "  " + NameOf(entry.finding.host) + ", account " + entry.finding.host.account + "\n";
  text += "    finding   " + std::string(ToString(entry.finding.status)) + " since " +
          FormatTime(entry.finding.updated) + ", open for " + Number(DaysOpen(entry, now)) + " days\n";
  text += "    patch     " + StateOfPatch(entry) +
          (entry.finding.fixed_in.empty() ? "" : ", fixed in " + entry.finding.fixed_in) + "\n";
  if (cover == entry.covers.end()) return text + "    coverage  not looked at\n";
  text +=
      "    coverage  " + std::string(ToString(cover->second.state)) + ": " + Printable(cover->second.why, 300) + "\n";
  if (cover->second.since || cover->second.days_before > 0) {
    text += "    covered   " + Number(DaysCovered(cover->second, entry, now)) + " days" +
            (cover->second.since ? ", since " + FormatTime(*cover->second.since) : "") + "\n";
  }
  return text;
}

std::string CsvLine(const PatchEntry& entry, const std::string& cve, TimePoint now) {
  const auto cover = entry.covers.find(cve);
  const bool known = cover != entry.covers.end();
  std::string rules;
  if (known) {
    for (const RuleId rule : cover->second.rules) rules += (rules.empty() ? "" : " ") + std::to_string(rule.value);
  }
  const Host& host = entry.finding.host;
  return cve + "," + host.account + "," + host.region + "," + host.instance.value + "," +
         std::string(ToString(entry.finding.status)) + "," + CsvCell(StateOfPatch(entry)) + "," +
         CsvCell(entry.finding.fixed_in) + "," + Number(entry.finding.severity) + "," +
         (known ? std::string(ToString(cover->second.state)) : "") + "," + rules + "," +
         (known && cover->second.since ? FormatTime(*cover->second.since) : "") + "," +
         Number(DaysOpen(entry, now), 3) + "," + (known ? Number(DaysCovered(cover->second, entry, now), 3) : "0") +
         "\n";
}

}  // namespace

ExitCode PatchesListCommand(const CommonArguments& common, const PatchesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto opened = OpenPatches(common, clock, code);
  if (!opened) return code;
  const auto sums = SumUp(opened->patches, arguments.all, clock.Now());
  std::vector<std::pair<std::string, const CveSum*>> lines;
  double covered = 0;
  double open = 0;
  for (const auto& [cve, sum] : sums) {
    lines.emplace_back(cve, &sum);
    covered += sum.days_covered;
    open += sum.days_open;
  }
  std::stable_sort(lines.begin(), lines.end(), [](const auto& one, const auto& other) {
    if (one.second->exploit != other.second->exploit) return one.second->exploit;
    return one.second->severity > other.second->severity;
  });
  std::string text = "CVE                   SEVERITY  EXPLOIT  OPEN HOSTS  COVERED  CLOSED  DAYS OPEN  DAYS COVERED\n";
  for (const auto& [cve, sum] : lines) {
    if (arguments.json) {
      JsonWriter out;
      out.BeginObject().Member("cve", cve).Key("severity").Double(sum->severity).Member("exploit", sum->exploit);
      out.Member("open_hosts", static_cast<std::int64_t>(sum->open.size()));
      out.Member("covered_hosts", static_cast<std::int64_t>(sum->covered.size()));
      out.Member("closed_hosts", static_cast<std::int64_t>(sum->closed.size()));
      out.Key("days_open").Double(sum->days_open).Key("days_covered").Double(sum->days_covered);
      Print(out.EndObject().Take() + "\n");
      continue;
    }
    std::array<char, 200> row{};
    std::snprintf(row.data(), row.size(), "%-20s  %8.1f  %-7s  %10zu  %7zu  %6zu  %9.1f  %12.1f\n", cve.c_str(),
                  sum->severity, sum->exploit ? "yes" : "-", sum->open.size(), sum->covered.size(), sum->closed.size(),
                  sum->days_open, sum->days_covered);
    text += row.data();
  }
  if (arguments.json) return code;
  if (lines.empty()) text = "the patch ledger holds no open finding\n";
  if (!lines.empty()) {
    text += Number(covered) + " of " + Number(open) + " risk days (host, CVE and day) were covered by a rule\n";
  }
  Print(text);
  return code;
}

ExitCode PatchesShowCommand(const CommonArguments& common, const PatchesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto opened = OpenPatches(common, clock, code);
  if (!opened) return code;
  const auto cve = CveId(arguments.what);
  if (!cve && !ParseInstanceId(arguments.what).ok()) {
    Complain("`" + Printable(arguments.what, 60) + "` is neither a CVE nor an instance id");
    return ExitCode::kUsage;
  }
  bool any = false;
  std::set<std::string> cves;
  for (const auto& [key, entry] : opened->patches.entries) {
    if (!cve && entry.finding.host.instance.value != arguments.what) continue;
    for (const std::string& one : entry.finding.cves) {
      if (cve && one != *cve) continue;
      any = true;
      cves.insert(one);
      if (arguments.json) {
        JsonWriter out;
        WriteEntryJson(out, entry, one, clock.Now());
        Print(out.Take() + "\n");
      } else {
        Print(EntryText(entry, one, clock.Now()));
      }
    }
  }
  if (!any) {
    Complain("the patch ledger holds nothing about `" + Printable(arguments.what, 60) + "`");
    return ExitCode::kUsage;
  }
  if (arguments.json) return code;
  ExitCode worst = code;
  for (const PatchPlaced& placed : opened->patches.placed) {
    const bool concerns =
        std::any_of(placed.cves.begin(), placed.cves.end(), [&](const std::string& one) { return cves.contains(one); });
    if (!concerns) continue;
    const auto state = StateOfChange(*opened->ledger, placed);
    if (!state.ok()) worst = ExitCode::kStorage;
    Print("  change    " + CountText(placed.rules.size(), "rule") + " at " +
          (placed.child.empty() ? "" : "`" + Printable(placed.child, 80) + "` below ") + swp::ToString(placed.scope) +
          ", planned at " + FormatTime(placed.planned_at) + ": " +
          (state.ok() ? *state : "undetermined: " + state.error().message) + "\n");
  }
  return worst;
}

ExitCode PatchesExportCommand(const CommonArguments& common, const PatchesArguments& arguments) {
  const Clock& clock = ClockOf(SeamsOf(common));
  ExitCode code = ExitCode::kOk;
  const auto opened = OpenPatches(common, clock, code);
  if (!opened) return code;
  if (arguments.csv) {
    Print("cve,account,region,instance,status,patch,fixed_in,severity,coverage,rules,since,days_open,days_covered\n");
  }
  for (const auto& [key, entry] : opened->patches.entries) {
    if (entry.closed_at && !arguments.all) continue;
    for (const std::string& cve : entry.finding.cves) {
      if (arguments.csv) {
        Print(CsvLine(entry, cve, clock.Now()));
        continue;
      }
      JsonWriter out;
      WriteEntryJson(out, entry, cve, clock.Now());
      Print(out.Take() + "\n");
    }
  }
  return code;
}

}  // namespace sallyport
