// SPDX-License-Identifier: Apache-2.0
//
// ECS. A cluster's record holds its containerInstances, services and tasks (records in the wire's form).
#include "base/text.h"
#include "sim/aws/services.h"

namespace sallyport::aws_sim {
namespace {

PageRule Pages(std::int64_t default_size) {
  return {.token_in = "nextToken",
          .token_out = "nextToken",
          .size_in = "maxResults",
          .default_size = default_size,
          .largest = 100,
          .bad_token = "InvalidParameterException",
          .bad_size = "InvalidParameterException"};
}

// By name or ARN; the default cluster when not named.
const json::object* FindCluster(const Call& call, const std::string& name) {
  const auto& clusters = call.regional->Set("clusters");
  return name.starts_with("arn:") ? FindRecord(clusters, "clusterArn", name)
                                  : FindRecord(clusters, "clusterName", name);
}

const json::object* ClusterOf(const Call& call) {
  return FindCluster(call, TextOf(call.in, "cluster", "default"));
}

Failure NoCluster() {
  return Fail(400, "ClusterNotFoundException", "Cluster not found.");
}

Answer PagedArns(const Call& call, std::string_view key, const json::array& arns, std::int64_t default_size = 100) {
  return OnePage(call, key, arns, Pages(default_size));
}

// Members of the request that must equal a member of the record, when they are there.
struct Test {
  std::string_view asked;
  std::string_view member;
};

json::array ArnsWhere(const Call& call, const json::array& records, std::string_view arn_key,
                      std::initializer_list<Test> tests) {
  json::array arns;
  for (const json::value& value : records) {
    const auto* record = value.if_object();
    if (record == nullptr) continue;
    bool fits = true;
    for (const Test& test : tests) {
      const auto asked = TextOf(call.in, test.asked);
      const auto present = TextOf(*record, test.member);
      fits = fits && (asked.empty() || asked == present || present.ends_with("/" + asked));
    }
    if (fits) arns.emplace_back(TextOf(*record, arn_key));
  }
  return arns;
}

// The records asked for by id or ARN, and those that are not there.
Answer Described(const Call& call, std::string_view key, std::string_view ids_key, const json::array& records,
                 std::string_view arn_key, std::size_t most) {
  const auto wanted = TextsOf(call.in, ids_key);
  if (wanted.empty() || wanted.size() > most) {
    return Fail(400, "InvalidParameterException",
                std::string(ids_key) + " must have 1 to " + std::to_string(most) + " elements");
  }
  json::array found;
  json::array failures;
  for (const std::string& id : wanted) {
    const json::object* match = nullptr;
    for (const json::value& record : records) {
      const auto arn = TextOf(record.get_object(), arn_key);
      if (arn == id || LastPart(arn) == id) match = &record.get_object();
    }
    if (match != nullptr) {
      found.push_back(*match);
    } else {
      failures.push_back(json::object{{"arn", id}, {"reason", "MISSING"}});
    }
  }
  return json::object{{key, std::move(found)}, {"failures", std::move(failures)}};
}

Answer ListClusters(World&, const Call& call) {
  json::array arns;
  for (const json::object& cluster : call.regional->Set("clusters")) arns.emplace_back(TextOf(cluster, "clusterArn"));
  return PagedArns(call, "clusterArns", arns);
}

Answer ListServices(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  return PagedArns(call, "serviceArns",
                   ArnsWhere(call, ArrayOf(*cluster, "services"), "serviceArn", {{"launchType", "launchType"}}), 10);
}

Answer DescribeServices(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  return Described(call, "services", "services", ArrayOf(*cluster, "services"), "serviceArn", 10);
}

Answer ListTasks(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  const auto service = TextOf(call.in, "serviceName");
  json::array of_service;
  for (const json::value& task : ArrayOf(*cluster, "tasks")) {
    const bool fits = service.empty() || TextOf(task.get_object(), "group") == "service:" + LastPart(service);
    if (fits) of_service.push_back(task);
  }
  return PagedArns(call, "taskArns",
                   ArnsWhere(call, of_service, "taskArn",
                             {{"containerInstance", "containerInstanceArn"},
                              {"launchType", "launchType"},
                              {"startedBy", "startedBy"},
                              {"desiredStatus", "desiredStatus"}}));
}

Answer DescribeTasks(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  return Described(call, "tasks", "tasks", ArrayOf(*cluster, "tasks"), "taskArn", 100);
}

// By ARN, `family:revision`, or the family alone.
Answer DescribeTaskDefinition(World&, const Call& call) {
  const auto wanted = TextOf(call.in, "taskDefinition");
  for (const json::object& definition : call.regional->Set("taskDefinitions")) {
    const auto arn = TextOf(definition, "taskDefinitionArn");
    if (wanted == arn || wanted == LastPart(arn) || wanted == TextOf(definition, "family")) {
      return json::object{{"taskDefinition", definition}};
    }
  }
  return Fail(400, "ClientException", "Unable to describe task definition.");
}

Answer ListContainerInstances(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  if (Has(call.in, "filter")) {
    return Fail(400, "InvalidParameterException", "The simulator does not know cluster query expressions");
  }
  return PagedArns(
      call, "containerInstanceArns",
      ArnsWhere(call, ArrayOf(*cluster, "containerInstances"), "containerInstanceArn", {{"status", "status"}}));
}

Answer DescribeContainerInstances(World&, const Call& call) {
  const auto* cluster = ClusterOf(call);
  if (cluster == nullptr) return NoCluster();
  return Described(call, "containerInstances", "containerInstances", ArrayOf(*cluster, "containerInstances"),
                   "containerInstanceArn", 100);
}

constexpr OperationSpec kEcsOperations[] = {
    {"ListClusters", "nextToken maxResults", ListClusters},
    {"ListServices", "cluster nextToken maxResults launchType schedulingStrategy resourceManagementType", ListServices},
    {"DescribeServices", "cluster services* include", DescribeServices},
    {"ListTasks",
     "cluster containerInstance family nextToken maxResults startedBy serviceName desiredStatus "
     "launchType daemonName",
     ListTasks},
    {"DescribeTasks", "cluster tasks* include", DescribeTasks},
    {"DescribeTaskDefinition", "taskDefinition* include", DescribeTaskDefinition},
    {"ListContainerInstances", "cluster filter nextToken maxResults status", ListContainerInstances},
    {"DescribeContainerInstances", "cluster containerInstances* include", DescribeContainerInstances},
};

}  // namespace

const ServiceSpec kEcsService{
    "ecs", "ecs", "2014-11-13", Protocol::kJson11, "AmazonEC2ContainerServiceV20141113.", "", kEcsOperations};

}  // namespace sallyport::aws_sim
