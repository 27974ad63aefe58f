// SPDX-License-Identifier: Apache-2.0
//
// XML for the simulator: JSON objects written as elements, and a small reader that keeps everything in order, because
// CloudFront replaces whole documents and must give back what it was given.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::aws_sim {

namespace json = boost::json;

// How an array is written: <Key><member/>..</Key> (query), <Key><item/>..</Key> (ec2), <Key/><Key/>.. (rest-xml).
enum class ListStyle { kMember, kItem, kFlat };

// The members of an object, one element each; `@name` members are attributes of the element around them. Nulls are left
// out.
void WriteXmlMembers(std::string& out, const json::object& members, ListStyle style);
void WriteXmlElement(std::string& out, std::string_view name, const json::value& value, ListStyle style);
std::string XmlEscaped(std::string_view text);

struct XmlNode {
  std::string name;  // without a namespace prefix
  std::string text;
  std::vector<XmlNode> children;

  const XmlNode* Child(std::string_view child_name) const;
  std::string ChildText(std::string_view child_name) const;
  // The element and everything in it, as XML again (attributes are lost).
  std::string ToText() const;
};

// The root element. No DTDs (refused). kInvalidInput: not well-formed, too deep (40) or too many elements (100,000).
Result<XmlNode> ReadXml(std::string_view text);

}  // namespace sallyport::aws_sim
