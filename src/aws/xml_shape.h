// SPDX-License-Identifier: Apache-2.0
//
// Structures from XML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/operation.h"
#include "aws/shape.h"
#include "aws/xml.h"

namespace sallyport::aws {

// Members outside the body come from the headers of `answer`, or are its whole body.
class XmlReadShape final : public Shape {
 public:
  XmlReadShape(Xml root, const WireAnswer& answer) : answer_(answer), places_{std::move(root)} {}

 protected:
  bool Reads() const override { return true; }
  bool KnowsPlaces() const override { return true; }
  std::optional<std::string> Located(std::string_view name, Location location) override;
  bool Enter(std::string_view name) override;
  void BeginStructure() override {}
  void EndStructure() override {}
  std::size_t BeginList(std::size_t size) override;
  std::size_t BeginFlatList(std::string_view name) override;
  void EnterItem(std::size_t index) override { places_.push_back(lists_.back()[index]); }
  void EndList() override { lists_.pop_back(); }
  std::vector<std::string> BeginMap(std::size_t size) override;
  void EnterEntry(std::size_t index, const std::string& key) override;
  void EndMap() override { lists_.pop_back(); }
  void Leave() override { places_.pop_back(); }
  void Value(std::string& text) override { text = places_.back().Text(); }
  void Value(std::int64_t& number) override;
  void Value(double& number) override;
  void Value(bool& flag) override;
  void Value(TimePoint& time) override;
  void Value(Json& tree) override;
  void Value(Secret& secret) override { secret = Secret(places_.back().Text()); }
  Error Missing(std::string_view name) const override;

 private:
  void Expected(std::string_view expected);

  const WireAnswer& answer_;
  std::vector<Xml> places_;
  std::vector<std::vector<Xml>> lists_;
};

}  // namespace sallyport::aws
