// SPDX-License-Identifier: Apache-2.0
#include "net/hide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "base/text.h"

namespace sallyport {
namespace {

// Made up, in the forms of the keys of SWP, chats and AWS sessions.
const char* const kKeys[] = {
    "5AD8E9F0-0001-0000-0000-000000000000:5AD8E9F0-0002-0000-0000-000000000000:Q0FOQVJZL0tFWQ+/x==",
    "tmc12hush:Zm9vYmFyYmF6cXV4", "xoxb-CANARY-TOKEN-0001", "SIM-KEY-FULL", "https://u:CANARY%2Fpass@h/?a&b\\c\"d"};

std::string EachAs(std::string_view text, const char* format) {
  std::string out;
  for (const char c : text) {
    std::array<char, 32> one{};
    std::snprintf(one.data(), one.size(), format, static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += one.data();
  }
  return out;
}

// Only what is no letter and no digit, as encoders do it.
std::string MarksAs(std::string_view text, const char* format) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += plain ? std::string(1, c) : EachAs(std::string_view(&c, 1), format);
  }
  return out;
}

std::string WithBackslash(std::string_view text, std::string_view marks) {
  std::string out;
  for (const char c : text) out += (marks.find(c) == std::string_view::npos ? "" : "\\") + std::string(1, c);
  return out;
}

std::string WithEntities(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::pair<char, const char*> names[] = {{'&', "&amp;"},    {'<', "&lt;"},  {'"', "&quot;"}, {'+', "&plus;"},
                                                  {'=', "&equals;"}, {'/', "&sol;"}, {':', "&colon;"}};
    const auto* found = std::find_if(std::begin(names), std::end(names), [c](const auto& n) { return n.first == c; });
    out += found == std::end(names) ? std::string(1, c) : found->second;
  }
  return out;
}

std::string Base64(std::string_view text, bool for_urls) {
  const std::string_view signs = for_urls ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                                          : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (unsigned k = 0; k < 4; ++k) {
      out += i + k > text.size() ? '=' : signs[(group >> (18 - 6 * k)) & 0x3FU];
    }
  }
  return out;
}

std::string Utf16(std::string_view text) {
  std::string out;
  for (const char c : text) out += std::string(1, '\0') + c;
  return out;
}

// With something between groups of its characters.
std::string Apart(std::string_view text, std::size_t group, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += group) {
    out.append(i == 0 ? "" : between).append(text.substr(i, group));
  }
  return out;
}

struct Writing {
  const char* name;
  std::function<std::string(const std::string&)> write;
};

