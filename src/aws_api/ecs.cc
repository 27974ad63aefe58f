// SPDX-License-Identifier: Apache-2.0
#include "aws_api/ecs.h"

#include "aws/table.h"

namespace sallyport::aws::ecs {
namespace {

constexpr Service kService{
    "ecs", "ECS", "ecs", "ecs", "ecs", Protocol::kJson11, "2014-11-13", "AmazonEC2ContainerServiceV20141113"};

constexpr auto kFailure = Table<Failure>({{"arn", Field<&Failure::arn>}, {"reason", Field<&Failure::reason>}});
constexpr auto kListClusters = Table<ListClusters>(
    {{"maxResults", Field<&ListClusters::max_results>}, {"nextToken", Field<&ListClusters::page_token>}});
constexpr auto kListClustersAnswer = Table<ListClustersAnswer>(
    {{"clusterArns", Required<&ListClustersAnswer::arns>}, {"nextToken", Field<&ListClustersAnswer::next_page>}});
constexpr auto kListServices = Table<ListServices>({{"cluster", Field<&ListServices::cluster>},
                                                    {"launchType", Field<&ListServices::launch_type>},
                                                    {"maxResults", Field<&ListServices::max_results>},
                                                    {"nextToken", Field<&ListServices::page_token>}});
constexpr auto kListServicesAnswer = Table<ListServicesAnswer>(
    {{"serviceArns", Required<&ListServicesAnswer::arns>}, {"nextToken", Field<&ListServicesAnswer::next_page>}});
constexpr auto kServiceLoadBalancer =
    Table<ServiceLoadBalancer>({{"targetGroupArn", Field<&ServiceLoadBalancer::target_group_arn>},
                                {"loadBalancerName", Field<&ServiceLoadBalancer::load_balancer_name>},
                                {"containerName", Field<&ServiceLoadBalancer::container_name>},
                                {"containerPort", Field<&ServiceLoadBalancer::container_port>}});
constexpr auto kEcsService =
    Table<EcsService>({{"serviceArn", Required<&EcsService::arn>},
                       {"serviceName", Field<&EcsService::name>},
                       {"clusterArn", Field<&EcsService::cluster_arn>},
                       {"status", Field<&EcsService::status>},
                       {"taskDefinition", Field<&EcsService::task_definition>},
                       {"loadBalancers", Field<&EcsService::load_balancers, kServiceLoadBalancer>}});
constexpr auto kDescribeServices = Table<DescribeServices>(
    {{"cluster", Field<&DescribeServices::cluster>}, {"services", Required<&DescribeServices::services>}});
constexpr auto kDescribeServicesAnswer =
    Table<DescribeServicesAnswer>({{"services", Required<&DescribeServicesAnswer::services, kEcsService>},
                                   {"failures", Field<&DescribeServicesAnswer::failures, kFailure>}});
constexpr auto kListTasks = Table<ListTasks>({{"cluster", Field<&ListTasks::cluster>},
                                              {"containerInstance", Field<&ListTasks::container_instance>},
                                              {"serviceName", Field<&ListTasks::service_name>},
                                              {"desiredStatus", Field<&ListTasks::desired_status>},
                                              {"launchType", Field<&ListTasks::launch_type>},
                                              {"maxResults", Field<&ListTasks::max_results>},
                                              {"nextToken", Field<&ListTasks::page_token>}});
constexpr auto kListTasksAnswer = Table<ListTasksAnswer>(
    {{"taskArns", Required<&ListTasksAnswer::arns>}, {"nextToken", Field<&ListTasksAnswer::next_page>}});
constexpr auto kKeyValue = Table<KeyValue>({{"name", Field<&KeyValue::name>}, {"value", Field<&KeyValue::value>}});
constexpr auto kAttachment =
    Table<Attachment>({{"type", Field<&Attachment::type>}, {"details", Field<&Attachment::details, kKeyValue>}});
constexpr auto kContainer = Table<Container>({{"name", Field<&Container::name>},
                                              {"runtimeId", Field<&Container::runtime_id>},
                                              {"image", Field<&Container::image>}});
constexpr auto kTaskOverrides = Table<TaskOverrides>({{"taskRoleArn", Field<&TaskOverrides::task_role_arn>}});
constexpr auto kTaskDefinition = Table<TaskDefinition>(
    {{"taskDefinitionArn", Required<&TaskDefinition::arn>}, {"taskRoleArn", Field<&TaskDefinition::task_role_arn>}});
constexpr auto kDescribeTaskDefinition =
    Table<DescribeTaskDefinition>({{"taskDefinition", Required<&DescribeTaskDefinition::definition>}});
constexpr auto kDescribeTaskDefinitionAnswer = Table<DescribeTaskDefinitionAnswer>(
    {{"taskDefinition", Required<&DescribeTaskDefinitionAnswer::definition, kTaskDefinition>}});
constexpr auto kTask = Table<Task>({{"taskArn", Required<&Task::arn>},
                                    {"clusterArn", Field<&Task::cluster_arn>},
                                    {"containerInstanceArn", Field<&Task::container_instance_arn>},
                                    {"launchType", Field<&Task::launch_type>},
                                    {"lastStatus", Field<&Task::last_status>},
                                    {"group", Field<&Task::group>},
                                    {"taskDefinitionArn", Field<&Task::task_definition_arn>},
                                    {"overrides", Field<&Task::overrides, kTaskOverrides>},
                                    {"attachments", Field<&Task::attachments, kAttachment>},
                                    {"containers", Field<&Task::containers, kContainer>}});
constexpr auto kDescribeTasks =
    Table<DescribeTasks>({{"cluster", Field<&DescribeTasks::cluster>}, {"tasks", Required<&DescribeTasks::tasks>}});
constexpr auto kDescribeTasksAnswer =
    Table<DescribeTasksAnswer>({{"tasks", Required<&DescribeTasksAnswer::tasks, kTask>},
                                {"failures", Field<&DescribeTasksAnswer::failures, kFailure>}});
constexpr auto kListContainerInstances =
    Table<ListContainerInstances>({{"cluster", Field<&ListContainerInstances::cluster>},
                                   {"filter", Field<&ListContainerInstances::filter>},
                                   {"status", Field<&ListContainerInstances::status>},
                                   {"maxResults", Field<&ListContainerInstances::max_results>},
                                   {"nextToken", Field<&ListContainerInstances::page_token>}});
constexpr auto kListContainerInstancesAnswer =
    Table<ListContainerInstancesAnswer>({{"containerInstanceArns", Required<&ListContainerInstancesAnswer::arns>},
                                         {"nextToken", Field<&ListContainerInstancesAnswer::next_page>}});
constexpr auto kContainerInstance =
    Table<ContainerInstance>({{"containerInstanceArn", Required<&ContainerInstance::arn>},
                              {"ec2InstanceId", Field<&ContainerInstance::instance_id>},
                              {"status", Field<&ContainerInstance::status>},
                              {"agentConnected", Field<&ContainerInstance::agent_connected>},
                              {"runningTasksCount", Field<&ContainerInstance::running_tasks>}});
constexpr auto kDescribeContainerInstances =
    Table<DescribeContainerInstances>({{"cluster", Field<&DescribeContainerInstances::cluster>},
                                       {"containerInstances", Required<&DescribeContainerInstances::instances>}});
constexpr auto kDescribeContainerInstancesAnswer = Table<DescribeContainerInstancesAnswer>(
    {{"containerInstances", Required<&DescribeContainerInstancesAnswer::instances, kContainerInstance>},
     {"failures", Field<&DescribeContainerInstancesAnswer::failures, kFailure>}});

}  // namespace

const Operation ListClusters::kOp = Make<ListClusters>({kService, "ListClusters"}, kListClusters, kListClustersAnswer);
const Operation ListServices::kOp = Make<ListServices>({kService, "ListServices"}, kListServices, kListServicesAnswer);
const Operation DescribeServices::kOp =
    Make<DescribeServices>({kService, "DescribeServices"}, kDescribeServices, kDescribeServicesAnswer);
const Operation ListTasks::kOp = Make<ListTasks>({kService, "ListTasks"}, kListTasks, kListTasksAnswer);
const Operation DescribeTasks::kOp =
    Make<DescribeTasks>({kService, "DescribeTasks"}, kDescribeTasks, kDescribeTasksAnswer);
const Operation DescribeTaskDefinition::kOp = Make<DescribeTaskDefinition>(
    {kService, "DescribeTaskDefinition"}, kDescribeTaskDefinition, kDescribeTaskDefinitionAnswer);
const Operation ListContainerInstances::kOp = Make<ListContainerInstances>(
    {kService, "ListContainerInstances"}, kListContainerInstances, kListContainerInstancesAnswer);
const Operation DescribeContainerInstances::kOp = Make<DescribeContainerInstances>(
    {kService, "DescribeContainerInstances"}, kDescribeContainerInstances, kDescribeContainerInstancesAnswer);

}  // namespace sallyport::aws::ecs
