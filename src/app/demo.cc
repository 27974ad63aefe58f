// SPDX-License-Identifier: Apache-2.0
//
// sallyport demo: every workflow against a simulated SWP manager and a simulated AWS, over real HTTP, with the ordinary
// parts. In short, or with everything that was decided (--verbose).
#include "app/demo.h"

#include "app/commands.h"
#include "app/console.h"
#include "base/text.h"
#include "ledger/render.h"
#include "ledger/sqlite_ledger.h"
#include "ledger/view.h"

namespace sallyport {
namespace {

constexpr std::size_t kCasesShown = 40;

struct DemoPart {
  std::string_view name;
  bool (*run)(DemoWorld& world, bool verbose);
};
constexpr DemoPart kDemoParts[] = {{"GuardDuty", DemoFindings}, {"Macie", DemoBuckets},     {"WAF", DemoWaf},
                                   {"approval", DemoApproval},  {"Inspector", DemoPatches}, {"AWS Config", DemoConfig}};

// All chapters have written into one ledger.
bool PrintCases(DemoWorld& world) {
  const auto ledger = SqliteLedger::OpenToLook(world.folder() + "/ledger.db", world.clock());
  if (!ledger.ok()) {
    Complain(ledger.error());
    return false;
  }
  const auto cases = (*ledger)->ListCases({.limit = kCasesShown});
  if (!cases.ok()) {
    Complain(cases.error());
    return false;
  }
  Print(Paint(WantsColor()).Bold("Cases") + "\n" +
        RenderTable(CaseOverview(*cases, world.clock().Now()), WantsColor()));
  return true;
}

void PrintEnd(const DemoWorld& world, bool keep) {
  if (!keep) {
    return Print("Left behind: " + world.folder() +
                 "/waf.html, a page to look at. --keep keeps the ledger too, --verbose shows every decision.\n");
  }
  const std::string command = "  sallyport --ledger " + world.folder() + "/ledger.db ";
  Print("The ledger is kept:\n" + command + "cases show 1\n" + command + "ledger verify\n");
}

}  // namespace

ExitCode DemoCommand(const DemoArguments& arguments) {
  const auto world = DemoWorld::Start(arguments.keep);
  if (!world.ok()) {
    Complain(world.error());
    return ExitCode::kInternal;
  }
  Print(Paint(WantsColor()).Bold("Sallyport demo") + ": a simulated SWP manager at " + (*world)->swp_url() +
        ", a simulated AWS at " + (*world)->aws_url() + "; what is waited for passes at once\n\n");
  std::string otherwise;
  for (const DemoPart& part : kDemoParts) {
    if (!part.run(**world, arguments.verbose)) {
      otherwise += (otherwise.empty() ? "" : ", ") + std::string(part.name);
    }
    Print("\n");
  }
  const bool printed = PrintCases(**world);
  PrintEnd(**world, arguments.keep);
  if (!otherwise.empty() || !printed) {
    Complain("the demo did not come out as meant" + (otherwise.empty() ? "" : ": " + otherwise));
    return ExitCode::kFailed;
  }
  Print("All " + CountText(std::size(kDemoParts), "chapter") + " came out as meant.\n");
  return ExitCode::kOk;
}

}  // namespace sallyport
