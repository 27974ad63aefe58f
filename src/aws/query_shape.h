// SPDX-License-Identifier: Apache-2.0
//
// A request of the query and ec2 protocols: a form with names like `Filter.1.Value.2`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/shape.h"

namespace sallyport::aws {

class QueryWriteShape final : public Shape {
 public:
  // `item`: what stands between a list's name and the number: "member" in query, nothing in ec2.
  QueryWriteShape(std::string_view action, std::string_view version, std::string_view item);

  std::string Take() { return std::move(form_); }

 protected:
  bool Reads() const override { return false; }
  bool Enter(std::string_view name) override;
  void BeginStructure() override {}
  void EndStructure() override {}
  std::size_t BeginList(std::size_t size) override { return size; }
  void EnterItem(std::size_t index) override;
  void EndList() override {}
  std::vector<std::string> BeginMap(std::size_t) override { return {}; }
  void EnterEntry(std::size_t index, const std::string& key) override;
  void EndMap() override {}
  void Leave() override;
  void Value(std::string& text) override { Put(text); }
  void Value(std::int64_t& number) override { Put(std::to_string(number)); }
  void Value(double& number) override;
  void Value(bool& flag) override { Put(flag ? "true" : "false"); }
  void Value(TimePoint& time) override { Put(FormatTime(time)); }
  void Value(Json& tree) override { Put(tree.ToText()); }
  void Value(Secret& secret) override { Put(secret.RevealForRequest()); }
  Error Missing(std::string_view name) const override;

 private:
  void Push(std::string_view step);
  void Put(std::string_view value);

  const std::string item_;
  std::string name_;
  std::vector<std::size_t> lengths_;  // of name_, one for each step
  std::string form_;
};

}  // namespace sallyport::aws
