// SPDX-License-Identifier: Apache-2.0
//
// Which instances and tasks act with a role: EC2 by instance profile, ECS by the task's role and the machine below it.
#include <algorithm>
#include <iterator>

#include "aws_api/ec2.h"
#include "aws_api/ecs.h"
#include "aws_client/fan_out.h"
#include "base/text.h"
#include "reach_gather/gather.h"

namespace sallyport::reach {
namespace {

constexpr std::size_t kFilterValues = 200;  // EC2: of one filter
constexpr std::size_t kDescribed = 100;     // ECS: of one describe call
constexpr std::int64_t kInstancesEachPage = 1'000;

struct Place {
  std::string account;
  std::string region;
  std::vector<std::string> profiles;  // of a filter; empty: all instances
};

InstanceFacts FromAws(const aws::ec2::Instance& instance, InstanceId id, const Place& place) {
  InstanceFacts facts;
  facts.account = place.account;
  facts.region = place.region;
  facts.id = std::move(id);
  facts.profile = instance.profile ? instance.profile->arn : "";
  facts.state = instance.state;
  facts.vpc = instance.vpc_id;
  facts.private_ip = instance.private_ip;
  for (const aws::ec2::Tag& tag : instance.tags) facts.tags.push_back({tag.key, tag.value});
  return facts;
}

Result<std::vector<InstanceFacts>> Describe(const aws::Aws& aws, const Place& place,
                                            std::vector<aws::ec2::Filter> filters) {
  const auto answer =
      aws.Call(aws::ec2::DescribeInstances{.filters = std::move(filters), .max_results = kInstancesEachPage});
  if (!answer.ok()) return answer.error();
  std::vector<InstanceFacts> instances;
  for (const aws::ec2::Reservation& reservation : answer->reservations) {
    for (const aws::ec2::Instance& instance : reservation.instances) {
      auto id = ParseInstanceId(instance.id);
      if (!id.ok()) return id.error().In("ec2 DescribeInstances");
      instances.push_back(FromAws(instance, *std::move(id), place));
    }
  }
  return instances;
}

template <class Item>
std::vector<std::vector<Item>> Chunks(const std::vector<Item>& items, std::size_t size) {
  std::vector<std::vector<Item>> chunks;
  for (std::size_t i = 0; i < items.size(); i += size) {
    const auto first = items.begin() + static_cast<std::ptrdiff_t>(i);
    chunks.emplace_back(first, first + static_cast<std::ptrdiff_t>(std::min(size, items.size() - i)));
  }
  return chunks;
}

// The tasks of one region, with their roles and machines.
class TaskReader {
 public:
  TaskReader(aws::Aws aws, const Place& place) : aws_(std::move(aws)), place_(place) {}

  Result<std::vector<TaskFacts>> Read() {
    const auto clusters = aws_.Call(aws::ecs::ListClusters{});
    if (!clusters.ok()) return clusters.error();
    if (clusters->arns.size() > Gatherer::kMostClusters) {
      return Error{ErrorCode::kTooLarge, "more than " + std::to_string(Gatherer::kMostClusters) + " ECS clusters", ""};
    }
    for (const std::string& cluster : clusters->arns) {
      if (Status read = ReadCluster(cluster); !read.ok()) return read.error();
    }
    return std::move(tasks_);
  }

 private:
  Status ReadCluster(const std::string& cluster) {
    const auto listed = aws_.Call(aws::ecs::ListTasks{.cluster = cluster});
    if (!listed.ok()) return listed.error();
    if (listed->arns.size() > Gatherer::kMostTasks) {
      return Error{ErrorCode::kTooLarge,
                   "more than " + std::to_string(Gatherer::kMostTasks) + " tasks in `" + cluster + "`", ""};
    }
    machines_.clear();
    std::vector<aws::ecs::Task> tasks;
    for (auto& chunk : Chunks(listed->arns, kDescribed)) {
      auto described = aws_.Call(aws::ecs::DescribeTasks{.cluster = cluster, .tasks = std::move(chunk)});
      if (!described.ok()) return described.error();
      std::move(described->tasks.begin(), described->tasks.end(), std::back_inserter(tasks));
    }
    if (Status read = ReadMachines(cluster, tasks); !read.ok()) return read;
    for (const aws::ecs::Task& task : tasks) {
      if (Status added = Add(task); !added.ok()) return added;
    }
    return Ok();
  }

