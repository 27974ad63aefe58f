// SPDX-License-Identifier: Apache-2.0
//
// ECS, API version 2014-11-13. A describe call answers ids that do not exist in `failures`, with HTTP 200.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"

namespace sallyport::aws::ecs {

struct Failure {
  std::string arn{};
  std::string reason{};
};

struct ListClustersAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
};
struct ListClusters {
  using Answer = ListClustersAnswer;
  static const Operation kOp;
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct ListServicesAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
};
struct ListServices {
  using Answer = ListServicesAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::string launch_type{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct ServiceLoadBalancer {
  std::string target_group_arn{};
  std::string load_balancer_name{};
  std::string container_name{};
  std::optional<std::int64_t> container_port{};
};

struct EcsService {
  std::string arn{};
  std::string name{};
  std::string cluster_arn{};
  std::string status{};
  std::string task_definition{};
  std::vector<ServiceLoadBalancer> load_balancers{};
};

struct DescribeServicesAnswer {
  std::vector<EcsService> services{};
  std::vector<Failure> failures{};
};
// At most 10.
struct DescribeServices {
  using Answer = DescribeServicesAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::vector<std::string> services{};
};

struct ListTasksAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
};
struct ListTasks {
  using Answer = ListTasksAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::string container_instance{};
  std::string service_name{};
  std::string desired_status{};
  std::string launch_type{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct KeyValue {
  std::string name{};
  std::string value{};
};

struct Attachment {
  std::string type{};
  std::vector<KeyValue> details{};
};

struct Container {
  std::string name{};
  std::string runtime_id{};
  std::string image{};
};

struct TaskOverrides {
  std::string task_role_arn{};  // instead of the task definition's; empty: not overridden
};

struct Task {
  std::string arn{};
  std::string cluster_arn{};
  std::string container_instance_arn{};
  std::string launch_type{};
  std::string last_status{};
  std::string group{};
  std::string task_definition_arn{};
  TaskOverrides overrides{};
  std::vector<Attachment> attachments{};
  std::vector<Container> containers{};
};

struct DescribeTasksAnswer {
  std::vector<Task> tasks{};
  std::vector<Failure> failures{};
};
// At most 100.
struct DescribeTasks {
  using Answer = DescribeTasksAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::vector<std::string> tasks{};
};

struct ListContainerInstancesAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
};
struct ListContainerInstances {
  using Answer = ListContainerInstancesAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::string filter{};
  std::string status{};
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct ContainerInstance {
  std::string arn{};
  std::string instance_id{};  // of EC2; `mi-...` for ECS Anywhere; empty when ECS manages the machine
  std::string status{};
  std::optional<bool> agent_connected{};
  std::optional<std::int64_t> running_tasks{};
};

struct DescribeContainerInstancesAnswer {
  std::vector<ContainerInstance> instances{};
  std::vector<Failure> failures{};
};
// At most 100.
struct DescribeContainerInstances {
  using Answer = DescribeContainerInstancesAnswer;
  static const Operation kOp;
  std::string cluster{};
  std::vector<std::string> instances{};
};

struct TaskDefinition {
  std::string arn{};
  std::string task_role_arn{};  // empty: the task has no role of its own
};

struct DescribeTaskDefinitionAnswer {
  TaskDefinition definition{};
};
// By family, `family:revision` or ARN.
struct DescribeTaskDefinition {
  using Answer = DescribeTaskDefinitionAnswer;
  static const Operation kOp;
  std::string definition{};
};

}  // namespace sallyport::aws::ecs
