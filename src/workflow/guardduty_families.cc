// SPDX-License-Identifier: Apache-2.0
#include "workflow/guardduty_families.h"

namespace sallyport {
namespace {

using enum swp::ScanKind;
using enum Posture;

// Finding types: docs.aws.amazon.com/guardduty, "GuardDuty finding types" (active and retired).
// Which scans: the vendor's GuardDuty sample had the same idea (recommendation for probes, integrity with it for brute
// force, malware for what runs on the host); its crypto, backdoor and trojan branches never worked. Compromised hosts
// get a recommendation scan as well, whose results are reported and not applied: rules stay as they are, as evidence.
std::vector<Family> MakeFamilies() {
  return {
      {"attack-sequence",
       "AttackSequence:*",
       kCompromised,
       {},
       "several signals belong to one attack; every host in it is suspect"},
      {"malicious-file",
       "Execution:*/MaliciousFile*",
       kCompromised,
       {},
       "GuardDuty found a malicious file on a volume of the host"},
      {"malicious-file",
       "Execution:*/SuspiciousFile*",
       kCompromised,
       {},
       "GuardDuty found a suspicious file on a volume of the host"},
      {"crypto-mining", "CryptoCurrency:*", kCompromised, {}, "the host mines or talks to a mining pool"},
      {"crypto-mining", "Impact:*/BitcoinDomainRequest*", kCompromised, {}, "the host looks up mining domains"},
      {"crypto-mining", "Impact:Runtime/CryptoMinerExecuted", kCompromised, {}, "a miner runs on the host"},
      {"backdoor", "Backdoor:*", kCompromised, {}, "the host talks to a command and control server or sends an attack"},
      {"trojan", "Trojan:*", kCompromised, {}, "the host behaves as one that a trojan controls"},
      {"credential-theft",
       "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration*",
       kCompromised,
       {},
       "credentials of the host's role are used elsewhere: they were read on the host"},
      {"credential-theft",
       "UnauthorizedAccess:*/MetadataDNSRebind",
       kCompromised,
       {},
       "the host was made to ask for its own instance credentials"},
      {"brute-force",
       "UnauthorizedAccess:*/SSHBruteForce",
       kAttacked,
       {kRecommendation, kIntegrity},
       "SSH or RDP logins are being guessed; a successful login may leave changed files"},
      {"brute-force",
       "UnauthorizedAccess:*/RDPBruteForce",
       kAttacked,
       {kRecommendation, kIntegrity},
       "SSH or RDP logins are being guessed; a successful login may leave changed files"},
      {"malicious-address",
       "UnauthorizedAccess:*/MaliciousIPCaller*",
       kAttacked,
       {kRecommendation, kIntegrity, kMalware},
       "the host exchanges traffic with an address on a threat list"},
      {"malicious-address",
       "UnauthorizedAccess:*/TorIPCaller",
       kAttacked,
       {kRecommendation, kIntegrity, kMalware},
       "the host gets connections through Tor"},
      {"tor", "UnauthorizedAccess:*/Tor*", kCompromised, {}, "the host itself uses or serves Tor"},
      {"probe", "Recon:EC2/*", kAttacked, {kRecommendation}, "open ports are being probed"},
      {"unusual-traffic", "Behavior:*", kAttacked, {kRecommendation}, "the host's traffic differs from its own habit"},
      {"outbound-attack", "Impact:*", kCompromised, {}, "the host scans, attacks or looks up malicious domains"},
      {"evasion", "DefenseEvasion:*", kCompromised, {}, "a program on the host hides what it does"},
      {"runtime", "PrivilegeEscalation:Runtime/*", kCompromised, {}, "a process tried to gain privileges on the host"},
      {"runtime", "Execution:Runtime/*", kCompromised, {}, "an unexpected program ran on the host"},
      {"runtime", "Persistence:Runtime/*", kCompromised, {}, "a program on the host arranges to be started again"},
      {"runtime", "Discovery:Runtime/*", kCompromised, {}, "a user or program on the host explores it"},
      {"runtime", "*:Runtime/*", kCompromised, {}, "Runtime Monitoring saw the behavior on the host itself"},
      {kUnmappedFamily,
       "*",
       kAttacked,
       {kRecommendation, kIntegrity},
       "this version does not know the finding type; default scans"},
  };
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  // Greedy with one point to go back to: the last `*`.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

const std::vector<Family>& AllFamilies() {
  static const std::vector<Family> families = MakeFamilies();
  return families;
}

const Family& FamilyOf(std::string_view finding_type) {
  for (const Family& family : AllFamilies()) {
    if (MatchesPattern(family.pattern, finding_type)) return family;
  }
  return AllFamilies().back();
}

}  // namespace sallyport
