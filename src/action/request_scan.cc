// SPDX-License-Identifier: Apache-2.0
#include "action/request_scan.h"

namespace sallyport {

std::string RequestScan::What() const {
  return std::string(swp::ApiName(kind));
}

std::string RequestScan::Subject() const {
  return NameOf(computer);
}

std::string RequestScan::Describe() const {
  return std::string(swp::DisplayName(kind)) + " on " + NameOf(host) + ", " + NameOf(computer);
}

WritesTo RequestScan::Writes() const {
  return joins ? WritesTo::Nothing() : WritesTo::Swp();
}

std::string RequestScan::Undo() const {
  return "nothing to undo: a scan changes no protection";
}

// Which scan it joins is the moment's; whether it joins one is not.
bool RequestScan::SameDecision(const RequestScan& now) const {
  return kind == now.kind && computer == now.computer && host.Subject() == now.host.Subject() &&
         apply_results == now.apply_results && joins.has_value() == now.joins.has_value();
}

void RequestScan::DescribeJson(Members& json) {
  json("host", host).Word("scan", kind, swp::ApiName, swp::ScanKindFromApiName, "scan")("computer", computer);
  if (kind == swp::ScanKind::kRecommendation) json("apply_results", apply_results);
  if (!json.Has("joins_task", joins.has_value())) return;
  if (!joins) joins.emplace();
  json("joins_task", joins->task)("joins_since", joins->since);
}

}  // namespace sallyport
