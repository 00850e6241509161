package dev.osprey.router;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the virtual host of an authority by Envoy's precedence: exact, longest suffix, longest
 * prefix, {@code *}. The cost grows with the authority's length, not with the number of hosts.
 *
 * <p>A domain with a colon is compared with host and port, all others with the host alone; within
 * one kind the former come first.
 */
final class HostTable {
  private final DomainTable withPort;
  private final DomainTable hostOnly;
  private final @Nullable VirtualHost any;

  HostTable(List<VirtualHost> hosts) {
    this.withPort = new DomainTable(hosts, true);
    this.hostOnly = new DomainTable(hosts, false);
    this.any =
        hosts.stream()
            .filter(host -> host.domains().stream().anyMatch(d -> d.kind() == Domain.Kind.ANY))
            .findFirst()
            .orElse(null);
  }

  @Nullable VirtualHost find(byte[] bytes, int start, int end) {
    int hostEnd = endOfHost(bytes, start, end);
    boolean hasPort = hostEnd < end && !withPort.isEmpty();
    VirtualHost found = hasPort ? withPort.exact(bytes, start, end) : null;
    if (found == null) {
      found = hostOnly.exact(bytes, start, hostEnd);
    }
    if (found == null && hasPort) {
      found = withPort.suffix(bytes, start, end);
    }
    if (found == null) {
      found = hostOnly.suffix(bytes, start, hostEnd);
    }
    if (found == null && hasPort) {
      found = withPort.prefix(bytes, start, end);
    }
    if (found == null) {
      found = hostOnly.prefix(bytes, start, hostEnd);
    }
    return found != null ? found : any;
  }

  /** The end of the host: a colon and digits behind it, outside of brackets, are a port. */
  static int endOfHost(byte[] bytes, int start, int end) {
    for (int i = end - 1; i >= start; i--) {
      if (bytes[i] == ':') {
        return i;
      }
      if (bytes[i] < '0' || bytes[i] > '9') {
        return end;
      }
    }
    return end;
  }

  /** The domains that are compared with the same part of an authority. */
  private static final class DomainTable {
    private final boolean isEmpty;
    private final ByteTable<VirtualHost> exact;
    private final ByteTable<VirtualHost> suffixes;
    private final ByteTable<VirtualHost> prefixes;

    DomainTable(List<VirtualHost> hosts, boolean withPort) {
      this.exact = new ByteTable<>(of(hosts, Domain.Kind.EXACT, withPort));
      this.suffixes = new ByteTable<>(of(hosts, Domain.Kind.SUFFIX, withPort));
      this.prefixes = new ByteTable<>(of(hosts, Domain.Kind.PREFIX, withPort));
      this.isEmpty = exact.isEmpty() && suffixes.isEmpty() && prefixes.isEmpty();
    }

    private static Map<String, VirtualHost> of(
        List<VirtualHost> hosts, Domain.Kind kind, boolean withPort) {
      Map<String, VirtualHost> found = new LinkedHashMap<>();
      for (VirtualHost host : hosts) {
        for (Domain domain : host.domains()) {
          if (domain.kind() == kind && domain.namesPort() == withPort) {
            found.putIfAbsent(domain.text(), host);
          }
        }
      }
      return found;
    }

    boolean isEmpty() {
      return isEmpty;
    }

    @Nullable VirtualHost exact(byte[] bytes, int start, int end) {
      if (end - start > exact.longest()) {
        return null;
      }
      int hash = ByteTable.EMPTY;
      for (int i = start; i < end; i++) {
        hash = ByteTable.append(hash, bytes[i]);
      }
      return exact.find(bytes, start, end, hash);
    }

    /** The longest that leaves at least one byte before it. */
    @Nullable VirtualHost suffix(byte[] bytes, int start, int end) {
      VirtualHost found = null;
      int hash = ByteTable.EMPTY;
      int power = 1;
      int first = Math.max(start + 1, end - suffixes.longest());
      for (int i = end - 1; i >= first; i--) {
        hash = ByteTable.prepend(hash, power, bytes[i]);
        power = ByteTable.nextPower(power);
        if (suffixes.hasLength(end - i)) {
          VirtualHost longer = suffixes.find(bytes, i, end, hash);
          found = longer != null ? longer : found;
        }
      }
      return found;
    }

    /** The longest that leaves at least one byte behind it. */
    @Nullable VirtualHost prefix(byte[] bytes, int start, int end) {
      VirtualHost found = null;
      int hash = ByteTable.EMPTY;
      int last = Math.min(end - 1, start + prefixes.longest());
      for (int i = start; i < last; i++) {
        hash = ByteTable.append(hash, bytes[i]);
        if (prefixes.hasLength(i + 1 - start)) {
          VirtualHost longer = prefixes.find(bytes, start, i + 1, hash);
          found = longer != null ? longer : found;
        }
      }
      return found;
    }
  }
}
