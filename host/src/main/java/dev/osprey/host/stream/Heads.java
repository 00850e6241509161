package dev.osprey.host.stream;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.ResponseHead;

/**
 * Copies of what a codec may reuse. A copy has no provenance: whoever writes it validates it. Its
 * fields keep their tags, for what errs on the safe side, such as "in no compression table".
 */
final class Heads {
  private Heads() {}

  static Fields copy(Fields fields) {
    Fields copy = new Fields();
    for (int i = 0; i < fields.size(); i++) {
      copy.add(fields.name(i), fields.value(i));
      copy.tag(i, fields.tag(i));
    }
    return copy;
  }

  static ResponseHead copy(ResponseHead head) {
    Fields fields = copy(head.fields());
    ResponseHead copy = new ResponseHead(fields);
    copy.status(head.status());
    copy.bodyLength(head.bodyLength());
    copy.protocol(head.protocol());
    copy.opensTunnel(head.opensTunnel());
    String reason = head.reason();
    int start = fields.append(reason);
    copy.reason(start, start + reason.length());
    return copy;
  }
}
