package dev.osprey.it.harness;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Field blocks for tests (RFC 7541): writes literals, with and without a place in the table; reads
 * what an encoder without a table and without Huffman codes writes.
 */
public final class Hpack {
  /** The static table; a value stands behind {@code =}. */
  private static final String[] STATIC =
      """
      :authority :method=GET :method=POST :path=/ :path=/index.html :scheme=http :scheme=https
      :status=200 :status=204 :status=206 :status=304 :status=400 :status=404 :status=500
      accept-charset accept-encoding=gzip,_deflate accept-language accept-ranges accept
      access-control-allow-origin age allow authorization cache-control content-disposition
      content-encoding content-language content-length content-location content-range content-type
      cookie date etag expect expires from host if-match if-modified-since if-none-match if-range
      if-unmodified-since last-modified link location max-forwards proxy-authenticate
      proxy-authorization range referer refresh retry-after server set-cookie
      strict-transport-security transfer-encoding user-agent vary via www-authenticate
      """
          .strip()
          .split("\\s+", -1);

  private Hpack() {}

  /** Names and values in turn, as literals without indexing. */
  public static byte[] literals(String... fields) {
    return block(0, fields);
  }

  /** Names and values in turn, as literals that enter the table; the last one is number 62. */
  public static byte[] indexing(String... fields) {
    return block(0x40, fields);
  }

  /** A field of the table. */
  public static byte[] indexed(int number) {
    return new byte[] {(byte) (0x80 | number)};
  }

  private static byte[] block(int first, String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      out.write(first);
      string(out, fields[i]);
      string(out, fields[i + 1]);
    }
    return out.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int rest = bytes.length;
    if (rest < 127) {
      out.write(rest);
    } else {
      out.write(127);
      for (rest -= 127; rest >= 128; rest >>= 7) {
        out.write((rest & 127) | 128);
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  /** The fields of a block, as {@code name: value}. */
  public static List<String> fields(byte[] block) {
    List<String> fields = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(block);
    while (in.hasRemaining()) {
      int first = in.get() & 0xff;
      if (first >= 128) {
        fields.add(STATIC[integer(in, first, 7) - 1].replace("=", ": ").replace('_', ' '));
      } else if (first >> 5 == 1) {
        var _ = integer(in, first, 5);
      } else {
        int name = integer(in, first, first >= 64 ? 6 : 4);
        String text = name == 0 ? string(in) : STATIC[name - 1].replaceFirst("=.*", "");
        fields.add(text + ": " + string(in));
      }
    }
    return fields;
  }

  private static int integer(ByteBuffer in, int first, int bits) {
    int most = (1 << bits) - 1;
    int number = first & most;
    if (number < most) {
      return number;
    }
    for (int shift = 0; ; shift += 7) {
      int more = in.get();
      number += (more & 127) << shift;
      if (more >= 0) {
        return number;
      }
    }
  }

  private static String string(ByteBuffer in) {
    int first = in.get() & 0xff;
    if (first >= 128) {
      throw new IllegalArgumentException("Huffman codes are not read here");
    }
    byte[] bytes = new byte[integer(in, first, 7)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
