// SPDX-License-Identifier: Apache-2.0
#include "notify/address.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

TEST(CheckChannelUrl, TakesHttpsAndLoopback) {
  for (const char* url : {"https://hooks.slack.com/services/T000/B000/XXXX", "https://example.com",
                          "https://example.com:8443/a?b=c&sig=d",
                          ("https://prod-01.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/"
                           "invoke?api-version=2016-06-01"
                           "&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=x"),
                          "https://10.1.2.3/hook", "https://[2001:db8::1]:8443/hook", "http://127.0.0.1:8080/hook",
                          "http://localhost/", "http://[::1]:8080/", "http://127.9.9.9/", "https://EXAMPLE.com./x"}) {
    const Status status = CheckChannelUrl(url);
    EXPECT_TRUE(status.ok()) << url << ": " << (status.ok() ? "" : status.error().message);
  }
}

TEST(CheckChannelUrl, RefusesWhatLeadsToMetadataOrNowhere) {
  for (const char* url :
       {"https://169.254.169.254/latest/meta-data", "http://169.254.169.254/", "https://169.254.0.1/",
        "https://[fe80::1]/", "https://[febf::1]/", "https://[fd00:ec2::254]/", "https://[::ffff:169.254.169.254]/",
        "https://[::ffff:a9fe:a9fe]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::a9fe:a9fe]/",
        "https://[::169.254.169.254]/", "https://0.0.0.0/", "https://[::]/", "https://224.0.0.1/", "https://[ff02::1]/",
        "https://255.255.255.255/", "https://168.63.129.16/", "https://metadata.google.internal/",
        "https://METADATA.google.internal./"}) {
    const Status status = CheckChannelUrl(url);
    ASSERT_FALSE(status.ok()) << url;
    EXPECT_EQ(status.error().message,
              "the address is link-local, of a metadata service, or of no single host (it is not shown: it may be a "
              "secret)")
        << url;
  }
}

TEST(CheckChannelUrl, RefusesAddressesThatHideWhereTheyLead) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://2852039166/", "has no proper host name"},
      {"https://0xa9fea9fe/", "has no proper host name"},
      {"https://0xa9.0xfe.0xa9.0xfe/", "has no proper host name"},
      {"https://0251.0376.0251.0376/", "has no proper host name"},
      {"https://169.254.43518/", "has no proper host name"},
      {"https://example.0/", "has no proper host name"},
      {"https:///path", "has no proper host name"},
      {"https://[::1/", "has no proper host name"},
      {"https://[zz]/", "has no proper host name"},
      {"https://exa%6dple.com/", "has no proper host name"},
      {"https://ex_ample.com/", "has no proper host name"},
      {"https://user:password@example.com/", "holds a user or password"},
      {"https://example.com@169.254.169.254/", "holds a user or password"},
      {"https://example.com:/", "has no port after the colon"},
      {"https://example.com:https/", "has no port after the colon"},
      {"https://example.com/#x", "holds a fragment (`#`)"},
      {"https://example.com/a b", "holds a space, a backslash or a character that is not visible ASCII"},
      {"https://example.com\\@evil.example/", "holds a space, a backslash or a character that is not visible ASCII"},
      {"https://example.com/\r\nX: y", "holds a space, a backslash or a character that is not visible ASCII"},
      {"ftp://example.com/", "does not start with https://"},
      {"file:///etc/passwd", "does not start with https://"},
      {"HTTPS://example.com/", "does not start with https://"},
      {"", "does not start with https://"},
      {"http://example.com/", "is http and not on this computer: use https"},
      {"http://127.example.com/", "is http and not on this computer: use https"},
      {"http://10.0.0.1/", "is http and not on this computer: use https"},
  };
  for (const auto& [url, why] : cases) {
    const Status status = CheckChannelUrl(url);
    ASSERT_FALSE(status.ok()) << url;
    EXPECT_EQ(status.error().message, "the address " + std::string(why) + " (it is not shown: it may be a secret)")
        << url;
  }
}

TEST(CheckChannelUrl, HasABound) {
  const std::string start = "https://example.com/";
  EXPECT_TRUE(CheckChannelUrl(start + std::string(2'048 - start.size(), 'y')).ok());
  EXPECT_FALSE(CheckChannelUrl(start + std::string(2'049 - start.size(), 'y')).ok());
}

}  // namespace
}  // namespace sallyport
