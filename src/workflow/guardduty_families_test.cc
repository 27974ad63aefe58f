// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_families.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sallyport {
namespace {

TEST(FamilyOf, NamesTheFamilyOfEveryKnownKind) {
  const std::pair<const char*, const char*> cases[] = {
      {"AttackSequence:EKS/CompromisedCluster", "attack-sequence"},
      {"Execution:ECS/MaliciousFile", "malicious-file"},
      {"Execution:EC2/SuspiciousFile", "malicious-file"},
      {"CryptoCurrency:Runtime/BitcoinTool.B!DNS", "crypto-mining"},
      {"Impact:EC2/BitcoinDomainRequest.Reputation", "crypto-mining"},
      {"Impact:Runtime/CryptoMinerExecuted", "crypto-mining"},
      {"Backdoor:EC2/DenialOfService.UdpOnTcpPorts", "backdoor"},
      {"Backdoor:Runtime/C&CActivity.B", "backdoor"},
      {"Trojan:EC2/PhishingDomainRequest!DNS", "trojan"},
      {"UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS", "credential-theft"},
      {"UnauthorizedAccess:Runtime/MetadataDNSRebind", "credential-theft"},
      {"UnauthorizedAccess:EC2/SSHBruteForce", "brute-force"},
      {"UnauthorizedAccess:EC2/RDPBruteForce", "brute-force"},
      {"UnauthorizedAccess:EC2/MaliciousIPCaller.Custom", "malicious-address"},
      {"UnauthorizedAccess:EC2/TorIPCaller", "malicious-address"},
      {"UnauthorizedAccess:EC2/TorRelay", "tor"},
      {"UnauthorizedAccess:Runtime/TorClient", "tor"},
      {"Recon:EC2/PortProbeEMRUnprotectedPort", "probe"},
      {"Behavior:EC2/TrafficVolumeUnusual", "unusual-traffic"},
      {"Impact:EC2/WinRMBruteForce", "outbound-attack"},
      {"Impact:EC2/SuspiciousDomainRequest.Reputation", "outbound-attack"},
      {"DefenseEvasion:EC2/UnusualDNSResolver", "evasion"},
      {"DefenseEvasion:Runtime/ProcessInjection.Ptrace", "evasion"},
      {"PrivilegeEscalation:Runtime/RuncContainerEscape", "runtime"},
      {"Execution:Runtime/ReverseShell", "runtime"},
      {"Exfiltration:Runtime/SomethingNew", "runtime"},
      {"Recon:IAMUser/UserPermissions", "unmapped"},
      {"Canary:EC2/Stateless.IntegTest", "unmapped"},
      {"", "unmapped"},
  };
  for (const auto& [type, family] : cases) EXPECT_EQ(FamilyOf(type).name, family) << type;
}

TEST(AllFamilies, EndWithOneThatTakesEverything) {
  EXPECT_EQ(AllFamilies().back().pattern, "*");
  EXPECT_EQ(AllFamilies().back().name, kUnmappedFamily);
}

TEST(AllFamilies, AreAllInTheUsersTable) {
  std::ifstream file(std::string(SALLYPORT_SOURCE_DIR) + "/docs/guardduty.md");
  std::stringstream text;
  text << file.rdbuf();
  for (const Family& family : AllFamilies()) {
    EXPECT_NE(text.str().find("| " + std::string(family.name) + " |"), std::string::npos) << family.name;
  }
}

TEST(MatchesPattern, StarIsAnyRun) {
  EXPECT_TRUE(MatchesPattern("a*c", "abbc"));
  EXPECT_TRUE(MatchesPattern("a*c", "ac"));
  EXPECT_TRUE(MatchesPattern("*a*b*", "xxaxxbxx"));
  EXPECT_TRUE(MatchesPattern("**", ""));
  EXPECT_FALSE(MatchesPattern("a*c", "abcd"));
  EXPECT_FALSE(MatchesPattern("abc", "ab"));
  EXPECT_FALSE(MatchesPattern("", "a"));
  EXPECT_TRUE(MatchesPattern("a?c", "a?c"));
  EXPECT_FALSE(MatchesPattern("a?c", "abc"));
}

}  // namespace
}  // namespace sallyport
