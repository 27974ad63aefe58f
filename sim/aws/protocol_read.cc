// SPDX-License-Identifier: Apache-2.0
//
// The request half of protocol.h.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.h"
#include "sim/aws/protocol.h"

namespace sallyport::aws_sim {
namespace {

constexpr std::size_t kMaxParameters = 5'000;
constexpr std::size_t kMaxParameterDepth = 12;
constexpr std::size_t kMaxJsonDepth = 64;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::vector<std::pair<std::string, std::string>> FormPairs(const std::string& body) {
  sim::ServedRequest form;
  form.query = body;
  return form.QueryMembers();
}

std::string FormValue(const sim::ServedRequest& request, std::string_view name) {
  for (auto& [key, value] : FormPairs(request.body)) {
    if (key == name) return std::move(value);
  }
  return "";
}

// --- routes

// The labels when `path` (as sent) fits the template's path.
std::optional<json::object> MatchPath(std::string_view pattern, std::string_view path) {
  auto wanted = Split(pattern, '/');
  auto sent = Split(path, '/');
  if (sent.size() == wanted.size() + 1 && sent.back().empty()) sent.pop_back();  // S3 clients may end with a slash
  if (wanted.size() != sent.size()) return std::nullopt;
  json::object labels;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (sent[i].empty()) return std::nullopt;
      labels[std::string_view(wanted[i]).substr(1, wanted[i].size() - 2)] = PercentDecoded(sent[i]);
    } else if (wanted[i] != sent[i]) {
      return std::nullopt;
    }
  }
  return labels;
}

bool HasQueryKey(const sim::ServedRequest& request, std::string_view key) {
  for (const auto& [name, value] : request.QueryMembers()) {
    if (name == key) return true;
  }
  return false;
}

void RouteRest(const sim::ServedRequest& request, Route& route) {
  for (const OperationSpec& operation : route.service->operations) {
    const auto question = operation.uri.find('?');
    if (operation.method != request.method) continue;
    if (question != std::string_view::npos && !HasQueryKey(request, operation.uri.substr(question + 1))) continue;
    auto labels = MatchPath(operation.uri.substr(0, question), request.raw_path);
    if (!labels) continue;
    route.operation = &operation;
    route.labels = std::move(*labels);
    return;
  }
}

bool IsRest(Protocol protocol) {
  return protocol == Protocol::kRestJson || protocol == Protocol::kRestXml;
}
bool IsJsonRpc(Protocol protocol) {
  return protocol == Protocol::kJson10 || protocol == Protocol::kJson11;
}

// Several services may share a signing name: version, path or target tell.
bool Speaks(const ServiceSpec& service, const sim::ServedRequest& request) {
  if (IsJsonRpc(service.protocol)) {
    const auto* target = request.Header("x-amz-target");
    return target != nullptr && target->starts_with(service.target_prefix);
  }
  if (!IsRest(service.protocol)) return FormValue(request, "Version") == service.version;
  const bool control = request.raw_path.starts_with("/v20180820/");
  return service.signing_name != "s3" || control == (service.id == "s3control");
}

void FindOperationIn(const sim::ServedRequest& request, Route& route) {
  const ServiceSpec& service = *route.service;
  if (IsRest(service.protocol)) {
    RouteRest(request, route);
  } else if (IsJsonRpc(service.protocol)) {
    const auto* target = request.Header("x-amz-target");
    if (target == nullptr) return;
    route.operation = FindOperation(service, std::string_view(*target).substr(service.target_prefix.size()));
  } else {
    route.operation = FindOperation(service, FormValue(request, "Action"));
  }
}

// --- members

// The specification of one member.
struct MemberSpec {
  std::string_view name;
  bool required = false;
  std::string_view header;
  std::string_view query;
};

std::vector<MemberSpec> MemberSpecs(std::string_view text) {
  std::vector<MemberSpec> specs;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    MemberSpec spec;
    spec.name = word.substr(0, word.find_first_of("*@?"));
    spec.required = word.find('*') != std::string_view::npos;
    if (const auto at = word.find('@'); at != std::string_view::npos) spec.header = word.substr(at + 1);
    if (const auto at = word.find('?'); at != std::string_view::npos) spec.query = word.substr(at + 1);
    specs.push_back(spec);
  }
  return specs;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// a.member.2.b = v: objects all the way, with list places as keys; MakeLists() then turns those into arrays.
bool PutParameter(json::object& root, std::string_view key, const std::string& value) {
  auto parts = Split(key, '.');
  if (parts.size() > kMaxParameterDepth) return false;
  json::object* at = &root;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const bool list_word = parts[i] == "member" || parts[i] == "entry";
    if (list_word && IsNumber(parts[i + 1])) continue;
    json::value& next = (*at)[parts[i]];
    if (next.is_null()) next = json::object();
    if (!next.is_object()) return false;
    at = &next.get_object();
  }
  return at->emplace(parts.back(), value).second;
}

