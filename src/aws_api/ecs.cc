// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ecs.h"

namespace sallyport::aws::ecs {
namespace {

constexpr Service kService{
    "ecs", "ECS", "ecs", "ecs", "ecs", Protocol::kJson11, "2014-11-13", "AmazonEC2ContainerServiceV20141113"};
constexpr Operation kListClusters{.service = kService, .name = "ListClusters"};
constexpr Operation kListServices{.service = kService, .name = "ListServices"};
constexpr Operation kDescribeServices{.service = kService, .name = "DescribeServices"};
constexpr Operation kListTasks{.service = kService, .name = "ListTasks"};
constexpr Operation kDescribeTasks{.service = kService, .name = "DescribeTasks"};
constexpr Operation kDescribeTaskDefinition{.service = kService, .name = "DescribeTaskDefinition"};
constexpr Operation kListContainerInstances{.service = kService, .name = "ListContainerInstances"};
constexpr Operation kDescribeContainerInstances{.service = kService, .name = "DescribeContainerInstances"};

}  // namespace

const Operation& ListClusters::Op() {
  return kListClusters;
}

const Operation& ListServices::Op() {
  return kListServices;
}

const Operation& DescribeServices::Op() {
  return kDescribeServices;
}

const Operation& ListTasks::Op() {
  return kListTasks;
}

const Operation& DescribeTasks::Op() {
  return kDescribeTasks;
}

const Operation& DescribeTaskDefinition::Op() {
  return kDescribeTaskDefinition;
}

const Operation& ListContainerInstances::Op() {
  return kListContainerInstances;
}

const Operation& DescribeContainerInstances::Op() {
  return kDescribeContainerInstances;
}

void Describe(Shape& shape, Failure& place) {
  shape("arn", place.arn);
  shape("reason", place.reason);
}

void Describe(Shape& shape, ListClusters& place) {
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListClustersAnswer& place) {
  shape.Required("clusterArns", place.arns);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, ListServices& place) {
  shape("cluster", place.cluster);
  shape("launchType", place.launch_type);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListServicesAnswer& place) {
  shape.Required("serviceArns", place.arns);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, ServiceLoadBalancer& place) {
  shape("targetGroupArn", place.target_group_arn);
  shape("loadBalancerName", place.load_balancer_name);
  shape("containerName", place.container_name);
  shape("containerPort", place.container_port);
}

void Describe(Shape& shape, EcsService& place) {
  shape.Required("serviceArn", place.arn);
  shape("serviceName", place.name);
  shape("clusterArn", place.cluster_arn);
  shape("status", place.status);
  shape("taskDefinition", place.task_definition);
  shape("loadBalancers", place.load_balancers);
}

void Describe(Shape& shape, DescribeServices& place) {
  shape("cluster", place.cluster);
  shape.Required("services", place.services);
}

void Describe(Shape& shape, DescribeServicesAnswer& place) {
  shape.Required("services", place.services);
  shape("failures", place.failures);
}

void Describe(Shape& shape, ListTasks& place) {
  shape("cluster", place.cluster);
  shape("containerInstance", place.container_instance);
  shape("serviceName", place.service_name);
  shape("desiredStatus", place.desired_status);
  shape("launchType", place.launch_type);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListTasksAnswer& place) {
  shape.Required("taskArns", place.arns);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, KeyValue& place) {
  shape("name", place.name);
  shape("value", place.value);
}

void Describe(Shape& shape, Attachment& place) {
  shape("type", place.type);
  shape("details", place.details);
}

void Describe(Shape& shape, Container& place) {
  shape("name", place.name);
  shape("runtimeId", place.runtime_id);
  shape("image", place.image);
}

void Describe(Shape& shape, TaskOverrides& place) {
  shape("taskRoleArn", place.task_role_arn);
}

void Describe(Shape& shape, TaskDefinition& place) {
  shape.Required("taskDefinitionArn", place.arn);
  shape("taskRoleArn", place.task_role_arn);
}

void Describe(Shape& shape, DescribeTaskDefinition& place) {
  shape.Required("taskDefinition", place.definition);
}

void Describe(Shape& shape, DescribeTaskDefinitionAnswer& place) {
  shape.Required("taskDefinition", place.definition);
}

void Describe(Shape& shape, Task& place) {
  shape.Required("taskArn", place.arn);
  shape("clusterArn", place.cluster_arn);
  shape("containerInstanceArn", place.container_instance_arn);
  shape("launchType", place.launch_type);
  shape("lastStatus", place.last_status);
  shape("group", place.group);
  shape("taskDefinitionArn", place.task_definition_arn);
  shape("overrides", place.overrides);
  shape("attachments", place.attachments);
  shape("containers", place.containers);
}

void Describe(Shape& shape, DescribeTasks& place) {
  shape("cluster", place.cluster);
  shape.Required("tasks", place.tasks);
}

void Describe(Shape& shape, DescribeTasksAnswer& place) {
  shape.Required("tasks", place.tasks);
  shape("failures", place.failures);
}

void Describe(Shape& shape, ListContainerInstances& place) {
  shape("cluster", place.cluster);
  shape("filter", place.filter);
  shape("status", place.status);
  shape("maxResults", place.max_results);
  shape("nextToken", place.page_token);
}

void Describe(Shape& shape, ListContainerInstancesAnswer& place) {
  shape.Required("containerInstanceArns", place.arns);
  shape("nextToken", place.next_page);
}

void Describe(Shape& shape, ContainerInstance& place) {
  shape.Required("containerInstanceArn", place.arn);
  shape("ec2InstanceId", place.instance_id);
  shape("status", place.status);
  shape("agentConnected", place.agent_connected);
  shape("runningTasksCount", place.running_tasks);
}

void Describe(Shape& shape, DescribeContainerInstances& place) {
  shape("cluster", place.cluster);
  shape.Required("containerInstances", place.instances);
}

void Describe(Shape& shape, DescribeContainerInstancesAnswer& place) {
  shape.Required("containerInstances", place.instances);
  shape("failures", place.failures);
}

}  // namespace sallyport::aws::ecs
