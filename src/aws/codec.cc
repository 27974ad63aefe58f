// SPDX-License-Identifier: Apache-2.0
#include "aws/codec.h"

#include "aws/bounds.h"
#include "aws/json_shape.h"
#include "aws/query_shape.h"
#include "aws/uri.h"
#include "aws/xml_shape.h"
#include "base/text.h"

namespace sallyport::aws {
namespace {

bool IsForm(Protocol protocol) {
  return protocol == Protocol::kQuery || protocol == Protocol::kEc2;
}

// The URI with its `{Name}`s filled in; false when one is missing or empty.
bool FillPath(std::string_view uri, const std::vector<std::pair<std::string, std::string>>& members, Call& call) {
  const std::size_t mark = std::min(uri.find('?'), uri.size());
  if (mark < uri.size()) {
    const std::string fixed(uri.substr(mark + 1));
    call.query = call.query.empty() ? fixed : fixed + "&" + call.query;
  }
  call.path = uri.substr(0, mark);
  for (const auto& [name, value] : members) {
    const std::string hole = "{" + name + "}";
    const std::size_t at = call.path.find(hole);
    if (at == std::string::npos || value.empty()) return false;
    call.path.replace(at, hole.size(), PercentEncode(value));
  }
  return call.path.find('{') == std::string::npos;
}

void AddType(Call& call, std::string value) {
  call.headers.emplace_back("Content-Type", std::move(value));
}

void FinishJson(const Operation& operation, JsonWriteShape& json, Call& call) {
  const bool old = operation.service.protocol == Protocol::kJson10;
  AddType(call, old ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1");
  call.headers.emplace_back("X-Amz-Target",
                            std::string(operation.service.target_prefix) + "." + std::string(operation.name));
  call.body = json.Take();
}

Status FinishRest(const Operation& operation, JsonWriteShape& json, Call& call) {
  if (!FillPath(operation.uri, json.path_members(), call)) {
    return Error{ErrorCode::kInvalidInput, "a part of the path `" + std::string(operation.uri) + "` is missing", ""};
  }
  if (json.payload()) {
    AddType(call, "application/xml");
    call.body = *json.payload();
  } else if (operation.service.protocol == Protocol::kRestJson && operation.method != "GET") {
    AddType(call, "application/json");
    call.body = json.Take();
  }
  return Ok();
}

Error Unexpected(const Operation& operation, const Xml& found) {
  return Error{ErrorCode::kBadAnswer,
               "the answer is not one of " + std::string(operation.name) + ": its root element is `" +
                   Printable(found.Name(), bounds::kShownName) + "`",
               ""};
}

// The element whose children are the answer's members.
Result<Xml> FindResult(const Operation& operation, const Xml& root) {
  const std::string name(operation.name);
  switch (operation.service.protocol) {
    case Protocol::kQuery:
      if (root.Name() != name + "Response") return Unexpected(operation, root);
      if (root[name + "Result"].IsMissing()) {
        return Error{ErrorCode::kBadAnswer, "the answer lacks `" + name + "Result`", ""};
      }
      return root[name + "Result"];
    case Protocol::kEc2:
      if (root.Name() != name + "Response") return Unexpected(operation, root);
      return root;
    default:
      if (root.Name() != operation.root) return Unexpected(operation, root);
      return root;
  }
}

Status FinishQuery(QueryWriteShape& form, const Operation& operation, void* request, Call& call) {
  form.Walk(operation.request, request);
  AddType(call, "application/x-www-form-urlencoded; charset=utf-8");
  call.body = form.Take();
  return form.status();
}

Result<std::unique_ptr<Shape>> Open(const Operation& operation, const WireAnswer& answer) {
  const Protocol protocol = operation.service.protocol;
  if (protocol == Protocol::kJson10 || protocol == Protocol::kJson11 || protocol == Protocol::kRestJson) {
    auto json = Json::Parse(answer.body, bounds::kAnswerBytes);
    if (json.ok()) return std::unique_ptr<Shape>(std::make_unique<JsonReadShape>(*json, &answer));
    const bool large = json.error().code == ErrorCode::kTooLarge;
    return Error{large ? ErrorCode::kTooLarge : ErrorCode::kBadAnswer,
                 "the answer cannot be read: " + json.error().message, ""};
  }
  Xml result;
  if (IsForm(protocol) || !operation.root.empty()) {
    const auto root = Xml::Parse(answer.body);
    if (!root.ok()) return Error{root.error().code, "the answer cannot be read: " + root.error().message, ""};
    auto found = FindResult(operation, *root);
    if (!found.ok()) return found.error();
    result = *found;
  }
  return std::unique_ptr<Shape>(std::make_unique<XmlReadShape>(result, answer));
}

}  // namespace

Result<Call> Encode(const Operation& operation, const Place& place, void* request) {
  const Protocol protocol = operation.service.protocol;
  const bool rest = protocol == Protocol::kRestJson || protocol == Protocol::kRestXml;
  Call call;
  call.operation = &operation;
  call.place = place;
  Status done = Ok();
  if (IsForm(protocol)) {
    QueryWriteShape form(operation.name, operation.service.version, protocol == Protocol::kEc2 ? "" : "member");
    done = FinishQuery(form, operation, request, call);
  } else {
    JsonWriteShape json(Secrets::kSent, Times::kEpochSeconds, rest ? &call : nullptr);
    json.Walk(operation.request, request);
    done = json.status();
    if (done.ok() && rest) done = FinishRest(operation, json, call);
    if (done.ok() && !rest) FinishJson(operation, json, call);
  }
  if (!done.ok()) return WithOrigin(done.error(), call);
  return call;
}

Status Decode(const Operation& operation, const WireAnswer& wire, void* answer) {
  if (operation.answer.rows.empty()) return Ok();
  const auto shape = Open(operation, wire);
  if (!shape.ok()) return shape.error();
  (*shape)->Walk(operation.answer, answer);
  return (*shape)->status();
}

}  // namespace sallyport::aws
