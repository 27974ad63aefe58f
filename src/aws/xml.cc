// SPDX-License-Identifier: Apache-2.0
#include "aws/xml.h"

#include <algorithm>
#include <optional>
#include <pugixml.hpp>

#include "aws/bounds.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

// Everything that tells what is in the document; the declaration of a document type is parsed only to be refused.
// White space that is all of a text is kept: a tag may be made of it.
constexpr unsigned kOptions =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_doctype | pugi::parse_ws_pcdata_single;

std::string_view LocalName(pugi::xml_node node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool IsElement(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

Error NotXml(const std::string& what) {
  return Error{ErrorCode::kBadAnswer, "not valid XML: " + what, ""};
}

pugi::xml_node NodeOf(const void* node) {
  return pugi::xml_node(static_cast<pugi::xml_node_struct*>(const_cast<void*>(node)));  // NOLINT: opaque handle
}

// Walks without recursion, since the depth comes from outside.
Status CheckTree(pugi::xml_node top) {
  std::size_t depth = 0;
  pugi::xml_node at = top.first_child();
  while (at) {
    if (at.type() == pugi::node_doctype) return NotXml("it has a document type declaration, which AWS never sends");
    if (at.first_child()) {
      at = at.first_child();
      if (++depth >= bounds::kXmlDepth) {
        return Error{ErrorCode::kTooLarge, "XML nested deeper than " + std::to_string(bounds::kXmlDepth) + " levels",
                     ""};
      }
      continue;
    }
    while (!at.next_sibling() && depth > 0) {
      at = at.parent();
      --depth;
    }
    at = at.next_sibling();
  }
  return Ok();
}

Result<pugi::xml_node> Load(pugi::xml_document& document, std::string_view bytes) {
  if (bytes.size() > bounds::kAnswerBytes) {
    return Error{
        ErrorCode::kTooLarge,
        std::to_string(bytes.size()) + " bytes of XML, over the bound of " + std::to_string(bounds::kAnswerBytes), ""};
  }
  if (std::count(bytes.begin(), bytes.end(), '<') > static_cast<std::ptrdiff_t>(bounds::kXmlTags)) {
    return Error{ErrorCode::kTooLarge, "more than " + std::to_string(bounds::kXmlTags) + " XML tags", ""};
  }
  // Text that is not UTF-8 is refused, so that the library never has to guess an encoding.
  if (!IsUtf8(bytes)) return NotXml("the text is not UTF-8");
  const pugi::xml_parse_result parsed = document.load_buffer(bytes.data(), bytes.size(), kOptions, pugi::encoding_utf8);
  if (!parsed) {
    return NotXml(ToLowerAscii(parsed.description()) + " at byte " + std::to_string(parsed.offset));
  }
  if (Status status = CheckTree(document); !status.ok()) return status.error();
  std::vector<pugi::xml_node> roots;
  for (const pugi::xml_node node : document.children()) {
    if (IsElement(node)) roots.push_back(node);
  }
  if (roots.size() != 1) return NotXml("it has " + std::to_string(roots.size()) + " root elements");
  return roots.front();
}

}  // namespace

struct Xml::Document {
  pugi::xml_document tree;
};

Result<Xml> Xml::Parse(std::string_view bytes) {
  auto document = std::make_shared<Document>();
  const auto root = Load(document->tree, bytes);
  if (!root.ok()) return root.error();
  const void* node = root->internal_object();
  return Xml(std::move(document), node);
}

std::string_view Xml::Name() const {
  return node_ == nullptr ? std::string_view() : LocalName(NodeOf(node_));
}

Xml Xml::operator[](std::string_view name) const {
  if (node_ == nullptr) return {};
  for (const pugi::xml_node child : NodeOf(node_).children()) {
    if (IsElement(child) && LocalName(child) == name) return Xml(document_, child.internal_object());
  }
  return {};
}

std::vector<Xml> Xml::Children() const {
  std::vector<Xml> children;
  if (node_ == nullptr) return children;
  for (const pugi::xml_node child : NodeOf(node_).children()) {
    if (IsElement(child)) children.push_back(Xml(document_, child.internal_object()));
  }
  return children;
}

std::vector<Xml> Xml::Children(std::string_view name) const {
  std::vector<Xml> children = Children();
  std::erase_if(children, [&](const Xml& child) { return child.Name() != name; });
  return children;
}

std::string Xml::Text() const {
  std::string text;
  if (node_ == nullptr) return text;
  for (const pugi::xml_node child : NodeOf(node_).children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  }
  return text;
}

std::string Xml::Path() const {
  std::string path;
  if (node_ == nullptr) return path;
  for (pugi::xml_node at = NodeOf(node_); IsElement(at); at = at.parent()) {
    path.insert(0, Printable(LocalName(at), bounds::kShownName) + (path.empty() ? "" : "/"));
  }
  return path;
}

}  // namespace sallyport::aws
