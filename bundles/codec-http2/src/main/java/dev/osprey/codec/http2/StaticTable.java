package dev.osprey.codec.http2;

/** The static table of RFC 7541 appendix A. */
final class StaticTable {
  /** How many entries there are; indices begin at 1. */
  static final int SIZE = 61;

  private static final String TEXT =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """;

  private static final TableEntry[] ENTRIES = entries();

  private StaticTable() {}

  /** Entry {@code index}, from 1 to {@link #SIZE}. */
  static TableEntry get(int index) {
    return ENTRIES[index];
  }

  private static TableEntry[] entries() {
    String[] lines = TEXT.split("\n", -1);
    TableEntry[] entries = new TableEntry[SIZE + 1];
    entries[0] = TableEntry.of("", "", 0);
    for (int i = 1; i <= SIZE; i++) {
      String[] parts = lines[i - 1].split(" ", 2);
      boolean sameName = entries[i - 1].nameIs(parts[0]);
      int tag = sameName ? entries[i - 1].tag() : i;
      entries[i] = TableEntry.of(parts[0], parts.length == 1 ? "" : parts[1], tag);
    }
    return entries;
  }
}
