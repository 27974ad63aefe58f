// SPDX-License-Identifier: Apache-2.0
//
// For tests: one message with everything in it, and texts that try to be more than text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "notify/message.h"

namespace sallyport::testing_message {

inline Message Full() {
  Message message;
  message.headline = "Server & Workload Protection does not protect i-0123456789abcdef0";
  message.why_now = {"GuardDuty finding UnauthorizedAccess:EC2/SSHBruteForce, severity 8", "seen 57 times"};
  message.where = {"111122223333", "us-east-1", "i-0123456789abcdef0", "web-01"};
  message.protection_state = "not protected";
  message.protection_reasons = {"no agent is installed and activated"};
  message.done = {{"recommendation scan of computer 34 (web-01)", Outcome::kRefused, "the exclusion tag is set"},
                  {"intrusion prevention rule 1011242", Outcome::kVerified, ""}};
  message.to_do = {{"install and activate the agent", "sudo /opt/ds_agent/dsa_control -a dsm://example.com:443/"},
                   {"then investigate the finding itself", ""}};
  message.links = {{"Finding", "https://console.aws.amazon.com/guardduty/home?region=us-east-1#/findings"}};
  message.case_id = 17;
  message.key = "owner/i-0123456789abcdef0";
  message.severity = 8;
  message.owner = {"team-web", "tag `Owner`", {}};
  message.created_at = FromEpochMilliseconds(1'764'000'000'000);
  message.updated_at = FromEpochMilliseconds(1'764'000'060'000);
  return message;
}

// Everything that may tamper with a terminal, a chat, a header or the reader's eye.
inline std::vector<std::string> HostileTexts() {
  return {"x\nSubject: all is well",
          "x\r\nX-Injected: yes",
          "x\x1b[2J\x1b]8;;http://evil.example\x07",
          "x\xE2\x80\xAEtxt.exe",
          "x\xE2\x81\xA6y\xE2\x81\xA9",
          "x\xE2\x80\xA8 Case: 99",
          "x\x80\xFF\xC0",
          "x<!channel> <@U012AB3CD> <#C012AB3CD> <https://evil.example|click> @here @everyone",
          "x*bold* _it_ ~no~ `code` ```block``` > quote & &amp; &lt;",
          "x[click](https://evil.example) <at>everyone</at> **b** # head",
          "x\",\"text\":\"<!channel>\"",
          "x\\\" \\u003c!channel\\u003e"};
}

// Sets each text of a message that comes from outside.
using SetText = std::function<void(Message&, const std::string&)>;
inline std::vector<SetText> TextsFromOutside() {
  return {
      [](Message& m, const std::string& t) { m.headline = t; },
      [](Message& m, const std::string& t) { m.why_now[0] = t; },
      [](Message& m, const std::string& t) { m.where.account = t; },
      [](Message& m, const std::string& t) { m.where.region = t; },
      [](Message& m, const std::string& t) { m.where.instance = t; },
      [](Message& m, const std::string& t) { m.where.name = t; },
      [](Message& m, const std::string& t) { m.protection_state = t; },
      [](Message& m, const std::string& t) { m.protection_reasons[0] = t; },
      [](Message& m, const std::string& t) { m.done[0].what = t; },
      [](Message& m, const std::string& t) { m.done[0].reason = t; },
      [](Message& m, const std::string& t) { m.to_do[0].text = t; },
      [](Message& m, const std::string& t) { m.to_do[0].command = t; },
      [](Message& m, const std::string& t) { m.links[0].label = t; },
      [](Message& m, const std::string& t) { m.links[0].url = t; },
      [](Message& m, const std::string& t) { m.key = t; },
      [](Message& m, const std::string& t) { m.owner.name = t; },
      [](Message& m, const std::string& t) { m.owner.source = t; },
  };
}

// Each text hostile in turn: as many messages as texts times hostile texts.
inline void ForEachHostile(const std::function<void(const Message&, const std::string& text)>& look) {
  for (const SetText& set : TextsFromOutside()) {
    for (const std::string& text : HostileTexts()) {
      Message message = Full();
      set(message, text);
      look(message, text);
    }
  }
}

// A message of which every list is long and every text longer than any bound, of bytes that escaping makes longer.
inline Message Huge(const std::string& byte) {
  std::string text;
  while (text.size() < 5'000) text += byte;
  Message message = Full();
  message.headline = message.where.account = message.where.region = message.where.instance = message.where.name = text;
  message.protection_state = message.owner.name = message.owner.source = message.key = text;
  message.why_now.assign(300, text);
  message.protection_reasons.assign(300, text);
  message.done.assign(300, {text, Outcome::kNotVerifiable, text});
  message.to_do.assign(300, {text, text});
  message.links.assign(300, {text, "https://example.com/" + std::string(900, 'y')});
  return message;
}

}  // namespace sallyport::testing_message
