// SPDX-License-Identifier: Apache-2.0
//
// ECS, API version 2014-11-13. A describe call answers ids that do not exist in `failures`, with HTTP 200.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"

namespace sallyport::aws::ecs {

struct Failure {
  std::string arn{};
  std::string reason{};
};

struct ListClustersAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
  void Take(ListClustersAnswer&& page) { Append(arns, page.arns); }
};
struct ListClusters {
  using Answer = ListClustersAnswer;
  static const Operation& Op();
  std::optional<std::int64_t> max_results{};
  std::string page_token{};
};

struct ListServicesAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
  void Take(ListServicesAnswer&& page) { Append(arns, page.arns); }
};
struct ListServices {
  using Answer = ListServicesAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
  std::string cluster{};
  std::vector<std::string> services{};
};

struct ListTasksAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
  void Take(ListTasksAnswer&& page) { Append(arns, page.arns); }
};
struct ListTasks {
  using Answer = ListTasksAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
  std::string cluster{};
  std::vector<std::string> tasks{};
};

struct ListContainerInstancesAnswer {
  std::vector<std::string> arns{};
  std::string next_page{};
  void Take(ListContainerInstancesAnswer&& page) { Append(arns, page.arns); }
};
struct ListContainerInstances {
  using Answer = ListContainerInstancesAnswer;
  static const Operation& Op();
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
  static const Operation& Op();
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
  static const Operation& Op();
  std::string definition{};
};

void Describe(Shape& shape, TaskOverrides& place);
void Describe(Shape& shape, TaskDefinition& place);
void Describe(Shape& shape, DescribeTaskDefinition& place);
void Describe(Shape& shape, DescribeTaskDefinitionAnswer& place);
void Describe(Shape& shape, Failure& place);
void Describe(Shape& shape, ServiceLoadBalancer& place);
void Describe(Shape& shape, EcsService& place);
void Describe(Shape& shape, KeyValue& place);
void Describe(Shape& shape, Attachment& place);
void Describe(Shape& shape, Container& place);
void Describe(Shape& shape, Task& place);
void Describe(Shape& shape, ContainerInstance& place);
void Describe(Shape& shape, ListClusters& place);
void Describe(Shape& shape, ListClustersAnswer& place);
void Describe(Shape& shape, ListServices& place);
void Describe(Shape& shape, ListServicesAnswer& place);
void Describe(Shape& shape, DescribeServices& place);
void Describe(Shape& shape, DescribeServicesAnswer& place);
void Describe(Shape& shape, ListTasks& place);
void Describe(Shape& shape, ListTasksAnswer& place);
void Describe(Shape& shape, DescribeTasks& place);
void Describe(Shape& shape, DescribeTasksAnswer& place);
void Describe(Shape& shape, ListContainerInstances& place);
void Describe(Shape& shape, ListContainerInstancesAnswer& place);
void Describe(Shape& shape, DescribeContainerInstances& place);
void Describe(Shape& shape, DescribeContainerInstancesAnswer& place);

}  // namespace sallyport::aws::ecs
