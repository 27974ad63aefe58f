// SPDX-License-Identifier: Apache-2.0
//
// Lists of Inspector, page by page, over the accounts and regions of the settings: those of our own account, and of
// every account that a role is listed for. What could not be read is said place by place; nothing of it counts as gone.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/aws_connection.h"
#include "aws/call.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "workflow/inspector_finding.h"

namespace sallyport {

struct InspectorListing {
  std::set<std::string> whole;      // "111122223333/us-east-1": read to the end
  std::vector<std::string> unread;  // "account 444455556666, eu-west-1: ..."
  std::size_t met = 0;
};

class InspectorLists {
 public:
  // References outlive it.
  InspectorLists(LazyAws& aws, const AwsSettings& settings, Logger& log) : aws_(aws), settings_(settings), log_(log) {}

  // So far nothing was asked: connects, and finds out which accounts and regions there are. An Error: not even that.
  Status Begin();
  // Findings about EC2 instances that were updated from `since` (nothing: ever) to `until`, in fixed bounds: a moving
  // end breaks page tokens. `active_alone`: no others. `visit` may see a finding twice when a page token expires.
  void Findings(std::optional<TimePoint> since, TimePoint until, bool active_alone,
                const std::function<void(const InspectorFinding& finding, const Json& raw)>& visit,
                InspectorListing& listing);
  // Instances that Inspector does not scan, by account/region/instance, and why.
  std::map<std::string, std::string> NotScanned(InspectorListing& listing);

 private:
  struct Place {
    std::string account;  // twelve digits
    std::string region;
  };
  aws::Aws At(const Place& place) const;
  Status OfPlace(const Place& place, const Json& filter,
                 const std::function<void(const InspectorFinding&, const Json&)>& visit, InspectorListing& listing);
  static void NoteUnread(const Place& place, const Error& error, InspectorListing& listing);

  LazyAws& aws_;
  const AwsSettings& settings_;
  Logger& log_;
  std::string home_;
  std::unique_ptr<AwsConnection::Sender> sender_;
  std::vector<Place> places_;
  std::vector<std::string> places_unread_;
};

}  // namespace sallyport