  Status ReadMachines(const std::string& cluster, const std::vector<aws::ecs::Task>& tasks) {
    std::set<std::string> wanted;
    for (const aws::ecs::Task& task : tasks) {
      if (!task.container_instance_arn.empty()) wanted.insert(task.container_instance_arn);
    }
    for (auto& chunk : Chunks(std::vector<std::string>(wanted.begin(), wanted.end()), kDescribed)) {
      const auto described =
          aws_.Call(aws::ecs::DescribeContainerInstances{.cluster = cluster, .instances = std::move(chunk)});
      if (!described.ok()) return described.error();
      for (const aws::ecs::ContainerInstance& one : described->instances) machines_[one.arn] = one.instance_id;
    }
    return Ok();
  }

  Result<std::string> RoleOf(const aws::ecs::Task& task) {
    if (!task.overrides.task_role_arn.empty()) return task.overrides.task_role_arn;
    if (task.task_definition_arn.empty()) return std::string();
    const auto known = roles_.find(task.task_definition_arn);
    if (known != roles_.end()) return known->second;
    const auto described = aws_.Call(aws::ecs::DescribeTaskDefinition{.definition = task.task_definition_arn});
    if (!described.ok()) return described.error();
    return roles_[task.task_definition_arn] = described->definition.task_role_arn;
  }

  Status Add(const aws::ecs::Task& task) {
    const auto role = RoleOf(task);
    if (!role.ok()) return role.error();
    if (role->empty()) return Ok();
    TaskFacts facts{place_.account, place_.region, task.arn, *role, task.group, task.launch_type, std::nullopt};
    const auto machine = machines_.find(task.container_instance_arn);
    if (machine != machines_.end()) {
      // ECS Anywhere has `mi-...`, and machines that ECS manages none.
      if (auto id = ParseInstanceId(machine->second); id.ok()) facts.instance = *std::move(id);
    }
    tasks_.push_back(std::move(facts));
    return Ok();
  }

