// SPDX-License-Identifier: Apache-2.0
//
// For tests of the client: one whose manager is a queue of answers, and what SWP's answers look like.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/fake_clock.h"
#include "net/fake_http.h"
#include "swp_client/client.h"

namespace sallyport::swp {

using namespace std::chrono_literals;

inline const std::string kBase = "https://workload.us-1.cloudone.trendmicro.com/api";
inline const std::string kKey = "tmc12-hush:SECRET-KEY-VALUE";
inline const std::string kExpand =
    "?expand=computerStatus&expand=tasks&expand=allSecurityModules&expand=ec2VirtualMachineSummary"
    "&expand=noConnectorVirtualMachineSummary";
inline const InstanceId kInstance{"i-0123456789abcdef0"};
inline const ScanRequest kScan{ScanKind::kRecommendation, ComputerId{34}, "1f2e3d4c5b6a7988"};
inline const std::string kScanName = "sallyport scan-for-recommendations computer 34 1f2e3d4c5b6a7988";
inline const std::string kCreated = R"({"ID":301,"name":")" + kScanName + "\"}";
inline const HttpHeader kDate = {"Date", "Mon, 24 Nov 2025 16:00:05 GMT"};
inline const TimePoint kDateTime = FromEpochMilliseconds(1764000005000);

// A client whose manager is a queue of answers. The clock stands at 2025-11-24T16:00:00Z.
class ClientTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(http_.Left(), 0U) << "answers that nobody asked for"; }

  static ClientOptions Options(KeyHeader key_header = KeyHeader::kApiSecretKey) {
    ClientOptions options;
    options.base_url = kBase;
    options.key_header = key_header;
    options.api_key = Secret(kKey);
    options.deadline = 7s;
    return options;
  }

  // The requests so far: "POST /computers/search {...}".
  std::vector<std::string> Asked() const {
    std::vector<std::string> asked;
    for (const HttpRequest& request : http_.Requests()) {
      EXPECT_TRUE(request.url.starts_with(kBase)) << request.url;
      asked.push_back(request.method + " " + request.url.substr(kBase.size()) +
                      (request.body.empty() ? "" : " " + request.body));
    }
    return asked;
  }

  FakeHttpClient http_;
  FakeClock clock_;
  Client client_{http_, clock_, Options()};
};

using Lines = std::vector<std::string>;

// Every search is for a page: what is above an id, in the order of ids.
inline std::string PageOf(const std::string& field, const std::string& value, int items, const char* wildcards,
                          int above) {
  return R"({"maxItems":)" + std::to_string(items) + R"(,"sortByObjectID":true,"searchCriteria":[{"fieldName":")" +
         field + R"(","stringTest":"equal","stringValue":")" + value + R"(","stringWildcards":)" + wildcards +
         R"(},{"idTest":"greater-than","idValue":)" + std::to_string(above) + "}]}";
}

inline std::string Exactly(const std::string& field, const std::string& value, int items, int above = 0) {
  return PageOf(field, value, items, "false", above);
}

inline std::string Like(const std::string& field, const std::string& value, int items, int above = 0) {
  return PageOf(field, value, items, "true", above);
}

// A task as SWP shows it. One of ours by its name has the type and the computer that the name says.
inline std::string Task(int id, const std::string& name, const std::string& more = "") {
  std::string whose;
  if (const auto request = ParseTaskName(name)) {
    const std::string type(ApiName(request->kind));
    const std::string parameters = request->kind == ScanKind::kRecommendation ? "scanForRecommendationsTaskParameters"
                                   : request->kind == ScanKind::kIntegrity    ? "scanForIntegrityChangesTaskParameters"
                                                                              : "scanForMalwareTaskParameters";
    whose = R"(,"type":")" + type + R"(","enabled":true,")" + parameters +
            R"(":{"computerFilter":{"type":"computer","computerID":)" + std::to_string(request->computer.value) + "}}";
  }
  return R"({"ID":)" + std::to_string(id) + R"(,"name":")" + name + "\"" + whose + more + "}";
}

inline const std::string kByConnector =
    "POST /computers/search" + kExpand + " " + Exactly("ec2VirtualMachineSummary/instanceID", kInstance.value, 20);
inline const std::string kByAgent = "POST /computers/search" + kExpand + " " +
                                    Exactly("noConnectorVirtualMachineSummary/instanceID", kInstance.value, 20);
inline const std::string kLookUp = "POST /scheduledtasks/search " + Exactly("name", kScanName, 100);
inline const std::string kCreateTask = "POST /scheduledtasks " + CreateTaskBody(kScan);

inline std::string Scanned(std::int64_t at, const std::string& status) {
  return R"({"assignedRuleIDs":[],"recommendationScanStatus":")" + status + R"(","lastRecommendationScanDate":)" +
         std::to_string(at) + "}";
}

}  // namespace sallyport::swp