json::value MakeLists(const json::value& value) {
  if (!value.is_object()) return value;
  const json::object& object = value.get_object();
  const bool list = !object.empty() && std::all_of(object.begin(), object.end(),
                                                   [](const auto& member) { return IsNumber(member.key()); });
  if (!list) {
    json::object made;
    for (const auto& member : object) made[member.key()] = MakeLists(member.value());
    return made;
  }
  std::map<int, json::value> ordered;
  for (const auto& member : object) ordered[std::stoi(std::string(member.key()))] = MakeLists(member.value());
  json::array made;
  for (auto& [place, element] : ordered) made.push_back(std::move(element));
  return made;
}

Failure Malformed(const ServiceSpec& service, const std::string& what) {
  if (service.protocol == Protocol::kEc2 || service.protocol == Protocol::kQuery) {
    return Fail(400, "MalformedQueryString", what);
  }
  return Fail(400, service.protocol == Protocol::kRestXml ? "MalformedXML" : "SerializationException", what);
}

std::variant<json::object, Failure> ReadForm(const sim::ServedRequest& request, const ServiceSpec& service) {
  const auto pairs = FormPairs(request.body);
  json::object tree;
  if (pairs.size() > kMaxParameters) return Malformed(service, "too many parameters");
  for (const auto& [key, value] : pairs) {
    if (key == "Action" || key == "Version") continue;
    if (!PutParameter(tree, key, value)) return Malformed(service, "parameter " + Printable(key, 100));
  }
  json::object members;
  for (const auto& member : tree) members[member.key()] = MakeLists(member.value());
  return members;
}

std::variant<json::object, Failure> ReadJson(const sim::ServedRequest& request, const ServiceSpec& service) {
  if (request.body.empty()) return json::object();
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::error_code failed;
  json::value value = json::parse(request.body, failed, {}, options);
  if (failed || !value.is_object()) return Malformed(service, "the body is not a JSON object");
  return std::move(value.get_object());
}

Failure Missing(const ServiceSpec& service, std::string_view name) {
  const auto text = "1 validation error detected: the member " + std::string(name) + " is missing";
  if (service.protocol == Protocol::kEc2) return Fail(400, "MissingParameter", text);
  if (service.protocol == Protocol::kQuery) return Fail(400, "ValidationError", text);
  return Fail(400, service.protocol == Protocol::kRestXml ? "InvalidArgument" : "ValidationException", text);
}

Failure Unknown(const ServiceSpec& service, std::string_view name) {
  const auto text = "The member " + Printable(name, 100) + " is not recognized";
  if (service.protocol == Protocol::kEc2) return Fail(400, "UnknownParameter", text);
  return Fail(400, service.protocol == Protocol::kQuery ? "ValidationError" : "SerializationException", text);
}

std::optional<Failure> CheckMembers(const ServiceSpec& service, const std::vector<MemberSpec>& specs,
                                    const json::object& members) {
  for (const auto& member : members) {
    const bool known = std::any_of(specs.begin(), specs.end(), [&](const auto& s) { return s.name == member.key(); });
    if (!known) return Unknown(service, member.key());
  }
  for (const MemberSpec& spec : specs) {
    if (spec.required && !Has(members, spec.name)) return Missing(service, spec.name);
  }
  return std::nullopt;
}

void AddLocated(const sim::ServedRequest& request, const std::vector<MemberSpec>& specs, json::object& members) {
  for (const MemberSpec& spec : specs) {
    if (!spec.header.empty()) {
      if (const auto* value = request.Header(ToLowerAscii(spec.header))) members[spec.name] = *value;
    }
    if (spec.query.empty()) continue;
    for (const auto& [name, value] : request.QueryMembers()) {
      if (name == spec.query) members[spec.name] = value;
    }
  }
}

}  // namespace

std::string PercentDecoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

Route FindRoute(const sim::ServedRequest& request, std::string_view signing_name) {
  Route route;
  for (const ServiceSpec* service : Services()) {
    const bool named = signing_name.empty() ? service->id == "sts" : service->signing_name == signing_name;
    if (!named) continue;
    if (route.service == nullptr || Speaks(*service, request)) route.service = service;
    if (Speaks(*service, request)) break;
  }
  if (route.service != nullptr) FindOperationIn(request, route);
  return route;
}

std::variant<json::object, Failure> ReadMembers(const sim::ServedRequest& request, const Route& route) {
  const ServiceSpec& service = *route.service;
  const auto specs = MemberSpecs(route.operation->members);
  std::variant<json::object, Failure> read = json::object();
  if (service.protocol == Protocol::kEc2 || service.protocol == Protocol::kQuery) {
    read = ReadForm(request, service);
  } else if (service.protocol != Protocol::kRestXml) {
    read = ReadJson(request, service);
  }
  auto* members = std::get_if<json::object>(&read);
  if (members == nullptr) return read;
  for (const auto& label : route.labels) (*members)[label.key()] = label.value();
  AddLocated(request, specs, *members);
  // The body of rest-xml is read by the operation; a required member that is the body is not looked for here.
  if (service.protocol == Protocol::kRestXml && request.method == "PUT") return read;
  if (auto problem = CheckMembers(service, specs, *members)) return std::move(*problem);
  return read;
}

}  // namespace sallyport::aws_sim
