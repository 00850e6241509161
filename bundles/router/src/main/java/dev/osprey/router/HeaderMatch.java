package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * The condition on one header. Repeated headers compare as one, joined by commas, as in Envoy. A
 * header that is missing fits no condition on its value, inverted or not.
 */
final class HeaderMatch {
  private static final byte[] HTTP = UrlText.ascii("http");
  private static final byte[] HTTPS = UrlText.ascii("https");

  private final Source source;
  private final FieldName name;
  private final TextMatch text;
  private final boolean inverted;

  private HeaderMatch(String name, TextMatch text, boolean inverted) {
    this.source = Source.of(name);
    this.name = FieldName.of(name);
    this.text = text;
    this.inverted = inverted;
  }

  static HeaderMatch from(ConfigNode node) {
    node.allowOnly("name", "string_match", "present_match", "invert_match");
    String name = node.requiredString("name").toLowerCase(Locale.ROOT);
    checkName(node, name);
    if (node.has("string_match") && node.has("present_match")) {
      node.say("expected one of string_match, present_match, found both");
    }
    TextMatch text =
        node.object("string_match", TextMatch::from)
            .orElse(new TextMatch.Present(node.flag("present_match", true)));
    return new HeaderMatch(name, text, node.flag("invert_match", false));
  }

  private static void checkName(ConfigNode node, String name) {
    boolean isPseudo = name.startsWith(":");
    if (isPseudo && !name.matches(":(method|path|authority|scheme)")) {
      node.required("name").problem("a header, or one of :method, :path, :authority, :scheme");
    } else if (!isPseudo && !name.matches("[!#$%&'*+.^_`|~0-9a-z-]*")) {
      node.required("name").problem("a header's name");
    }
  }

  boolean fits(RequestHead head) {
    Fields fields = head.fields();
    byte[] bytes = fields.bytes();
    return switch (source) {
      case METHOD -> value(bytes, head.methodStart(), head.methodEnd());
      case PATH -> value(bytes, head.pathStart(), head.pathEnd());
      case AUTHORITY -> value(bytes, head.authorityStart(), head.authorityEnd());
      case SCHEME -> {
        byte[] scheme = head.scheme().equals("https") ? HTTPS : HTTP;
        yield value(scheme, 0, scheme.length);
      }
      case FIELD -> field(fields, bytes);
    };
  }

  private boolean field(Fields fields, byte[] bytes) {
    int at = fields.find(name, 0);
    if (at < 0) {
      return text instanceof TextMatch.Present present && present.wanted() == inverted;
    }
    int second = fields.find(name, at + 1);
    if (second < 0) {
      return value(bytes, fields.valueStart(at), fields.valueEnd(at));
    }
    byte[] joined = joined(fields, at, second);
    return value(joined, 0, joined.length);
  }

  private byte[] joined(Fields fields, int first, int second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    append(fields, first, all);
    for (int at = second; at >= 0; at = fields.find(name, at + 1)) {
      all.write(',');
      append(fields, at, all);
    }
    return all.toByteArray();
  }

  private static void append(Fields fields, int at, ByteArrayOutputStream all) {
    int start = fields.valueStart(at);
    all.write(fields.bytes(), start, fields.valueEnd(at) - start);
  }

  private boolean value(byte[] bytes, int start, int end) {
    return text.fits(bytes, start, end) != inverted;
  }

  void rehearse(RequestHead head) {
    switch (source) {
      case METHOD -> head.method(text.sample());
      case PATH -> head.path(text.sample());
      case AUTHORITY -> head.authority(text.sample());
      case SCHEME -> {}
      case FIELD -> head.fields().add(name.text(), text.sample());
    }
  }

  /** Where the value stands in a head. */
  private enum Source {
    METHOD,
    PATH,
    AUTHORITY,
    SCHEME,
    FIELD;

    static Source of(String name) {
      return switch (name) {
        case ":method" -> METHOD;
        case ":path" -> PATH;
        case ":authority" -> AUTHORITY;
        case ":scheme" -> SCHEME;
        default -> FIELD;
      };
    }
  }
}