std::vector<Writing> Writings() {
  return {
      {"plain", [](const std::string& k) { return k; }},
      {"lower case", [](const std::string& k) { return ToLowerAscii(k); }},
      {"JSON, marks as \\u", [](const std::string& k) { return MarksAs(k, "\\u%04x"); }},
      {"JSON, marks as \\U upper", [](const std::string& k) { return MarksAs(k, "\\u%04X"); }},
      {"JSON, everything as \\u", [](const std::string& k) { return EachAs(k, "\\u%04x"); }},
      {"JSON in JSON", [](const std::string& k) { return MarksAs(k, "\\\\u%04x"); }},
      {"JSON in JSON in JSON", [](const std::string& k) { return MarksAs(k, "\\\\\\\\u%04x"); }},
      {"JSON with \\/", [](const std::string& k) { return WithBackslash(k, "/\\\""); }},
      {"C string", [](const std::string& k) { return MarksAs(k, "\\x%02x"); }},
      {"shell", [](const std::string& k) { return WithBackslash(k, "/\\\"&?:+=-%@"); }},
      {"percent", [](const std::string& k) { return MarksAs(k, "%%%02x"); }},
      {"percent, upper", [](const std::string& k) { return MarksAs(k, "%%%02X"); }},
      {"percent, everything", [](const std::string& k) { return EachAs(k, "%%%02x"); }},
      {"percent twice", [](const std::string& k) { return MarksAs(k, "%%25%02x"); }},
      {"percent three times", [](const std::string& k) { return MarksAs(k, "%%2525%02X"); }},
      {"HTML, decimal", [](const std::string& k) { return MarksAs(k, "&#%u;"); }},
      {"HTML, hexadecimal", [](const std::string& k) { return MarksAs(k, "&#x%x;"); }},
      {"HTML, everything", [](const std::string& k) { return EachAs(k, "&#X%X;"); }},
      {"HTML twice", [](const std::string& k) { return MarksAs(k, "&amp;#%u;"); }},
      {"HTML, named", [](const std::string& k) { return WithEntities(k); }},
      {"base64", [](const std::string& k) { return Base64(k, false); }},
      {"base64 for URLs", [](const std::string& k) { return Base64(k, true); }},
      {"base64 behind one byte", [](const std::string& k) { return Base64(":" + k, false); }},
      {"base64 of a Basic authorization", [](const std::string& k) { return Base64("u:" + k + ":", false); }},
      {"base64, percent", [](const std::string& k) { return MarksAs(Base64(k, false), "%%%02X"); }},
      {"hexadecimal", [](const std::string& k) { return EachAs(k, "%02x"); }},
      {"hexadecimal, upper", [](const std::string& k) { return EachAs(k, "%02X"); }},
      {"C string, octal", [](const std::string& k) { return EachAs(k, "\\%03o"); }},
      {"JavaScript", [](const std::string& k) { return EachAs(k, "\\u{%x}"); }},
      {"percent, wide", [](const std::string& k) { return EachAs(k, "%%u%04x"); }},
      {"mail", [](const std::string& k) { return EachAs(k, "=%02X"); }},
      {"mail, marks", [](const std::string& k) { return MarksAs(k, "=%02X"); }},
      {"UTF-16", [](const std::string& k) { return Utf16(k); }},
      {"spaces", [](const std::string& k) { return Apart(k, 1, " "); }},
      {"spaces between fours", [](const std::string& k) { return Apart(k, 4, " "); }},
      {"dots and spaces", [](const std::string& k) { return Apart(k, 1, " . "); }},
      {"zero width", [](const std::string& k) { return Apart(k, 1, "\u200b"); }},
      {"zero width, JSON", [](const std::string& k) { return Apart(k, 1, "\\u200b"); }},
      {"zero width, JSON in JSON", [](const std::string& k) { return Apart(k, 1, "\\\\u200b"); }},
      {"zero width, HTML", [](const std::string& k) { return Apart(k, 1, "&#8203;"); }},
      {"soft hyphens", [](const std::string& k) { return Apart(k, 3, "&shy;"); }},
      {"zero width, percent", [](const std::string& k) { return Apart(k, 1, "%E2%80%8B"); }},
      {"lines", [](const std::string& k) { return Apart(k, 7, "\\r\\n"); }},
      {"base64 in lines", [](const std::string& k) { return Apart(Base64(k, false), 16, "\r\n"); }},
      {"hexadecimal with colons", [](const std::string& k) { return Apart(EachAs(k, "%02X"), 2, ":"); }},
      {"hexadecimal with spaces", [](const std::string& k) { return Apart(EachAs(k, "%02x"), 2, " "); }},
      {"hexadecimal with commas", [](const std::string& k) { return Apart(EachAs(k, "%02x"), 2, ", "); }},
      {"hexadecimal, eight at a time", [](const std::string& k) { return Apart(EachAs(k, "%02x"), 8, "-"); }},
  };
}

// At most this much of a key may stay in one piece: base64 loses a sign at each end. Its padding says nothing.
bool HoldsPiece(const std::string& text, std::string written) {
  constexpr std::size_t kPiece = 6;
  for (const std::string_view padding : {"=", "%3D", "%3d"}) {
    while (written.ends_with(padding)) written.erase(written.size() - padding.size());
  }
  for (std::size_t at = 0; at + kPiece <= written.size(); ++at) {
    if (text.find(written.substr(at, kPiece)) != std::string::npos) return true;
  }
  return false;
}

TEST(Hider, FindsAKeyInEveryWriting) {
  for (const char* key : kKeys) {
    Hider hider;
    hider.Add(Secret(key));
    for (const Writing& writing : Writings()) {
      const std::string written = writing.write(key);
      for (const std::string before :
           {"", "{\"message\":\"Invalid key ", "\\", "\\\\", "%", "%25", "&amp;", "x://h/?k="}) {
        for (const std::string after : {"", "\"}", "\\", "%", "&", " and more"}) {
          std::string text = before;
          text.append(written).append(after);
          hider.Hide(text);
          EXPECT_NE(text.find("***"), std::string::npos) << writing.name << ": " << before << written << after;
          EXPECT_FALSE(HoldsPiece(text, written)) << writing.name << ": " << text;
        }
      }
    }
  }
}

