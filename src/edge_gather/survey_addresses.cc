// SPDX-License-Identifier: Apache-2.0
//
// Whose addresses are that no instance has: ECS tasks, network interfaces.
#include <algorithm>
#include <unordered_set>

#include "edge_gather/survey_parts.h"

namespace sallyport::edge {
namespace {

constexpr std::size_t kDescribedTasks = 100;

}  // namespace

void Survey::ListClusters(PlaceFacts& facts) {
  const auto answer = At(facts.place).Call(aws::ecs::ListClusters{});
  if (!answer.ok()) return AddGap(facts, Part::kTasks, answer.error());
  if (answer->arns.size() > kMostClusters) {
    return AddGap(facts, Part::kTasks,
                  {ErrorCode::kTooLarge, "more than " + std::to_string(kMostClusters) + " ECS clusters", ""});
  }
  const std::lock_guard lock(shared_mutex_);
  for (const std::string& arn : answer->arns) clusters_.emplace_back(&facts, arn);
}

void Survey::ReadCluster(PlaceFacts& facts, const std::string& cluster) {
  const aws::Aws aws = At(facts.place);
  const auto listed = aws.Call(aws::ecs::ListTasks{.cluster = cluster});
  if (!listed.ok()) {
    if (listed.error().code != ErrorCode::kNotFound) AddGap(facts, Part::kTasks, listed.error());
    return;
  }
  if (listed->arns.size() > kMostTasks) {
    return AddGap(facts, Part::kTasks,
                  {ErrorCode::kTooLarge, "more than " + std::to_string(kMostTasks) + " tasks in " + cluster, ""});
  }
  std::vector<aws::ecs::Task> tasks;
  for (auto& chunk : InChunks(listed->arns, kDescribedTasks)) {
    auto described = aws.Call(aws::ecs::DescribeTasks{.cluster = cluster, .tasks = std::move(chunk)});
    if (!described.ok()) return AddGap(facts, Part::kTasks, described.error());
    // Only those with a network interface of their own are found by an address.
    for (aws::ecs::Task& task : described->tasks) {
      if (!task.attachments.empty()) tasks.push_back(std::move(task));
    }
  }
  AddTasks(facts, aws, cluster, tasks);
}

void Survey::AddTasks(PlaceFacts& facts, const aws::Aws& aws, const std::string& cluster,
                      const std::vector<aws::ecs::Task>& tasks) {
  std::set<std::string> wanted;
  for (const aws::ecs::Task& task : tasks) {
    if (!task.container_instance_arn.empty()) wanted.insert(task.container_instance_arn);
  }
  std::map<std::string, std::string> instances;
  for (auto& chunk : InChunks(std::vector<std::string>(wanted.begin(), wanted.end()), kDescribedTasks)) {
    const auto described =
        aws.Call(aws::ecs::DescribeContainerInstances{.cluster = cluster, .instances = std::move(chunk)});
    if (!described.ok()) return AddGap(facts, Part::kTasks, described.error());
    for (const aws::ecs::ContainerInstance& one : described->instances) instances[one.arn] = one.instance_id;
  }
  std::vector<Task> made;
  for (const aws::ecs::Task& one : tasks) {
    Task task;
    task.account = facts.place.account;
    task.region = facts.place.region;
    task.arn = one.arn;
    task.cluster = cluster;
    if (one.group.starts_with("service:")) task.service = one.group.substr(8);
    task.launch_type = one.launch_type;
    for (const aws::ecs::Attachment& attachment : one.attachments) {
      for (const aws::ecs::KeyValue& detail : attachment.details) {
        if (detail.name == "privateIPv4Address" || detail.name == "privateIPv6Address") {
          task.addresses.push_back(detail.value);
        }
      }
    }
    const auto instance = instances.find(one.container_instance_arn);
    if (instance != instances.end()) task.instance = instance->second;
    if (!task.addresses.empty()) made.push_back(std::move(task));
  }
  const std::lock_guard lock(facts.gaps_mutex);
  std::move(made.begin(), made.end(), std::back_inserter(facts.tasks));
}

std::vector<std::set<std::string>> Survey::UnknownAddresses() const {
  std::unordered_set<std::string> known;
  for (const auto& owned : places_) {
    for (const Host& host : owned->hosts) known.insert(host.addresses.begin(), host.addresses.end());
    for (const Task& task : owned->tasks) known.insert(task.addresses.begin(), task.addresses.end());
  }
  std::vector<std::set<std::string>> unknown(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    for (const TargetGroup& group : places_[i]->groups) {
      for (const Target& target : group.targets) {
        const bool here = group.kind == TargetKind::kIp && !target.outside_vpc;
        if (here && !known.contains(target.id)) unknown[i].insert(target.id);
      }
    }
  }
  return unknown;
}

void Survey::ExplainAddresses() {
  auto unknown = UnknownAddresses();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (unknown[i].empty()) continue;
    PlaceFacts* facts = places_[i].get();
    jobs_.Add(LaneOf(facts->place, "ecs"), [this, facts] { ListClusters(*facts); });
  }
  Run();
  for (const auto& [facts, arn] : clusters_) {
    PlaceFacts* to = facts;
    jobs_.Add(LaneOf(facts->place, "tasks"), [this, to, cluster = arn] { ReadCluster(*to, cluster); });
  }
  Run();
  unknown = UnknownAddresses();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    PlaceFacts* facts = places_[i].get();
    for (auto& chunk : InChunks(std::vector<std::string>(unknown[i].begin(), unknown[i].end()), kFilterValues)) {
      jobs_.Add(LaneOf(facts->place, "interfaces"),
                [this, facts, addresses = chunk] { ReadInterfaces(*facts, addresses); });
    }
  }
  Run();
}

void Survey::ReadInterfaces(PlaceFacts& facts, const std::vector<std::string>& addresses) {
  const auto answer = At(facts.place)
                          .Call(aws::ec2::DescribeNetworkInterfaces{
                              .filters = {{"addresses.private-ip-address", addresses}}, .max_results = kEc2Page});
  if (!answer.ok()) return AddGap(facts, Part::kInterfaces, answer.error());
  const std::lock_guard lock(facts.gaps_mutex);
  for (const aws::ec2::ListedInterface& one : answer->interfaces) {
    std::vector<std::string> own = one.private_ips;
    if (own.empty()) own.push_back(one.private_ip);
    facts.interfaces.push_back({facts.place.account, facts.place.region, one.vpc_id, std::move(own), one.instance,
                                one.description.empty() ? one.type : one.description});
  }
}

}  // namespace sallyport::edge
