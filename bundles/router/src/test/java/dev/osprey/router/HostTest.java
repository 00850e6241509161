package dev.osprey.router;

import static dev.osprey.router.Routers.decide;
import static dev.osprey.router.Routers.head;
import static dev.osprey.router.Routers.plan;
import static dev.osprey.router.Routers.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.route.RouterPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {
  private static final RouterPlan PLAN =
      plan(
          """
          virtual_hosts:
          - { name: a, domains: [www.foo.com, "[::1]"], routes: [{ match: { prefix: "" }, route: { cluster: exact } }] }
          - { name: b, domains: ["*.foo.com"], routes: [{ match: { prefix: "" }, route: { cluster: suffix } }] }
          - { name: c, domains: ["*-bar.foo.com"], routes: [{ match: { prefix: "" }, route: { cluster: longer } }] }
          - { name: d, domains: ["www.foo.*"], routes: [{ match: { prefix: "" }, route: { cluster: prefix } }] }
          - { name: e, domains: ["www.*"], routes: [{ match: { prefix: "" }, route: { cluster: shorter } }] }
          - { name: f, domains: ["www.foo.com:81", "any.org:*"], routes: [{ match: { prefix: "" }, route: { cluster: port } }] }
          - { name: g, domains: ["*"], routes: [{ match: { prefix: "" }, route: { cluster: all } }] }
          - { name: h, domains: ["empty.foo.com"], routes: [] }
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          www.foo.com        | exact
          WWW.Foo.COM        | exact
          www.foo.com:80     | exact
          www.foo.com:81     | port
          www.foo.com:       | exact
          [::1]:8080         | exact
          [::1]              | exact
          a.foo.com          | suffix
          a.b.foo.com:443    | suffix
          .foo.com           | all
          foo.com            | all
          x-bar.foo.com      | longer
          -bar.foo.com       | suffix
          www.foo.de         | prefix
          www.foo.           | shorter
          www.bar.de         | shorter
          www.               | all
          any.org            | all
          any.org:1          | port
          10.0.0.1:80        | all
          ''                 | all
          empty.foo.com      | none
          """)
  void choosesByEnvoysPrecedence(String authority, String cluster) {
    assertThat(decide(PLAN, head(authority, "/"))).isEqualTo(cluster);
  }

  @Test
  void findsNothing_withoutACatchAll() {
    RouterPlan plan = plan("virtual_hosts: [{ name: v, domains: [a.com] }]");
    assertThat(decide(plan, head("b.com", "/"))).isEqualTo("none");
    assertThat(decide(plan("{}"), head("b.com", "/"))).isEqualTo("none");
  }

  @Test
  void refusesBadDomains() {
    assertThat(
            problems(
                """
                virtual_hosts:
                - { name: v, domains: [a.com, A.com, "a.*.com", "*.a.*", "", "*", "a b"] }
                - { name: v, domains: ["*"] }
                - { name: w, domains: [] }
                - { name: x }
                - { domain: [y] }
                """))
        .containsExactly(
            "test virtual_hosts[0].domains[1]: expected each domain once, found \"a.com\" here and at"
                + " test virtual_hosts[0].domains[0]",
            "test virtual_hosts[0].domains[2]: expected a domain: a.example.com, *.example.com,"
                + " a.example.* or *, found \"a.*.com\"",
            "test virtual_hosts[0].domains[3]: expected a domain: a.example.com, *.example.com,"
                + " a.example.* or *, found \"*.a.*\"",
            "test virtual_hosts[0].domains[4]: expected a domain: a.example.com, *.example.com,"
                + " a.example.* or *, found \"\"",
            "test virtual_hosts[0].domains[6]: expected a domain: a.example.com, *.example.com,"
                + " a.example.* or *, found \"a b\"",
            "test virtual_hosts[1].name: expected each name once, found \"v\" here and at test"
                + " virtual_hosts[0]",
            "test virtual_hosts[1].domains[0]: expected each domain once, found \"*\" here and at"
                + " test virtual_hosts[0].domains[5]",
            "test virtual_hosts[2].domains: expected at least one domain, found none",
            "test virtual_hosts[3].domains: expected a value, found nothing",
            "test virtual_hosts[4].domain: expected one of name, domains, routes, found \"domain\""
                + " (did you mean \"domains\"?)",
            "test virtual_hosts[4].name: expected a value, found nothing",
            "test virtual_hosts[4].domains: expected a value, found nothing");
  }

  @Test
  void refusesEnvoysExactPorts() {
    assertThat(problems("ignore_port_in_host_matching: false"))
        .containsExactly(
            "test ignore_port_in_host_matching: expected true: a port is ignored unless a domain"
                + " names one, found false");
  }
}
