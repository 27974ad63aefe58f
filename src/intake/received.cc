// SPDX-License-Identifier: Apache-2.0
#include "intake/received.h"

#include "base/json.h"

namespace sallyport {
namespace {

// Other processes count too; whoever is overtaken so often gives up.
constexpr int kMostDocumentTries = 50;

std::string Counted(const std::optional<Document>& before, const Received& received) {
  Json known;
  if (before && !before->pieces.empty()) {
    if (auto parsed = Json::Parse(before->pieces.front()); parsed.ok()) known = *std::move(parsed);
  }
  JsonWriter out;
  out.BeginObject().Member("messages", known["messages"].Int64Or(0) + 1);
  out.Member("events", known["events"].Int64Or(0) + received.events);
  out.Member("attached", known["attached"].Int64Or(0) + received.attached);
  return out.EndObject().Take();
}

}  // namespace

Status CountReceived(State& state, const Received& received) {
  const std::string_view name = received.refused ? kRefusedDocument : kReceivedDocument;
  for (int tries = 0; tries < kMostDocumentTries; ++tries) {
    const auto before = ReadDocument(state, name);
    if (!before.ok()) return before.error();
    const std::int64_t version = before->has_value() ? (*before)->info.version : 0;
    const auto put = state.PutDocument(name, {Counted(*before, received)}, version);
    if (!put.ok()) return put.error();
    if (put->has_value()) return Ok();
  }
  return Error{ErrorCode::kStorage, "others keep counting what was received", ""};
}

}  // namespace sallyport
