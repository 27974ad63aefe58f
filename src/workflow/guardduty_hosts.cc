// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_hosts.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/bounds.h"
#include "base/text.h"
#include "workflow/whose_host.h"

namespace sallyport {
namespace {

constexpr std::size_t kShownNameBytes = 200;

std::string Quoted(std::string_view text) {
  return "`" + Printable(text, kShownNameBytes) + "`";
}

// "ECS cluster `prod`", or only "ECS cluster" when it has no name.
std::string Named(std::string_view what, const std::string& name) {
  return name.empty() ? std::string(what) : std::string(what) + " " + Quoted(name);
}

// Published findings carry account ids that lost a digit when they were made anonymous. What is all digits is kept as
// it is written, and the finding gets a note: it matches no record of SWP, so no host is taken for one of its account.
Result<AccountId> ParseAccountDigits(std::string_view text) {
  const bool digits = text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
  if (digits && !text.empty()) return AccountId{std::string(text)};
  return ParseAccountId(text);
}

// ParseAccountId's and ParseRegion's error, with the path in front.
template <class Parse>
std::string ReadChecked(const Json& place, const std::string& fallback, Parse parse, JsonFields& fields) {
  std::string text = fields.Text(place);
  const bool own = !text.empty();
  if (!own) text = fallback;
  if (text.empty()) return text;
  const auto parsed = parse(text);
  if (!parsed.ok()) fields.Fail(own ? parsed.error().In(place.Path()) : parsed.error().In("envelope"));
  return text;
}

// The hosts of one finding, each once, the first kHostsPerFinding of them.
class HostList {
 public:
  explicit HostList(GuardDutyFinding& finding) : finding_(finding) {}

  void Add(AffectedHost host) {
    const auto [known, is_new] =
        seen_.try_emplace({host.account, host.region, host.instance.value}, finding_.hosts.size());
    if (!is_new) return Merge(host, known->second);
    if (finding_.hosts.size() >= bounds::kHostsPerFinding) {
      ++left_out_;
      return;
    }
    finding_.hosts.push_back(std::move(host));
  }

  // Says what was left out, once all are added.
  void Finish() {
    if (left_out_ == 0) return;
    finding_.notes.push_back(CountText(left_out_, "more host") + " of this finding left out, over the bound of " +
                             std::to_string(bounds::kHostsPerFinding));
  }

 private:
  // What is said of a host a second time: its tags count too, since one of them may say to leave it alone.
  void Merge(const AffectedHost& again, std::size_t place) {
    if (place >= finding_.hosts.size()) return;  // it was left out
    AffectedHost& host = finding_.hosts[place];
    host.tags_unreadable = host.tags_unreadable || again.tags_unreadable;
    if (host.arn.empty() || HostArnDoubt(again.arn, host.account)) host.arn = again.arn;
    if (!again.tags || host.tags_unreadable) return;
    if (!host.tags) host.tags.emplace();
    for (const Tag& tag : *again.tags) {
      if (std::find(host.tags->begin(), host.tags->end(), tag) == host.tags->end()) host.tags->push_back(tag);
    }
    if (host.tags->size() > bounds::kTagsPerHost) host.tags_unreadable = true;
  }

  GuardDutyFinding& finding_;
  std::map<std::array<std::string, 3>, std::size_t> seen_;  // the place of each in the finding
  std::size_t left_out_ = 0;
};

class ResourceReader {
 public:
  ResourceReader(JsonFields& fields, GuardDutyFinding& finding) : fields_(fields), finding_(finding), hosts_(finding) {}

  void Read(const Json& detail) {
    const Json resource = fields_.Object(detail["resource"]);
    finding_.resource_type = fields_.Text(resource["resourceType"]);
    ReadByType(resource);
    const Json sequence = fields_.Object(fields_.Object(detail["service"]["detection"])["sequence"]);
    if (sequence.HasValue()) ReadSequence(fields_.Array(sequence["resources"]));
    hosts_.Finish();
    if (!finding_.hosts.empty()) finding_.no_host_reason.clear();
  }

