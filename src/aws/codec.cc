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

}  // namespace

struct Encoder::State {
  State(const Operation& o, const Place& place)
      : operation(o),
        form(o.name, o.service.version, o.service.protocol == Protocol::kEc2 ? "" : "member"),
        json(Secrets::kSent, Times::kEpochSeconds,
             o.service.protocol == Protocol::kRestJson || o.service.protocol == Protocol::kRestXml ? &call : nullptr) {
    call.operation = &o;
    call.place = place;
  }

  const Operation& operation;
  Call call;
  QueryWriteShape form;
  JsonWriteShape json;
};

Encoder::Encoder(const Operation& operation, const Place& place) : state_(std::make_unique<State>(operation, place)) {}
Encoder::~Encoder() = default;

Shape& Encoder::shape() {
  if (IsForm(state_->operation.service.protocol)) return state_->form;
  return state_->json;
}

Result<Call> Encoder::Finish() {
  Call& call = state_->call;
  if (!shape().status().ok()) return WithOrigin(shape().status().error(), call);
  switch (state_->operation.service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      FinishJson(state_->operation, state_->json, call);
      break;
    case Protocol::kQuery:
    case Protocol::kEc2:
      AddType(call, "application/x-www-form-urlencoded; charset=utf-8");
      call.body = state_->form.Take();
      break;
    case Protocol::kRestJson:
    case Protocol::kRestXml:
      if (Status status = FinishRest(state_->operation, state_->json, call); !status.ok()) {
        return WithOrigin(status.error(), call);
      }
      break;
  }
  return std::move(call);
}

Result<std::unique_ptr<Shape>> Decoder::Open(const Operation& operation, const WireAnswer& answer) {
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

}  // namespace sallyport::aws
