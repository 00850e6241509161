package dev.osprey.host.rehearsal;

import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What both codecs reported of one exchange, whatever pieces its bytes came in. */
final class Script {
  private final StringBuilder heads = new StringBuilder();
  private final StringBuilder requestBody = new StringBuilder();
  private final StringBuilder responseBody = new StringBuilder();

  void event(String what) {
    heads.append(what).append('\n');
  }

  void requestData(ByteBuf data, boolean end) {
    append(requestBody, data, end);
  }

  void responseData(ByteBuf data, boolean end) {
    append(responseBody, data, end);
  }

  void trailers(String side, Fields trailers) {
    event(side + " trailers " + trailers);
  }

  /**
   * True when this tells the same as two others do; where these differ (a generated number, the
   * time), anything will do.
   */
  boolean isLike(Script first, Script second) {
    List<String> mine = toString().lines().toList();
    List<String> one = first.toString().lines().toList();
    List<String> other = second.toString().lines().toList();
    if (mine.size() != one.size() || one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < mine.size(); i++) {
      if (one.get(i).equals(other.get(i)) && !mine.get(i).equals(one.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void append(StringBuilder body, ByteBuf data, boolean end) {
    body.append(data.toString(StandardCharsets.ISO_8859_1)).append(end ? "<end>" : "");
  }

  @Override
  public String toString() {
    return heads + "request body " + requestBody + "\nresponse body " + responseBody;
  }
}
