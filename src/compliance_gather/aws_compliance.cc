// SPDX-License-Identifier: Apache-2.0
#include "compliance_gather/aws_compliance.h"

#include <algorithm>
#include <set>

#include "aws/bounds.h"
#include "aws_api/config_compliance.h"
#include "aws_api/config_service.h"
#include "aws_api/ec2.h"
#include "aws_api/ecs.h"
#include "base/json.h"

namespace sallyport::compliance {
namespace {

// The most that each operation takes (contract aws-api, section 6).
constexpr std::int64_t kInstancesPerPage = 1'000;
constexpr std::int64_t kJudgedPerPage = 100;
constexpr std::size_t kContainersPerCall = 100;

// Every page of a listing, one after the other, so that an account of any size takes the memory of one page.
template <class Request>
Status VisitPages(const aws::Aws& aws, Request request, const std::function<void(typename Request::Answer&)>& visit) {
  std::set<std::string> seen;
  while (seen.size() <= aws::bounds::kPages) {
    auto page = aws.Page(request);
    if (!page.ok()) return page.error();
    visit(*page);
    if (page->next_page.empty()) return Ok();
    if (!seen.insert(page->next_page).second) {
      return Error{ErrorCode::kBadAnswer, "AWS gave the same page token twice", "try again"};
    }
    request.page_token = page->next_page;
  }
  return Error{ErrorCode::kTooLarge, "the list has more than " + std::to_string(aws::bounds::kPages) + " pages", ""};
}

Resource ResourceOf(const std::string& account, aws::ec2::Instance& instance) {
  Resource resource;
  resource.instance = InstanceId{std::move(instance.id)};
  resource.account = account;
  resource.state = std::move(instance.state);
  resource.launched = instance.launched;
  resource.tags.emplace();
  for (aws::ec2::Tag& tag : instance.tags) resource.tags->push_back({std::move(tag.key), std::move(tag.value)});
  return resource;
}

// The tags inside the item's configuration: a list of `key` and `value`.
std::optional<std::vector<swp::Tag>> TagsIn(const Json& configuration) {
  if (!configuration["tags"].IsArray()) return std::nullopt;
  std::vector<swp::Tag> tags;
  for (const Json& tag : configuration["tags"].Elements()) {
    if (!tag["key"].IsString()) return std::nullopt;
    tags.push_back({tag["key"].StringOr(""), tag["value"].StringOr("")});
  }
  return tags;
}

std::string NameOfCluster(const std::string& arn) {
  return arn.substr(arn.rfind('/') + 1);
}

}  // namespace

Result<aws::Aws> AwsCompliance::At(const Place& place) const {
  const auto way = way_to_(place);
  if (!way.ok()) return way.error();
  return aws::Aws(**way, {place.account, place.region});
}

Status AwsCompliance::VisitInstances(const Place& place, const std::function<void(Resource)>& visit) const {
  const auto aws = At(place);
  if (!aws.ok()) return aws.error();
  return VisitPages<aws::ec2::DescribeInstances>(*aws, {.max_results = kInstancesPerPage}, [&](auto& page) {
    for (aws::ec2::Reservation& reservation : page.reservations) {
      for (aws::ec2::Instance& instance : reservation.instances) visit(ResourceOf(place.account, instance));
    }
  });
}

Result<std::map<InstanceId, std::string>> AwsCompliance::ContainerHosts(const Place& place) const {
  const auto aws = At(place);
  if (!aws.ok()) return aws.error();
  const auto clusters = aws->Call(aws::ecs::ListClusters{});
  if (!clusters.ok()) return clusters.error();
  std::map<InstanceId, std::string> hosts;
  for (const std::string& cluster : clusters->arns) {
    const auto listed = aws->Call(aws::ecs::ListContainerInstances{.cluster = cluster});
    if (!listed.ok()) return listed.error();
    for (std::size_t at = 0; at < listed->arns.size(); at += kContainersPerCall) {
      const std::size_t end = std::min(at + kContainersPerCall, listed->arns.size());
      std::vector<std::string> some(listed->arns.begin() + static_cast<std::ptrdiff_t>(at),
                                    listed->arns.begin() + static_cast<std::ptrdiff_t>(end));
      const auto described =
          aws->Call(aws::ecs::DescribeContainerInstances{.cluster = cluster, .instances = std::move(some)});
      if (!described.ok()) return described.error();
      for (const aws::ecs::ContainerInstance& one : described->instances) {
        if (const auto id = ParseInstanceId(one.instance_id); id.ok()) hosts[*id] = NameOfCluster(cluster);
      }
    }
  }
  return hosts;
}

Status AwsCompliance::VisitJudged(const Place& place, const std::string& rule_name,
                                  const std::function<void(const std::string& resource_id)>& visit) const {
  const auto aws = At(place);
  if (!aws.ok()) return aws.error();
  return VisitPages<aws::config_service::GetComplianceDetailsByConfigRule>(
      *aws, {.rule_name = rule_name, .compliance_types = {"COMPLIANT", "NON_COMPLIANT"}, .limit = kJudgedPerPage},
      [&](auto& page) {
        for (const aws::config_service::EvaluationResult& result : page.results) {
          const auto& of = result.identifier.qualifier;
          if (of.resource_type == kInstanceType) visit(of.resource_id);
        }
      });
}

Result<Resource> AwsCompliance::RecordedItem(const Place& place, const InstanceId& instance, TimePoint captured) const {
  const auto aws = At(place);
  if (!aws.ok()) return aws.error();
  const auto history = aws->Page(aws::config_service::GetResourceConfigHistory{
      .resource_type = std::string(kInstanceType), .resource_id = instance.value, .later_time = captured, .limit = 1});
  if (!history.ok()) return history.error();
  if (history->items.empty()) {
    return Error{ErrorCode::kNotFound, "AWS Config has recorded no item of " + instance.value + " up to then", ""};
  }
  const aws::config_service::ConfigurationItem& item = history->items.front();
  const auto configuration = Json::Parse(item.configuration);
  if (!configuration.ok()) return configuration.error().In("the recorded configuration of " + instance.value);
  Resource resource;
  resource.instance = instance;
  resource.account = place.account;
  resource.state = (*configuration)["state"]["name"].StringOr("");
  resource.launched = ParseTime((*configuration)["launchTime"].StringOr(""));
  resource.tags = TagsIn(*configuration);
  return resource;
}

Result<std::vector<Evaluation>> AwsCompliance::PutEvaluations(const Place& place,
                                                              const std::vector<Evaluation>& evaluations,
                                                              TimePoint ordering, const Secret& token,
                                                              bool test_mode) const {
  const auto aws = At(place);
  if (!aws.ok()) return aws.error();
  aws::config_service::PutEvaluations put;
  put.result_token = token.RevealForRequest();
  if (test_mode) put.test_mode = true;
  for (const Evaluation& one : evaluations) {
    put.evaluations.push_back(
        {one.resource_type, one.resource_id, std::string(ToString(one.compliance)), one.annotation, ordering});
  }
  const auto answer = aws->Call(std::move(put));
  if (!answer.ok()) return answer.error();
  // Which of ours they are, each once: AWS answers with what it was sent.
  std::set<std::pair<std::string, std::string>> refused;
  for (const aws::config_service::Evaluation& one : answer->failed) {
    refused.emplace(one.resource_type, one.resource_id);
  }
  std::vector<Evaluation> failed;
  for (const Evaluation& one : evaluations) {
    if (refused.contains({one.resource_type, one.resource_id})) failed.push_back(one);
  }
  if (failed.size() < refused.size()) {
    return Error{ErrorCode::kBadAnswer, "AWS Config refused a verdict that it was not sent", ""};
  }
  return failed;
}

}  // namespace sallyport::compliance
