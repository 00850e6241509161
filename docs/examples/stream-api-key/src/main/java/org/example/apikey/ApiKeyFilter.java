package org.example.apikey;

import dev.osprey.spi.Counter;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.Verdict;
import java.util.List;
import java.util.Set;

/** Passes requests with a known key, without the key, and answers the others itself. */
final class ApiKeyFilter implements StreamFilter {
  private static final FieldName FILTER = FieldName.of("x-api-key-filter");
  private static final Verdict REFUSED =
      new Verdict.Reply(
          new LocalReply(
              LocalReply.Kind.DIRECT, 401, "api_key", List.of(), "no key, or an unknown one\n"));

  private final FieldName header;
  private final Set<String> keys;
  private final Counter refused;
  private final String version;

  ApiKeyFilter(FieldName header, Set<String> keys, Counter refused, String version) {
    this.header = header;
    this.keys = keys;
    this.refused = refused;
    this.version = version;
  }

  @Override
  public Verdict onRequestHead(RequestHead head, boolean end) {
    String key = head.fields().first(header);
    if (key == null || !keys.contains(key)) {
      refused.add(1);
      return REFUSED;
    }
    head.fields().remove(header);
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict onResponseHead(ResponseHead head, boolean end) {
    head.fields().set(FILTER, version);
    return Verdict.CONTINUE;
  }
}
