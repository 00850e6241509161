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
      for (Domain domain : host.domains()) {
        heads.add(head(sample(domain), "\u007f"));
        for (Route route : host.routes()) {
          RequestHead head = head(sample(domain), "/");
          route.rehearse(head);
          heads.add(head);
        }
      }
      if (heads.size() >= MOST) {
        break;
      }
    }
    return List.copyOf(heads.size() > MOST ? heads.subList(0, MOST) : heads);
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
