// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <random>

#include "base/json.h"
#include "sim/swp_estate.h"

namespace sallyport::sim {
namespace {

constexpr int kFirstId = 1000;

std::string InstanceIdOf(int number) {
  char text[32];
  std::snprintf(text, sizeof text, "i-%017x", static_cast<unsigned>(number));
  return text;
}

std::string FingerprintOf(std::mt19937_64& random) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    char byte[8];
    std::snprintf(byte, sizeof byte, "%s%02X", i == 0 ? "" : ":", static_cast<unsigned>(random() % 256));
    text += byte;
  }
  return text;
}

void WriteAgent(JsonWriter& out, std::mt19937_64& random, bool online) {
  out.Member("policyID", 12).Member("agentFingerPrint", FingerprintOf(random)).Member("agentVersion", "20.0.1.12345");
  out.Member("lastAgentCommunication", online ? "2m" : "2d").Member("lastSendPolicyRequest", "6h");
  out.Member("lastSendPolicySuccess", "6h").Member("platform", "Amazon Linux 2 (64 bit)");
  out.Key("computerStatus").BeginObject().Member("agentStatus", online ? "active" : "error");
  out.Member("agentStatusMessages", std::vector<std::string>{online ? "Managed (Online)" : "Offline"}).EndObject();
  out.Key("sim").BeginObject().Member("online", online);
  out.Key("revealed").BeginObject().Key("intrusionPrevention").BeginObject();
  out.Key("assign").BeginArray().Int(6745).EndArray().EndObject().EndObject().EndObject();
}

void WriteBare(JsonWriter& out) {
  out.Member("agentVersion", "0.0.0.0").Member("platform", "");
  out.Key("computerStatus").BeginObject().Member("agentStatus", "inactive");
  out.Member("agentStatusMessages", std::vector<std::string>{"Unmanaged (Unknown)"}).EndObject();
}

void WriteInstance(JsonWriter& out, int number, const std::string& name) {
  const std::string address = "10." + std::to_string(number / 65536 % 256) + "." + std::to_string(number / 256 % 256) +
                              "." + std::to_string(number % 256);
  out.Key("ec2VirtualMachineSummary").BeginObject();
  out.Member("cloudProvider", "AWS").Member("accountID", "111122223333");
  out.Member("operatingSystem", "Amazon Linux (64 bit)").Member("privateIPAddress", address);
  out.Member("publicIPAddress", "").Member("availabilityZone", "us-east-1a").Member("instanceID", InstanceIdOf(number));
  out.Member("type", "t3.medium").Member("virtualizationType", "hvm").Member("state", "POWER ON");
  out.Key("metadata").BeginArray();
  out.BeginObject().Member("name", "Name").Member("value", name).EndObject();
  out.BeginObject().Member("name", "Owner").Member("value", "team-made-up@example.com").EndObject();
  out.EndArray().EndObject();
}

// Of twenty computers one is offline and one has no agent, on average.
std::string MakeComputer(std::mt19937_64& random, int number) {
  const std::string name = "host-" + std::to_string(number);
  const auto lot = random() % 20;
  JsonWriter out;
  out.BeginObject().Member("ID", kFirstId + number).Member("hostName", name + ".ec2.internal");
  out.Member("displayName", name).Member("description", "").Member("groupID", 41).Member("relayListID", 0);
  out.Member("lastIPUsed", "");
  if (lot == 0) {
    WriteBare(out);
  } else {
    WriteAgent(out, random, lot != 1);
  }
  WriteInstance(out, number, name);
  return out.EndObject().Take();
}

}  // namespace

SwpEstate GenerateSwpEstate(std::uint64_t seed, int computers) {
  SwpEstate estate = DemoSwpEstate();
  estate.computers.clear();
  std::mt19937_64 random(seed);
  for (int number = 1; number <= computers; ++number) estate.computers.push_back(MakeComputer(random, number));
  return estate;
}

}  // namespace sallyport::sim
