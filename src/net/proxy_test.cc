// SPDX-License-Identifier: Apache-2.0
#include "net/proxy.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace sallyport {
namespace {

TEST(ParseProxy, KeepsUserAndPasswordApartFromTheAddressWhateverTheScheme) {
  struct Case {
    const char* text;
    const char* address;
    const char* user;
    const char* password;
  };
  const Case cases[] = {
      {"http://proxy.example.com:3128", "http://proxy.example.com:3128", "", ""},
      {"proxy.example.com:3128", "proxy.example.com:3128", "", ""},
      {"http://u:CANARY@proxy.example.com:3128", "http://proxy.example.com:3128", "u", "CANARY"},
      {"https://u:CANARY@127.0.0.1:1", "https://127.0.0.1:1", "u", "CANARY"},
      {"socks5://u:CANARY@h:1", "socks5://h:1", "u", "CANARY"},
      {"socks5h://u:CANARY@h:1", "socks5h://h:1", "u", "CANARY"},
      {"socks4a://u:CANARY@h:1", "socks4a://h:1", "u", "CANARY"},
      {"ftp://u:CANARY@h:1", "ftp://h:1", "u", "CANARY"},
      {"foo://u:CANARY@h:1", "foo://h:1", "u", "CANARY"},
      {"u:CANARY@h:1", "h:1", "u", "CANARY"},
      {"u@h:1", "h:1", "u", ""},
      {":CANARY@h:1", "h:1", "", "CANARY"},
      {"http://u:CAN@ARY@h:1", "http://h:1", "u", "CAN@ARY"},
      {"http://u:CAN/ARY@h:1", "http://h:1", "u", "CAN/ARY"},
      {"http://u:CAN ARY@h:1", "http://h:1", "u", "CAN ARY"},
      {"u:CAN://ARY@h:1", "h:1", "u", "CAN://ARY"},
      {"http://us%40er:CAN%2FARY%@h:1", "http://h:1", "us@er", "CAN/ARY%"},
      {"http://u:CANARY@h:99999", "http://h:99999", "u", "CANARY"},
      {"http://u:CANARY@[::1]:3128", "http://[::1]:3128", "u", "CANARY"},
  };
  for (const Case& one : cases) {
    const Proxy proxy = ParseProxy(one.text);
    EXPECT_EQ(proxy.address, one.address) << one.text;
    EXPECT_EQ(proxy.user, one.user) << one.text;
    EXPECT_EQ(proxy.password.RevealForRequest(), one.password) << one.text;
  }
}

TEST(ProxyOfEnvironment, IsThatOfHttpsAlone) {
  std::map<std::string, std::string> environment;
  const auto found = [&] {
    return ProxyOfEnvironment([&](const char* name) -> const char* {
             const auto variable = environment.find(name);
             return variable == environment.end() ? nullptr : variable->second.c_str();
           })
        .address;
  };
  EXPECT_EQ(found(), "");
  environment["http_proxy"] = "clear:1";  // nothing goes through a proxy in clear
  environment["HTTP_PROXY"] = "clear:1";
  EXPECT_EQ(found(), "");
  environment["ALL_PROXY"] = "all-upper:1";
  EXPECT_EQ(found(), "all-upper:1");
  environment["all_proxy"] = "all:1";
  EXPECT_EQ(found(), "all:1");
  environment["HTTPS_PROXY"] = "upper:1";
  EXPECT_EQ(found(), "upper:1");
  environment["https_proxy"] = "lower:1";
  EXPECT_EQ(found(), "lower:1");
  environment["https_proxy"] = "";
  EXPECT_EQ(found(), "upper:1");
}

TEST(NeverByProxy, HoldsForThisMachineTheLinkAndEverythingInClear) {
  for (const char* host : {"localhost",
                           "LOCALHOST",
                           "localhost.",
                           "a.localhost",
                           "127.0.0.1",
                           "127.255.255.254",
                           "127.1",
                           "127.0.1",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.1",
                           "0177.0.0.1",
                           "0.0.0.0",
                           "0",
                           "[::1]",
                           "[0:0:0:0:0:0:0:1]",
                           "[::]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "169.254.169.254",
                           "169.254.170.2",
                           "169.254.170.23",
                           "0xa9fea9fe",
                           "2852039166",
                           "[fe80::1]",
                           "[fe80::1%25eth0]",
                           "[febf::1]",
                           "[fd00:ec2::254]",
                           "[fd00:ec2::23]",
                           "[::ffff:169.254.169.254]",
                           "u:p@127.0.0.1"}) {
    for (const char* port : {"", ":4119"}) {
      EXPECT_TRUE(NeverByProxy("https://" + std::string(host) + port + "/api")) << host;
    }
  }
  for (const char* url : {"http://manager.example.com/api", "HTTP://manager.example.com/", "http://10.0.0.1:4119/", "",
                          "ftp://h/", "manager.example.com"}) {
    EXPECT_TRUE(NeverByProxy(url)) << url;
  }
  for (const char* host :
       {"manager.example.com", "127.example.com", "localhost.example.com", "notlocalhost", "10.0.0.1", "128.0.0.1",
        "169.253.1.1", "126.1", "[2001:db8::1]", "[fd00:ec3::254]", "[fec0::1]", "[::2]", "[::ffff:10.0.0.1]"}) {
    for (const char* scheme : {"https://", "HTTPS://"}) {
      EXPECT_FALSE(NeverByProxy(scheme + std::string(host) + ":443/api")) << host;
    }
  }
}

}  // namespace
}  // namespace sallyport
