// SPDX-License-Identifier: Apache-2.0
//
// XML, read. The library behind it stays in xml.cc.
//
// Xml is one element of a parsed document: a value that is cheap to copy and keeps its document alive. A missing
// element is Xml too. Names are compared without namespace prefix (AWS puts everything in default namespaces).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::aws {

class Xml {
 public:
  Xml() = default;  // missing

  // Parses one document and gives its root. A document type declaration is refused, so there are no entities but the
  // five of XML itself. Errors: kTooLarge over the bounds of aws/bounds.h; kBadAnswer for anything else.
  static Result<Xml> Parse(std::string_view bytes);

  bool IsMissing() const { return node_ == nullptr; }
  std::string_view Name() const;
  // The first child element of that name; missing when there is none.
  Xml operator[](std::string_view name) const;
  std::vector<Xml> Children() const;
  std::vector<Xml> Children(std::string_view name) const;
  // The text directly inside, all pieces together.
  std::string Text() const;
  // `Response/Reservations/item`: for errors.
  std::string Path() const;

 private:
  struct Document;
  Xml(std::shared_ptr<const Document> document, const void* node) : document_(std::move(document)), node_(node) {}

  std::shared_ptr<const Document> document_;
  const void* node_ = nullptr;
};

}  // namespace sallyport::aws
