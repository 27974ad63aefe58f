// SPDX-License-Identifier: Apache-2.0
//
// A running manager on the demonstration estate whose time only the test moves.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/fake_clock.h"
#include "base/json.h"
#include "sim/raw_client_for_test.h"
#include "sim/swp_manager.h"

namespace sallyport::sim {

struct Heard {
  int status = 0;
  Json body;
  std::string head;
};

class SwpManagerTest : public ::testing::Test {
 protected:
  SwpManagerTest() { Start({}); }

  void Start(SwpManagerOptions options) {
    manager_.reset();
    clock_ = std::make_unique<SimClock>(FromEpochMilliseconds(1'764'000'000'000), 0, real_);
    options.clock = clock_.get();
    auto started = SwpManager::Start(DemoSwpEstate(), options);
    ASSERT_TRUE(started.ok()) << started.error().ToText();
    manager_ = std::move(started).value();
  }

  int Port() const {
    const auto url = manager_->url();
    return std::stoi(url.substr(url.rfind(':') + 1));
  }

  RawAnswer AskRaw(std::string_view method, const std::string& path, const std::string& body,
                   const std::string& headers) {
    RawClient client(Port());
    return client.Ask(method, path, headers, body);
  }

  Heard Ask(std::string_view method, const std::string& path, const std::string& body = "",
            const std::string& key = "SIM-KEY-FULL") {
    const auto raw = AskRaw(method, "/api" + path, body, "api-version: v1\r\napi-secret-key: " + key + "\r\n");
    auto json = Json::Parse(raw.body);
    return {raw.status, json.ok() ? *json : Json(), raw.head};
  }
  Heard Get(const std::string& path) { return Ask("GET", path); }
  Heard Post(const std::string& path, const std::string& body) { return Ask("POST", path, body); }

  void Advance(std::chrono::seconds seconds) { clock_->Advance(seconds); }
  std::int64_t Now() const { return ToEpochMilliseconds(clock_->Now()); }

  // The body of a run-once task for one computer.
  static std::string ScanNow(std::string_view type, std::string_view parameters, int computer) {
    return R"({"name":"t","type":")" + std::string(type) +
           R"(","enabled":true,"runNow":true,"scheduleDetails":{"recurrenceType":"none","recurrenceCount":1,)"
           R"("onceOnlyScheduleParameters":{"startTime":0}},")" +
           std::string(parameters) + R"(":{"computerFilter":{"type":"computer","computerID":)" +
           std::to_string(computer) + "}}}";
  }
  static std::string RecommendationScan(int computer) {
    return ScanNow("scan-for-recommendations", "scanForRecommendationsTaskParameters", computer);
  }

  static std::vector<int> Ints(const Json& array) {
    std::vector<int> numbers;
    for (const Json& element : array.Elements()) numbers.push_back(static_cast<int>(element.Int64Or(-1)));
    return numbers;
  }
  static std::vector<int> Ids(const Json& list) {
    std::vector<int> ids;
    for (const Json& element : list.Elements()) ids.push_back(static_cast<int>(element["ID"].Int64Or(-1)));
    return ids;
  }

  FakeClock real_;
  std::unique_ptr<SimClock> clock_;
  std::unique_ptr<SwpManager> manager_;
};

}  // namespace sallyport::sim
