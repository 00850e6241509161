package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import java.util.ArrayList;
import java.util.List;

/** Heads made from the configuration itself: each domain with each route, and misses. */
final class Rehearsals {
  private static final int MOST = 1000;

  private Rehearsals() {}

  static List<RequestHead> of(List<VirtualHost> hosts) {
    List<RequestHead> heads = new ArrayList<>();
    heads.add(head("rehearsal.invalid:8080", "/rehearsal"));
    heads.add(head("", "*"));
    for (VirtualHost host : hosts) {
      add(heads, host);
    }
    return List.copyOf(heads);
  }

  private static void add(List<RequestHead> heads, VirtualHost host) {
    for (Domain domain : host.domains()) {
      if (heads.size() < MOST) {
        heads.add(head(sample(domain), "\u007f"));
      }
      for (int i = 0; i < host.routes().size() && heads.size() < MOST; i++) {
        RequestHead head = head(sample(domain), "/");
        host.routes().get(i).rehearse(head);
        heads.add(head);
      }
    }
  }

  private static String sample(Domain domain) {
    return switch (domain.kind()) {
      case EXACT -> domain.text();
      case SUFFIX -> "Rehearsal" + domain.text();
      case PREFIX -> domain.text() + "1";
      case ANY -> "rehearsal.invalid";
    };
  }

  private static RequestHead head(String authority, String path) {
    RequestHead head = new RequestHead();
    head.protocol("HTTP/1.1");
    head.method("GET");
    head.path(path);
    head.authority(authority);
    return head;
  }
}