TEST(Hider, LeavesAllOtherTextAsItIs) {
  Hider hider;
  hider.Add(Secret(kKeys[0]));
  for (const std::string text :
       {"",
        "***",
        R"({"computers":[{"ID":34,"displayName":"web-01","hostGUID":"14483D21-D921-32E0-19D7-FA36D91BC422"}]})",
        "\\",
        "%",
        "&",
        "\\u",
        "\\u00",
        "%2",
        "&#",
        "&#;",
        "&amp;",
        "\\u003d",
        "%25%25%25",
        "\xff\xfe",
        "5AD8E9F0-0001-0000-0000-00000000000 ",
        "5 A D 8 E 9 F 0 and more",
        "5-A-D-8",
        "5a d8 e9 f0 00 01",
        "5\n5\n5\n5\n5"}) {
    std::string hidden = text;
    hider.Hide(hidden);
    EXPECT_EQ(hidden, text);
  }
  // A condition value that AWS policies hold, which is also the scheme of a signature: no secret.
  Hider signature;
  signature.Add(
      Secret("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20251124/us-east-1/iam/aws4_request, "
             "SignedHeaders=host;x-amz-date, Signature=0123456789abcdef0123456789abcdef"));
  std::string policy = R"({"Condition":{"StringEquals":{"s3:signatureversion":"AWS4-HMAC-SHA256"}}})";
  const std::string same = policy;
  signature.Hide(policy);
  EXPECT_EQ(policy, same);
}

TEST(Hider, FindsEveryPlaceAndWhatStandsAroundStays) {
  Hider hider;
  hider.Add(Secret("ApiKey tmc12hush:Zm9vYmFyYmF6cXV4"));
  std::string text = "a ApiKey tmc12hush:Zm9vYmFyYmF6cXV4 b tmc12hush:Zm9vYmFyYmF6cXV4 c Zm9vYmFyYmF6cXV4 d";
  hider.Hide(text);
  EXPECT_EQ(text, "a *** b *** c *** d");
}

// A body that was cut, or a bound that cuts it, must not show the first half.
TEST(Hider, FindsAKeyThatTheEndOfTheTextCutsOff) {
  Hider hider;
  hider.Add(Secret("xoxb-CANARY-TOKEN-0001"));
  std::string text = "no key xoxb-CANARY-TOKE";
  hider.Hide(text);
  EXPECT_EQ(text, "no key ***");
  std::string short_piece = "no key xoxb-CA";
  hider.Hide(short_piece);
  EXPECT_EQ(short_piece, "no key xoxb-CA");
}

// So does what a server cuts at its own bound, which is the end of a text inside its answer.
TEST(Hider, FindsThePieceOfAKeyThatAServerLeft) {
  for (const char* key : kKeys) {
    Hider hider;
    hider.Add(Secret(key));
    for (const std::string after : {"\"}", "...", "</b>", " (truncated)"}) {
      const std::string piece = std::string(key).substr(0, std::max<std::size_t>(8, std::string(key).size() - 3));
      std::string text = "{\"message\":\"Invalid key ";
      text.append(piece).append(after);
      hider.Hide(text);
      EXPECT_FALSE(HoldsPiece(text, piece)) << text;
      EXPECT_TRUE(text.ends_with(after)) << text;
    }
  }
}

TEST(Hider, KnowsWhatARequestCarries) {
  HttpRequest request{.method = "POST", .url = "https://hooks.example.com/services/T000/B000/CANARYHOOKSECRET"};
  request.secret_path = true;
  request.secret_headers.emplace_back("Authorization", Secret("Bearer xoxb-CANARY-TOKEN-0001"));
  const Hider hider(request);
  HttpResponse response{302,
                        {{"Location", "https://login.example/?k=xoxb-canary-token-0001"},
                         {"X-Debug", "/services/T000/B000/CANARYHOOKSECRET"},
                         {"Date", "Mon, 24 Nov 2025 16:00:05 GMT"}},
                        "no such hook: CANARYHOOKSECRET, Bearer xoxb-CANARY-TOKEN-0001"};
  hider.Hide(response);
  EXPECT_EQ(response.headers[0].value, "https://login.example/?k=***");
  EXPECT_EQ(response.headers[1].value, "***");
  EXPECT_EQ(response.headers[2].value, "Mon, 24 Nov 2025 16:00:05 GMT");
  EXPECT_EQ(response.body, "no such hook: ***, ***");
}

TEST(Hider, AWordThatIsTooShortIsNoSecretToLookFor) {
  Hider hider;
  hider.Add(Secret("1234567"));
  hider.Add(Secret(""));
  std::string text = "1234567";
  hider.Hide(text);
  EXPECT_EQ(text, "1234567");
}

}  // namespace
}  // namespace sallyport
