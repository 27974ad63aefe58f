// SPDX-License-Identifier: Apache-2.0
//
// Any bytes -> events -> findings. What must hold for all of them stops the program when it does not.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounds.h"
#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "event/parse.h"
#include "fuzz/same_json.h"
#include "workflow/guardduty_finding.h"
#include "workflow/tables.h"

namespace sallyport {
namespace {

constexpr std::size_t kLongestMessage = std::size_t{16} * 1024;

// What we say ourselves, with outside text in it, is one line that can be shown anywhere.
void CheckWords(const std::string& words) {
  Check(!words.empty(), "a message says something");
  Check(words.size() <= kLongestMessage, "a message is short");
  Check(Printable(words, words.size()) == words, "a message can be shown as it is");
}

void CheckAll(const std::vector<std::string>& texts) {
  Check(texts.size() <= 2 * bounds::kHostsPerFinding + 16, "notes are bounded");
  for (const std::string& text : texts) CheckWords(text);
}

void CheckHost(const AffectedHost& host) {
  Check(ParseInstanceId(host.instance.value).ok(), "an instance id has its form");
  Check(host.account.find_first_not_of("0123456789") == std::string::npos, "an account is all digits");
  Check(host.region.empty() || ParseRegion(host.region).ok(), "a region has its form");
  Check(!host.found_in.empty(), "a host says where it was found");
  Check(!host.tags || host.tags->size() <= bounds::kTagsPerHost, "tags are bounded");
}

void CheckFinding(const Result<GuardDutyFinding>& finding) {
  if (!finding.ok()) return CheckWords(finding.error().ToText());
  Check(!finding->id.empty() && !finding->type.empty(), "a finding has an id and a type");
  Check(finding->severity >= 0 && finding->severity <= 10, "severity is in its range");
  Check(finding->hosts.size() <= bounds::kHostsPerFinding, "hosts are bounded");
  Check(finding->hosts.empty() == !finding->no_host_reason.empty(), "either hosts or a reason");
  for (const AffectedHost& host : finding->hosts) CheckHost(host);
  if (!finding->no_host_reason.empty()) CheckWords(finding->no_host_reason);
  CheckAll(finding->notes);
  CheckAll(finding->beyond_hosts);
}

std::string Enveloped(const Event& event) {
  JsonWriter json;
  json.BeginObject().Member("source", event.source).Member("detail-type", event.detail_type);
  json.Member("account", event.account).Member("region", event.region);
  json.Key("detail").Raw(event.detail.ToText()).EndObject();
  return json.Take();
}

const BareForms& Forms() {
  static const BareForms forms = ProductTables().Forms();
  return forms;
}

void CheckEvent(const Event& event) {
  Check(event.detail.IsObject(), "detail is an object");
  Check(!event.source.empty() && !event.detail_type.empty(), "an event says what it is");
  const std::vector<Arrival> again = ParseDocument(Enveloped(event), "again", Forms());
  Check(again.size() == 1 && again[0].event.ok(), "an event put in an envelope is an event");
  Check(SameJson(again[0].event->detail, event.detail), "its detail comes back the same");
  CheckFinding(ReadGuardDutyFinding(event));
}

void CheckArrivals(const std::vector<Arrival>& arrivals) {
  Check(!arrivals.empty(), "any input gives an event or an error");
  for (const Arrival& arrival : arrivals) {
    CheckWords(arrival.origin);
    if (arrival.event.ok()) {
      Check(arrival.event->origin == arrival.origin, "event and arrival agree on the origin");
      CheckEvent(*arrival.event);
    } else {
      Check(arrival.event.error().message.starts_with(arrival.origin), "an error names its origin");
      CheckWords(arrival.event.error().ToText());
    }
  }
}

}  // namespace
}  // namespace sallyport

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  sallyport::CheckArrivals(sallyport::ParseDocument(bytes, "fuzz", sallyport::Forms()));
  sallyport::CheckArrivals(sallyport::ParseInput(bytes, "fuzz", sallyport::Forms()));
  return 0;
}