 private:
  void ReadByType(const Json& resource) {
    const std::string& type = finding_.resource_type;
    if (type == "Instance") return ReadInstance(resource);
    if (type == "ECSCluster") return ReadEcs(resource);
    if (type == "EKSCluster") return ReadEks(resource);
    if (type == "Container") return ReadContainer(resource);
    if (type == "AccessKey") return ReadAccessKey(resource);
    ReadOther(resource);
  }

  void ReadInstance(const Json& resource) {
    if (AddInstanceDetails(resource)) return;
    finding_.no_host_reason = "the finding is about an EC2 instance and does not name it";
  }

  void ReadEcs(const Json& resource) {
    const Json cluster = fields_.Object(resource["ecsClusterDetails"]);
    const Json task = fields_.Object(cluster["taskDetails"]);
    const std::string launch_type = fields_.Text(task["launchType"]);
    const bool fargate = launch_type == "FARGATE";
    Beyond("ECS cluster", fields_.Text(cluster["name"]));
    if (task.HasValue()) {
      const std::string words = Named("ECS task", fields_.Text(task["arn"]));
      finding_.beyond_hosts.push_back(fargate ? words + " on Fargate" : words);
    }
    // Not in the API model at the time of writing; kept for a reader who has to find the host.
    for (const Json& holder : {cluster, task}) {
      const std::string arn = holder["containerInstanceArn"].StringOr("");
      if (!arn.empty()) Beyond("ECS container instance", arn);
    }
    if (AddInstanceDetails(resource)) return;
    if (fargate) {
      finding_.no_host_reason = "the ECS task runs on Fargate: there is no EC2 instance that could run an agent";
    } else if (launch_type == "EXTERNAL") {
      finding_.no_host_reason = "the ECS task runs on a host outside EC2 (ECS Anywhere) that the finding does not name";
    } else if (launch_type.empty()) {
      finding_.no_host_reason =
          "the finding names neither the instance that the ECS task runs on nor whether it runs on one (launch type)";
    } else {
      finding_.no_host_reason = "the ECS task runs on an ECS container instance that the finding does not name";
    }
  }

  void ReadEks(const Json& resource) {
    const Json cluster = fields_.Object(resource["eksClusterDetails"]);
    Beyond("EKS cluster", fields_.Text(cluster["name"]));
    const Json kubernetes = fields_.Object(resource["kubernetesDetails"]);
    const Json workload = fields_.Object(kubernetes["kubernetesWorkloadDetails"]);
    if (workload.HasValue()) {
      const std::string name = fields_.Text(workload["name"]);
      const std::string space = fields_.Text(workload["namespace"]);
      Beyond("Kubernetes workload", space.empty() ? name : space + "/" + name);
    }
    const Json user = fields_.Object(kubernetes["kubernetesUserDetails"]);
    if (user.HasValue()) Beyond("Kubernetes user", fields_.Text(user["username"]));
    if (AddInstanceDetails(resource)) return;
    finding_.no_host_reason =
        "the finding is about an EKS cluster and does not name the node (EC2 instance) that it happened on";
  }

  void ReadContainer(const Json& resource) {
    const Json container = fields_.Object(resource["containerDetails"]);
    const std::string name = fields_.Text(container["name"]);
    const std::string image = fields_.Text(container["image"]);
    finding_.beyond_hosts.push_back(Named("container", name) + (image.empty() ? "" : " of image " + Quoted(image)));
    if (AddInstanceDetails(resource)) return;
    finding_.no_host_reason = "the finding is about a container and does not name the instance that it runs on";
  }

  void ReadAccessKey(const Json& resource) {
    const Json key = fields_.Object(resource["accessKeyDetails"]);
    const std::string user = fields_.Text(key["userName"]);
    finding_.beyond_hosts.push_back(user.empty() ? "access key" : "access key of " + Quoted(user));
    const bool from_instance = finding_.type.starts_with("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration");
    if (!from_instance) {
      finding_.no_host_reason =
          "the finding is about the " + finding_.beyond_hosts.back() + ": credentials, not a host";
      return;
    }
    // EC2 makes the name of the role's use from the instance id: "AROA...:i-0123..." (IAM user guide, "Unique
    // identifiers"). Any other name was chosen by whoever assumed the role, so a malformed one is no error.
    const std::string principal = fields_.Text(key["principalId"]);
    const std::size_t colon = principal.rfind(':');
    const auto instance =
        ParseInstanceId(colon == std::string::npos ? "" : std::string_view(principal).substr(colon + 1));
    if (instance.ok()) return AddRoleOwner(*instance, key["principalId"], resource);
    finding_.no_host_reason = "the credentials belong to an instance role, and " + key["principalId"].Path() +
                              " does not name the instance: " + Quoted(principal);
  }

