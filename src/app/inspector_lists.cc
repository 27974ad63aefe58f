// SPDX-License-Identifier: Apache-2.0
#include "app/inspector_lists.h"

#include <algorithm>

#include "aws_api/ec2.h"
#include "aws_api/inspector2.h"
#include "aws_api/inspector2_coverage.h"
#include "base/text.h"

namespace sallyport {
namespace {

constexpr std::int64_t kPage = 100;  // Inspector's most
constexpr int kMostPages = 10'000;

double Seconds(TimePoint time) {
  return static_cast<double>(ToEpochMilliseconds(time)) / 1000;
}

Json FilterOf(std::optional<TimePoint> since, TimePoint until, bool active_alone) {
  JsonWriter out;
  const auto equals = [&](std::string_view member, std::string_view value) {
    out.Key(member).BeginArray().BeginObject().Member("comparison", "EQUALS").Member("value", value);
    out.EndObject().EndArray();
  };
  out.BeginObject();
  equals("resourceType", "AWS_EC2_INSTANCE");
  if (active_alone) equals("findingStatus", "ACTIVE");
  out.Key("updatedAt").BeginArray().BeginObject();
  if (since) out.Key("startInclusive").Double(Seconds(*since));
  out.Key("endInclusive").Double(Seconds(until)).EndObject().EndArray().EndObject();
  return *Json::Parse(out.Take());
}

// Inspector in a region where it is switched off refuses every call.
std::string WhyUnread(const Error& error) {
  if (error.code == ErrorCode::kForbidden) {
    return error.message + " (Inspector is switched off there, or the role may not list)";
  }
  return error.ToText();
}

}  // namespace

aws::Aws InspectorLists::At(const Place& place) const {
  return {sender_->transport(), {place.account == home_ ? "" : place.account, place.region}};
}

void InspectorLists::NoteUnread(const Place& place, const Error& error, InspectorListing& listing) {
  listing.unread.push_back("account " + place.account + ", " + place.region + ": " + WhyUnread(error));
}

Status InspectorLists::Begin() {
  const auto connection = aws_.Connect(std::nullopt);
  if (!connection.ok()) return connection.error();
  const AwsIdentity& identity = (*connection)->identity();
  home_ = identity.account;
  sender_ = (*connection)->NewSender(log_, std::nullopt);
  std::vector<std::string> accounts = {home_};
  for (const auto& [account, role] : settings_.accounts) {
    if (account != home_) accounts.push_back(account);
  }
  for (const std::string& account : accounts) {
    std::vector<std::string> regions = settings_.regions;
    if (regions.empty()) {
      const auto answer = At({account, identity.region}).Call(aws::ec2::DescribeRegions{});
      if (!answer.ok()) {
        places_unread_.push_back("account " + account + ", which regions it has: " + answer.error().ToText());
        continue;
      }
      for (const aws::ec2::Region& region : answer->regions) {
        if (region.opt_in_status != "not-opted-in") regions.push_back(region.name);
      }
    }
    for (std::string& region : regions) places_.push_back({account, std::move(region)});
  }
  return Ok();
}

Status InspectorLists::OfPlace(const Place& place, const Json& filter,
                               const std::function<void(const InspectorFinding&, const Json&)>& visit,
                               InspectorListing& listing) {
  std::string token;
  for (int page = 0; page < kMostPages; ++page) {
    aws::inspector2::ListFindings ask;
    ask.filter = filter;
    ask.max_results = kPage;
    ask.page_token = token;
    auto answer = At(place).Page(std::move(ask));
    if (!answer.ok()) return answer.error();
    for (const Json& raw : answer->findings) {
      JsonFields fields;
      const InspectorFinding finding = ReadInspectorFinding(raw.AsDocument(), place.account, place.region, fields);
      // One finding that cannot be read makes the place unread: it must not count as gone.
      if (!fields.status().ok()) return fields.status().error();
      ++listing.met;
      visit(finding, raw);
    }
    if (answer->next_page.empty()) return Ok();
    if (answer->next_page == token) {
      return Error{ErrorCode::kBadAnswer, "Inspector's list does not advance: the page token comes again", ""};
    }
    token = answer->next_page;
  }
  return Error{ErrorCode::kTooLarge, "Inspector's list has more than " + std::to_string(kMostPages) + " pages", ""};
}

void InspectorLists::Findings(std::optional<TimePoint> since, TimePoint until, bool active_alone,
                              const std::function<void(const InspectorFinding&, const Json&)>& visit,
                              InspectorListing& listing) {
  listing.unread = places_unread_;
  const Json filter = FilterOf(since, until, active_alone);
  for (const Place& place : places_) {
    Status read = OfPlace(place, filter, visit, listing);
    // A page token that expired: the list is read once more from its beginning.
    if (!read.ok() && read.error().code == ErrorCode::kInvalidInput) read = OfPlace(place, filter, visit, listing);
    if (read.ok()) {
      listing.whole.insert(place.account + "/" + place.region);
    } else {
      NoteUnread(place, read.error(), listing);
    }
  }
}

std::map<std::string, std::string> InspectorLists::NotScanned(InspectorListing& listing) {
  std::map<std::string, std::string> not_scanned;
  const Json filter = *Json::Parse(R"({"resourceType":[{"comparison":"EQUALS","value":"AWS_EC2_INSTANCE"}]})");
  for (const Place& place : places_) {
    aws::inspector2::ListCoverage ask;
    ask.filter = filter;
    ask.max_results = kPage;
    const auto answer = At(place).Call(std::move(ask));
    if (!answer.ok()) {
      NoteUnread(place, answer.error().In("which instances are scanned"), listing);
      continue;
    }
    for (const Json& covered : answer->covered) {
      if (covered["scanStatus"]["statusCode"].StringOr("") == "ACTIVE") continue;
      not_scanned[covered["accountId"].StringOr(place.account) + "/" + place.region + "/" +
                  Printable(covered["resourceId"].StringOr(""), 40)] =
          Printable(covered["scanStatus"]["reason"].StringOr("not said why"), 60);
    }
  }
  return not_scanned;
}

}  // namespace sallyport
