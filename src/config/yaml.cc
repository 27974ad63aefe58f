// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace sallyport {
namespace {

// Ends the parse from inside the library's callbacks; never leaves this file.
class Stop final : public std::exception {
 public:
  Stop(ErrorCode error_code, const YAML::Mark& where, std::string what)
      : code(error_code), mark(where), text(std::move(what)) {}
  const char* what() const noexcept override { return text.c_str(); }

  ErrorCode code;
  YAML::Mark mark;
  std::string text;
};

// Builds the tree. The library's own node graph is not used: it expands aliases and hides repeated keys.
class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) {
      throw Stop(ErrorCode::kInvalidInput, mark,
                 "the document ends here: this is a second one, or a line that is indented wrongly");
    }
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { RefuseAnchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor != 0) RefuseAnchor(mark);
    if (ExpectsKey()) throw Stop(ErrorCode::kInvalidInput, mark, "a key is missing before the colon");
    Add(mark, YamlNode::Kind::kNull);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckPlain(mark, tag, anchor);
    if (ExpectsKey()) {
      open_.back().node->members.push_back({value, mark.line + 1, {}});
      open_.back().has_key = true;
      return;
    }
    Add(mark, YamlNode::Kind::kText)->text = value;
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct OpenNode {
    YamlNode* node;  // stays put: its parent takes no further element while it is open
    bool has_key = false;
  };

  [[noreturn]] static void RefuseAnchor(const YAML::Mark& mark) {
    throw Stop(ErrorCode::kInvalidInput, mark, "anchors and aliases are not supported: write the value out");
  }

  static void CheckPlain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) RefuseAnchor(mark);
    const bool implied = tag.empty() || tag == "?" || tag == "!";
    if (!implied) throw Stop(ErrorCode::kInvalidInput, mark, "tags like `!!str` are not supported: leave it out");
  }

  bool ExpectsKey() const {
    return !open_.empty() && open_.back().node->kind == YamlNode::Kind::kMap && !open_.back().has_key;
  }

  YamlNode* Add(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++values_ > kYamlValues) {
      throw Stop(ErrorCode::kTooLarge, mark, "more than " + std::to_string(kYamlValues) + " values");
    }
    YamlNode* node = Slot();
    node->kind = kind;
    node->line = mark.line + 1;
    return node;
  }

  YamlNode* Slot() {
    if (open_.empty()) return &root_;
    OpenNode& parent = open_.back();
    if (parent.node->kind == YamlNode::Kind::kList) return &parent.node->items.emplace_back();
    parent.has_key = false;
    return &parent.node->members.back().value;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    CheckPlain(mark, tag, anchor);
    if (ExpectsKey()) throw Stop(ErrorCode::kInvalidInput, mark, "a key must be text, not a list or a map");
    if (open_.size() == kYamlDepth) {
      throw Stop(ErrorCode::kTooLarge, mark, "nested more than " + std::to_string(kYamlDepth) + " deep");
    }
    open_.push_back({Add(mark, kind)});
  }

  YamlNode root_;
  std::vector<OpenNode> open_;
  std::size_t values_ = 0;
  bool started_ = false;
};

Error YamlError(ErrorCode code, const YAML::Mark& mark, std::string_view file_name, std::string_view what) {
  std::string place = Printable(file_name, 200);
  if (!mark.is_null()) place += ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
  return Error{code, place + ": " + Printable(what, 200), ""};
}

}  // namespace

std::string_view TypeName(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kText:
      return "text";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kNull:
      break;
  }
  return "nothing";
}

Result<YamlNode> ParseYaml(std::string_view text, std::string_view file_name) {
  const YAML::Mark nowhere = YAML::Mark::null_mark();
  if (text.size() > kYamlBytes) {
    return YamlError(ErrorCode::kTooLarge, nowhere, file_name, "larger than " + std::to_string(kYamlBytes) + " bytes");
  }
  // Also keeps the library from guessing at UTF-16 and UTF-32.
  if (!IsUtf8(text) || text.find('\0') != std::string_view::npos) {
    return YamlError(ErrorCode::kInvalidInput, nowhere, file_name, "not UTF-8 text");
  }
  TreeBuilder builder;
  try {
    // Trimmed, because the library takes a quotation mark that is never closed for closed when the text ends in a line
    // end, and with it everything after the mark for one value.
    std::istringstream stream{std::string(text.substr(0, text.find_last_not_of(" \t\r\n") + 1))};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return YamlError(stop.code, stop.mark, file_name, stop.text);
  } catch (const YAML::Exception& e) {
    return YamlError(ErrorCode::kInvalidInput, e.mark, file_name, "not valid YAML: " + e.msg);
  } catch (const std::exception& e) {
    return YamlError(ErrorCode::kInvalidInput, nowhere, file_name, std::string("not valid YAML: ") + e.what());
  }
  return builder.Take();
}

}  // namespace sallyport
