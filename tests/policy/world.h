// SPDX-License-Identifier: Apache-2.0
//
// A made-up request with all its policies, in plain data: what the engine and the reference evaluator are both asked
// about. Worlds are drawn from a small vocabulary, so that patterns, principals and conditions often meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document.h"
#include "policy/evaluate.h"
#include "policy/who_can.h"

namespace sallyport::policy {

// Where choices come from: a seeded generator, or the bytes of a fuzzer.
class Choices {
 public:
  virtual ~Choices() = default;
  virtual std::size_t Below(std::size_t count) = 0;  // 0 <= result < count
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  template <class List>
  const auto& Of(const List& list) {
    return list[Below(list.size())];
  }
};

class RandomChoices final : public Choices {
 public:
  explicit RandomChoices(std::uint64_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t count) override { return static_cast<std::size_t>(engine_() % count); }

 private:
  std::mt19937_64 engine_;
};

// Zero when the bytes are used up.
class ByteChoices final : public Choices {
 public:
  explicit ByteChoices(std::string_view bytes) : bytes_(bytes) {}
  std::size_t Below(std::size_t count) override {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte % count;
  }

 private:
  std::string_view bytes_;
};

struct WorldValue {
  bool several = false;
  std::vector<std::string> values;
};

struct World {
  std::string principal;
  std::string role_arn;
  std::string action;
  std::string resource;
  std::string resource_account;
  std::map<std::string, WorldValue> context;  // keys in lower case
  std::vector<Document> identity;
  std::vector<Document> boundary;
  std::vector<Document> session;
  std::vector<Document> endpoint;
  std::vector<Document> resource_policy;  // at most one
  std::vector<std::vector<Document>> scps;
  std::vector<std::vector<Document>> rcps;
  bool restrict_public_buckets = false;
  std::string object_owner;  // account; empty: the bucket's
};

World MakeWorld(Choices& choices);
// A document for one kind of policy.
Document MakeDocument(Choices& choices, PolicyType type, std::size_t most_statements);
// Some value of a key, as worlds have them.
WorldValue MakeValue(Choices& choices, const std::string& key);
const std::vector<std::string>& WorldKeys();
// Keys that are lists in every request that has them.
bool IsWorldList(const std::string& key);

// The same for the engine.
PolicySet CompileWorld(const World& world);
Request RequestOf(const World& world, const Context& context);
Context ContextOf(const World& world);

// For the question who can: some principals that share policies.
struct CrowdedAccount {
  std::vector<Principal> principals;
  std::map<std::string, std::vector<PolicyLevel>> scps;
  Question question;
};
CrowdedAccount MakeCrowdedAccount(Choices& choices, std::size_t principals);

}  // namespace sallyport::policy
