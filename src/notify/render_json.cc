// SPDX-License-Identifier: Apache-2.0
#include "notify/render_json.h"

#include "base/json.h"
#include "base/severity.h"
#include "notify/clip.h"

namespace sallyport {
namespace {

// The version of the object: rises when a member changes its meaning or goes away, not when one is added.
constexpr int kSchema = 1;

// Texts of the message to JSON texts; bytes stay bytes for MessageJsonInFull.
class Writer {
 public:
  Writer(const Message& message, bool in_full) : message_(message), clip_(kFullDetail), in_full_(in_full) {}

  std::string Write() {
    out_.BeginObject().Member("schema", kSchema).Member("case", message_.case_id);
    Text("message", message_.key);
    out_.Member("kind", ToString(message_.kind)).Member("status", ToString(message_.status));
    if (!message_.case_state.empty()) Text("case_state", message_.case_state);
    Severity();
    out_.Member("band", ToString(BandOf(message_.severity))).Member("sample", message_.sample);
    Text("headline", message_.headline);
    Texts("why_now", message_.why_now);
    Where();
    out_.Key("protection").BeginObject();
    Text("state", message_.protection_state);
    Texts("reasons", message_.protection_reasons);
    out_.EndObject();
    Done();
    ToDo();
    Links();
    Owner();
    out_.Member("created_at", FormatTime(message_.created_at)).Member("updated_at", FormatTime(message_.updated_at));
    if (message_.may_repeat) out_.Member("may_repeat", true);
    if (clip_.cut()) out_.Member("cut", true);
    return out_.EndObject().Take();
  }

 private:
  void Text(std::string_view key, const std::string& text) { out_.Member(key, Made(text)); }

  void Severity() {
    out_.Key("severity");
    const std::string text = SeverityNumber(message_.severity);
    if (text == "unknown") {
      out_.Null();
    } else {
      out_.Raw(text);
    }
  }

  // Bytes that are no UTF-8 would all become the same replacement character: two contents would look the same.
  std::string Made(const std::string& text) { return in_full_ ? Hex(text) : clip_.Line(text); }

  static std::string Hex(const std::string& text) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
      hex += kDigits[static_cast<unsigned char>(c) >> 4U];
      hex += kDigits[static_cast<unsigned char>(c) & 0x0FU];
    }
    return hex;
  }

  template <class T, class WriteOne>
  void List(std::string_view key, const std::vector<T>& list, const WriteOne& write) {
    out_.Key(key).BeginArray();
    const std::size_t count = in_full_ ? list.size() : clip_.Lines(list.size());
    for (std::size_t i = 0; i < count; ++i) write(list[i]);
    out_.EndArray();
  }

  void Texts(std::string_view key, const std::vector<std::string>& texts) {
    List(key, texts, [this](const std::string& text) { out_.String(Made(text)); });
  }

  void Where() {
    out_.Key("where").BeginObject();
    Text("account", message_.where.account);
    Text("region", message_.where.region);
    Text("instance", message_.where.instance);
    Text("name", message_.where.name);
    out_.EndObject();
  }

  void Done() {
    List("done", message_.done, [this](const DoneLine& line) {
      out_.BeginObject();
      Text("what", line.what);
      out_.Member("outcome", ToString(line.outcome));
      if (!line.reason.empty()) Text("reason", line.reason);
      out_.EndObject();
    });
  }

  void ToDo() {
    List("to_do", message_.to_do, [this](const ToDoLine& line) {
      out_.BeginObject();
      Text("text", line.text);
      const std::string command = in_full_ ? Hex(line.command) : clip_.Command(line.command);
      if (!command.empty()) out_.Member("command", command);
      out_.EndObject();
    });
  }

  void Links() {
    List("links", message_.links, [this](const MessageLink& link) {
      out_.BeginObject();
      Text("label", link.label);
      Text("url", link.url);
      out_.EndObject();
    });
  }

  void Owner() {
    out_.Key("owner").BeginObject();
    Text("name", message_.owner.name);
    Text("source", message_.owner.source);
    if (in_full_) {
      List("addresses", message_.owner.addresses, [this](const OwnerAddress& address) {
        out_.BeginObject();
        Text("name", address.name);
        Text("display", address.display);
        Text("email", address.email);
        Text("slack_user", address.slack_user);
        Text("slack_channel", address.slack_channel);
        Text("teams", address.teams);
        out_.EndObject();
      });
    }
    out_.EndObject();
  }

  const Message& message_;
  Clip clip_;
  bool in_full_;
  JsonWriter out_;
};

}  // namespace

std::string MessageJson(const Message& message) {
  return Writer(message, false).Write();
}

std::string MessageJsonInFull(const Message& message) {
  return Writer(message, true).Write();
}

}  // namespace sallyport
