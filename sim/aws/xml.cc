// SPDX-License-Identifier: Apache-2.0
#include "sim/aws/xml.h"

#include <algorithm>
#include <charconv>

namespace sallyport::aws_sim {
namespace {

constexpr int kMaxXmlDepth = 40;
constexpr int kMaxElements = 100'000;

std::string_view ItemName(ListStyle style) {
  return style == ListStyle::kItem ? "item" : "member";
}

std::string Scalar(const json::value& value) {
  if (value.is_string()) return XmlEscaped(value.get_string());
  return json::serialize(value);
}

void WriteAttributes(std::string& out, const json::object& members) {
  for (const auto& member : members) {
    if (!member.key().starts_with('@')) continue;
    out.append(" ").append(member.key().substr(1)).append("=\"").append(Scalar(member.value())).append("\"");
  }
}

void WriteList(std::string& out, std::string_view name, const json::array& list, ListStyle style) {
  if (style == ListStyle::kFlat) {
    for (const json::value& element : list) WriteXmlElement(out, name, element, style);
    return;
  }
  out.append("<").append(name).append(">");
  for (const json::value& element : list) WriteXmlElement(out, ItemName(style), element, style);
  out.append("</").append(name).append(">");
}

}  // namespace

std::string XmlEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void WriteXmlElement(std::string& out, std::string_view name, const json::value& value, ListStyle style) {
  if (value.is_null()) return;
  if (value.is_array()) {
    WriteList(out, name, value.get_array(), style);
    return;
  }
  out.append("<").append(name);
  if (value.is_object()) WriteAttributes(out, value.get_object());
  out += ">";
  if (value.is_object()) {
    WriteXmlMembers(out, value.get_object(), style);
  } else {
    out += Scalar(value);
  }
  out.append("</").append(name).append(">");
}

void WriteXmlMembers(std::string& out, const json::object& members, ListStyle style) {
  for (const auto& member : members) {
    if (!member.key().starts_with('@')) WriteXmlElement(out, member.key(), member.value(), style);
  }
}

const XmlNode* XmlNode::Child(std::string_view child_name) const {
  for (const XmlNode& child : children) {
    if (child.name == child_name) return &child;
  }
  return nullptr;
}

std::string XmlNode::ChildText(std::string_view child_name) const {
  const XmlNode* child = Child(child_name);
  return child == nullptr ? std::string() : child->text;
}

std::string XmlNode::ToText() const {
  std::string out = "<" + name + ">";
  for (const XmlNode& child : children) out += child.ToText();
  if (children.empty()) out += XmlEscaped(text);
  return out + "</" + name + ">";
}

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Result<XmlNode> Root() {
    if (!SkipMisc()) return NotXml("not well-formed");
    XmlNode root;
    if (!Element(root, 0)) return NotXml("not well-formed");
    if (!SkipMisc() || !rest_.empty()) return NotXml("text after the root element");
    return root;
  }

 private:
  static Error NotXml(const std::string& what) { return {ErrorCode::kInvalidInput, "XML: " + what, ""}; }

  bool Take(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  bool SkipPast(std::string_view end) {
    const auto at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  void SkipSpace() {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }

  // Declarations, comments and white space. A DTD is left standing, so that it is refused.
  bool SkipMisc() {
    for (;;) {
      SkipSpace();
      if (Take("<?")) {
        if (!SkipPast("?>")) return false;
      } else if (Take("<!--")) {
        if (!SkipPast("-->")) return false;
      } else {
        return true;
      }
    }
  }

  static std::string LocalName(std::string_view name) {
    const auto colon = name.find(':');
    return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
  }

  // The rest of a start tag; `closed` when it was <name/>.
  bool TagEnd(bool& closed) {
    for (;;) {
      SkipSpace();
      if (Take("/>")) return closed = true;
      if (Take(">")) return true;
      const auto equals = rest_.find_first_of("=<>");
      if (equals == std::string_view::npos || rest_[equals] != '=') return false;
      rest_.remove_prefix(equals + 1);
      SkipSpace();
      if (rest_.empty() || (rest_[0] != '"' && rest_[0] != '\'')) return false;
      const char quote = rest_[0];
      rest_.remove_prefix(1);
      if (!SkipPast(std::string_view(&quote, 1))) return false;
    }
  }

  bool Element(XmlNode& node, int depth) {
    if (depth > kMaxXmlDepth || ++elements_ > kMaxElements || !Take("<")) return false;
    const auto end = rest_.find_first_of(" \t\r\n/>");
    if (end == std::string_view::npos || end == 0 || rest_[0] == '!' || rest_[0] == '/') return false;
    const std::string_view name = rest_.substr(0, end);
    node.name = LocalName(name);
    rest_.remove_prefix(end);
    bool closed = false;
    if (!TagEnd(closed)) return false;
    return closed || Content(node, name, depth);
  }

  bool Content(XmlNode& node, std::string_view name, int depth) {
    for (;;) {
      const auto tag = rest_.find('<');
      if (tag == std::string_view::npos || !AppendText(rest_.substr(0, tag), node.text)) return false;
      rest_.remove_prefix(tag);
      if (Take("<!--")) {
        if (!SkipPast("-->")) return false;
      } else if (Take("</")) {
        if (!Take(name)) return false;
        SkipSpace();
        return Take(">");
      } else {
        node.children.emplace_back();
        if (!Element(node.children.back(), depth + 1)) return false;
      }
    }
  }

  static bool AppendText(std::string_view raw, std::string& out) {
    while (!raw.empty()) {
      const auto amp = raw.find('&');
      out += raw.substr(0, amp);
      if (amp == std::string_view::npos) return true;
      const auto end = raw.find(';', amp);
      if (end == std::string_view::npos || !AppendEntity(raw.substr(amp + 1, end - amp - 1), out)) return false;
      raw.remove_prefix(end + 1);
    }
    return true;
  }

  static bool AppendEntity(std::string_view entity, std::string& out) {
    constexpr std::pair<std::string_view, char> kNamed[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [name, c] : kNamed) {
      if (entity != name) continue;
      out += c;
      return true;
    }
    unsigned code = 0;
    const bool hex = entity.starts_with("#x");
    const auto digits = entity.substr(std::min<std::size_t>(entity.size(), hex ? 2 : 1));
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    const bool good = entity.starts_with('#') && read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    if (!good || code == 0 || code > 127) return false;  // no caller has need of more
    out += static_cast<char>(code);
    return true;
  }

  std::string_view rest_;
  int elements_ = 0;
};

}  // namespace

Result<XmlNode> ReadXml(std::string_view text) {
  return Reader(text).Root();
}

}  // namespace sallyport::aws_sim