  // The instance whose role was used. The details that come along may be of another one.
  void AddRoleOwner(const InstanceId& instance, const Json& principal, const Json& resource) {
    const Json details = fields_.Object(resource["instanceDetails"]);
    AffectedHost host = Host(instance, principal.Path());
    if (details["instanceId"].StringOr("") == instance.value) ReadDetails(details, host);
    hosts_.Add(std::move(host));
  }

  void ReadOther(const Json& resource) {
    struct Words {
      std::string_view type;
      std::string_view words;
    };
    static constexpr std::array<Words, 9> kWords = {{
        {"S3Bucket", "an S3 bucket"},
        {"S3Object", "an S3 object"},
        {"RDSDBInstance", "an RDS database"},
        {"RDSLimitlessDB", "an Aurora Limitless database"},
        {"Lambda", "a Lambda function"},
        {"EBSVolume", "an EBS volume without its instance"},
        {"EBSSnapshot", "an EBS snapshot"},
        {"EC2AMI", "a machine image"},
        {"RecoveryPoint", "a backup recovery point"},
    }};
    const std::string& type = finding_.resource_type;
    finding_.no_host_reason =
        "the finding is about a resource of type " + Quoted(type) + ", which names no host that this version knows";
    if (type.empty()) finding_.no_host_reason = "the finding does not say what it is about (resource.resourceType)";
    if (type == "AttackSequence") finding_.no_host_reason = "the attack sequence names no EC2 instance";
    for (const Words& known : kWords) {
      if (type == known.type)
        finding_.no_host_reason =
            "the finding is about " + std::string(known.words) + ", not a host that can run an agent";
    }
    if (type == "S3Bucket") {
      const Json buckets = fields_.Array(resource["s3BucketDetails"]);
      for (const Json& bucket : First(buckets.Elements())) Beyond("S3 bucket", fields_.Text(bucket["name"]));
    } else if (type == "RDSDBInstance") {
      Beyond("RDS database", fields_.Text(fields_.Object(resource["rdsDbInstanceDetails"])["dbInstanceIdentifier"]));
    } else if (type == "Lambda") {
      Beyond("Lambda function", fields_.Text(fields_.Object(resource["lambdaDetails"])["functionName"]));
    }
  }

  // Adds the instance of `resource.instanceDetails`. False when none is named there.
  bool AddInstanceDetails(const Json& resource) {
    const Json details = fields_.Object(resource["instanceDetails"]);
    const std::string id = fields_.Text(details["instanceId"]);
    if (id.empty()) return false;
    const Result<InstanceId> instance = ParseInstanceId(id);
    if (!instance.ok()) {
      fields_.Fail(instance.error().In(details["instanceId"].Path()));
      return false;
    }
    AffectedHost host = Host(*instance, details["instanceId"].Path());
    host.arn = fields_.Text(details["arn"]);  // Security Hub names it
    ReadDetails(details, host);
    hosts_.Add(std::move(host));
    return true;
  }

  AffectedHost Host(const InstanceId& instance, std::string found_in) const {
    AffectedHost host;
    host.instance = instance;
    host.account = finding_.account;
    host.region = finding_.region;
    host.found_in = std::move(found_in);
    return host;
  }

  void ReadDetails(const Json& details, AffectedHost& host) {
    host.state = fields_.Text(details["instanceState"]);
    ReadTags(details["tags"], host, fields_);
    for (const Json& network : fields_.Array(details["networkInterfaces"]).Elements()) {
      if (host.vpc.empty()) host.vpc = fields_.Text(network["vpcId"]);
      if (host.private_ip.empty()) host.private_ip = fields_.Text(network["privateIpAddress"]);
      if (host.public_ip.empty()) host.public_ip = fields_.Text(network["publicIp"]);
    }
  }

