package dev.osprey.config.file;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/** Values of scalars by YAML 1.2's core schema. */
final class Scalars {
  private final CoreScalarResolver resolver = new CoreScalarResolver(false);

  /**
   * A String, Boolean, Long, Double or null.
   *
   * @throws NumberFormatException when the text does not fit its tag; the message says how
   */
  @Nullable Object value(ScalarEvent scalar) {
    Tag tag = tagOf(scalar);
    String text = scalar.getValue();
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return bool(text);
    }
    if (tag.equals(Tag.INT)) {
      return integer(text);
    }
    if (tag.equals(Tag.FLOAT)) {
      return floating(text);
    }
    if (tag.equals(Tag.STR)) {
      return text;
    }
    throw new NumberFormatException("expected a value without a tag, found the tag " + tag);
  }

  private Tag tagOf(ScalarEvent scalar) {
    Optional<String> written = scalar.getTag();
    if (written.isPresent() && !"!".equals(written.get())) {
      return new Tag(written.get());
    }
    return scalar.isPlain() && written.isEmpty()
        ? resolver.resolve(scalar.getValue(), true)
        : Tag.STR;
  }

  private static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new NumberFormatException("expected true or false, found \"" + text + "\"");
    };
  }

  private static Long integer(String text) {
    try {
      return parse(text).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new NumberFormatException("expected a whole number of 64 bits, found " + text);
    }
  }

  private static BigInteger parse(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    if (text.startsWith("0o")) {
      return new BigInteger(text.substring(2), 8);
    }
    return new BigInteger(text);
  }

  private static Double floating(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      case ".nan" -> Double.NaN;
      default -> Double.valueOf(text);
    };
  }
}