  aws::Aws aws_;
  const Place& place_;
  std::map<std::string, std::string> machines_;  // container instance -> EC2 instance
  std::map<std::string, std::string> roles_;     // task definition -> role
  std::vector<TaskFacts> tasks_;
};

std::string LaneOf(const Place& place) {
  return place.account + "/" + place.region;
}

std::string Gap(const std::string& what, const Place& place, const Error& error) {
  return what + " of account " + place.account + " in " + place.region + " could not be read: " + error.ToText();
}

}  // namespace

Result<std::vector<std::string>> Gatherer::RegionsOf(const std::string& account) const {
  if (!options_.regions.empty()) return options_.regions;
  const auto answer = At(account, options_.home_region).Call(aws::ec2::DescribeRegions{});
  if (!answer.ok()) return answer.error();
  std::vector<std::string> regions;
  for (const aws::ec2::Region& region : answer->regions) {
    if (region.opt_in_status != "not-opted-in") regions.push_back(region.name);
  }
  return regions;
}

UseFacts Gatherer::ReadUses(const std::vector<Wanted>& wanted, const std::string& bucket_region) const {
  UseFacts uses;
  std::vector<Place> instance_places;
  std::vector<Place> task_places;
  for (const Wanted& one : wanted) {
    if (one.profiles.empty() && !one.with_tasks) continue;
    auto regions = RegionsOf(one.account);
    if (!regions.ok()) {
      const std::string fallback = bucket_region.empty() ? options_.home_region : bucket_region;
      uses.gaps.push_back("the regions of account " + one.account + " could not be read, so only " + fallback +
                          " was looked at: " + regions.error().ToText());
      regions = std::vector<std::string>{fallback};
    }
    const std::vector<std::string> profiles(one.profiles.begin(), one.profiles.end());
    for (const std::string& region : *regions) {
      if (profiles.size() > kMostProfilesInFilter) instance_places.push_back({one.account, region, {}});
      if (profiles.size() <= kMostProfilesInFilter) {
        for (auto& chunk : Chunks(profiles, kFilterValues)) instance_places.push_back({one.account, region, chunk});
      }
      if (one.with_tasks) task_places.push_back({one.account, region, {}});
    }
  }
  const aws::FanOutOptions options{.concurrency = options_.concurrency};
  const auto tasks = aws::FanOut<std::vector<TaskFacts>>(
      clock_, options, task_places, LaneOf,
      [this](const Place& place) { return TaskReader(At(place.account, place.region), place).Read(); });
  for (std::size_t i = 0; i < task_places.size(); ++i) {
    if (!tasks.items[i].ok()) {
      uses.gaps.push_back(Gap("ECS tasks", task_places[i], tasks.items[i].error()));
      continue;
    }
    uses.tasks.insert(uses.tasks.end(), tasks.items[i]->begin(), tasks.items[i]->end());
  }
  const auto instances =
      aws::FanOut<std::vector<InstanceFacts>>(clock_, options, instance_places, LaneOf, [this](const Place& place) {
        std::vector<aws::ec2::Filter> filters;
        if (!place.profiles.empty()) filters.push_back({"iam-instance-profile.arn", place.profiles});
        return Describe(At(place.account, place.region), place, std::move(filters));
      });
  for (std::size_t i = 0; i < instance_places.size(); ++i) {
    if (!instances.items[i].ok()) {
      uses.gaps.push_back(Gap("instances", instance_places[i], instances.items[i].error()));
      continue;
    }
    uses.instances.insert(uses.instances.end(), instances.items[i]->begin(), instances.items[i]->end());
  }
  AddMachinesOfTasks(uses);
  AddEndpoints(uses, bucket_region);
  if (!options_.regions.empty()) {
    std::string regions;
    for (const std::string& region : options_.regions) regions += (regions.empty() ? "" : ", ") + region;
    uses.not_looked_at.push_back("hosts outside of " + regions + " (aws.regions)");
  }
  return uses;
}

// An endpoint serves buckets of its own region, so only hosts in the bucket's are of interest.
void Gatherer::AddEndpoints(UseFacts& uses, const std::string& bucket_region) const {
  std::map<std::string, std::set<std::string>> vpcs;  // by account
  for (const InstanceFacts& instance : uses.instances) {
    if (instance.region == bucket_region && !instance.vpc.empty()) vpcs[instance.account].insert(instance.vpc);
  }
  for (const auto& [account, ids] : vpcs) {
    const Place place{account, bucket_region, {}};
    std::vector<aws::ec2::Filter> filters = {{"service-name", {"com.amazonaws." + bucket_region + ".s3"}}};
    if (ids.size() <= kMostVpcsInFilter) filters.push_back({"vpc-id", {ids.begin(), ids.end()}});
    const auto found = At(account, bucket_region).Call(aws::ec2::DescribeVpcEndpoints{.filters = std::move(filters)});
    if (!found.ok()) {
      uses.gaps.push_back(Gap("VPC endpoints", place, found.error()) +
                          "; their policies may stop hosts of these VPCs that are not denied here");
      continue;
    }
    uses.endpoints_read.insert({account, bucket_region});
    for (const aws::ec2::VpcEndpoint& endpoint : found->endpoints) {
      if (!EqualsIgnoreCase(endpoint.state, "available")) continue;
      uses.endpoints.push_back({account, bucket_region, endpoint.id, endpoint.vpc_id, endpoint.policy});
    }
  }
}

// Tags and state of the machines below tasks, as far as they are not known from their own profile.
void Gatherer::AddMachinesOfTasks(UseFacts& uses) const {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> missing;
  for (const TaskFacts& task : uses.tasks) {
    if (!task.instance) continue;
    const bool known = std::any_of(uses.instances.begin(), uses.instances.end(),
                                   [&task](const InstanceFacts& one) { return one.id == *task.instance; });
    if (!known) missing[{task.account, task.region}].insert(task.instance->value);
  }
  for (const auto& [where, ids] : missing) {
    const Place place{where.first, where.second, {}};
    for (auto& chunk : Chunks(std::vector<std::string>(ids.begin(), ids.end()), kFilterValues)) {
      auto found = Describe(At(place.account, place.region), place, {{"instance-id", std::move(chunk)}});
      if (!found.ok()) {
        uses.gaps.push_back(Gap("instances below ECS tasks", place, found.error()));
        continue;
      }
      std::move(found->begin(), found->end(), std::back_inserter(uses.instances));
    }
  }
}

}  // namespace sallyport::reach