  // Too many tags are unknown tags: an exclusion tag among those left out must not be taken for absent.
  void ReadTags(const Json& place, AffectedHost& host, JsonFields& fields) {
    if (!fields.Array(place).IsArray()) return;
    const Json::List elements = place.Elements();
    if (elements.size() > bounds::kTagsPerHost) {
      finding_.notes.push_back(host.instance.value + " has " + std::to_string(elements.size()) +
                               " tags, over the bound of " + std::to_string(bounds::kTagsPerHost) +
                               "; treated as unknown");
      host.tags_unreadable = true;
      return;
    }
    host.tags.emplace();
    for (const Json& element : elements) {
      Tag tag{fields.RequiredText(element["key"]), fields.Text(element["value"])};
      if (tag.key == "Name") host.name = tag.value;
      if (tag.key == "aws:autoscaling:groupName") host.launched_by = tag.value;
      host.tags->push_back(std::move(tag));
    }
  }

  void ReadSequence(const Json& resources) {
    const std::string path = resources.Path();
    std::size_t index = 0;
    for (const Json& element : resources.Elements()) {
      // A path of its own start: 400 searches from the top of the document would be slow.
      ReadSequenceResource(element.AsDocument(), path + "[" + std::to_string(index++) + "]");
    }
  }

  // Errors name the path in the whole document.
  void ReadSequenceResource(const Json& resource, const std::string& path) {
    JsonFields own;
    const std::string type = own.Text(resource["resourceType"]);
    const std::string uid = own.Text(resource["uid"]);
    if (type == "EC2_INSTANCE") {
      AddSequenceHost(resource, uid, path, own);
    } else if (finding_.beyond_hosts.size() < bounds::kHostsPerFinding) {
      Beyond(type.empty() ? "resource" : Printable(type, kShownNameBytes), uid);
    }
    if (!own.status().ok()) fields_.Fail(own.status().error().In(path));
  }

  // `uid` is an ARN or a bare id. Its form is documented nowhere, so one that holds no id is told and costs the finding
  // only this host.
  void AddSequenceHost(const Json& resource, const std::string& uid, const std::string& path, JsonFields& own) {
    const auto instance = ParseInstanceId(std::string_view(uid).substr(uid.rfind('/') + 1));
    if (!instance.ok()) {
      if (finding_.notes.size() < bounds::kHostsPerFinding)
        finding_.notes.push_back(path + ".uid: " + instance.error().message);
      if (finding_.beyond_hosts.size() < bounds::kHostsPerFinding) Beyond("EC2_INSTANCE", uid);
      return;
    }
    AffectedHost host = Host(*instance, path + ".uid");
    host.arn = uid;
    host.account = ReadAccount(resource["accountId"], finding_.account, own);
    host.region = ReadRegion(resource["region"], finding_.region, own);
    host.state = own.Text(own.Object(own.Object(resource["data"])["ec2Instance"])["instanceState"]);
    ReadTags(resource["tags"], host, own);
    if (host.name.empty()) host.name = own.Text(resource["name"]);
    hosts_.Add(std::move(host));
  }

  void Beyond(std::string_view what, const std::string& name) { finding_.beyond_hosts.push_back(Named(what, name)); }

  static std::vector<Json> First(const Json::List& elements) {
    std::vector<Json> first;
    for (std::size_t i = 0; i < elements.size() && i < bounds::kHostsPerFinding; ++i) first.push_back(elements[i]);
    return first;
  }

  JsonFields& fields_;
  GuardDutyFinding& finding_;
  HostList hosts_;
};

}  // namespace

std::string ReadAccount(const Json& place, const std::string& fallback, JsonFields& fields) {
  return ReadChecked(place, fallback, ParseAccountDigits, fields);
}

std::string ReadRegion(const Json& place, const std::string& fallback, JsonFields& fields) {
  return ReadChecked(place, fallback, ParseRegion, fields);
}

void ReadResources(const Json& detail, JsonFields& fields, GuardDutyFinding& finding) {
  ResourceReader(fields, finding).Read(detail);
}

}  // namespace sallyport
