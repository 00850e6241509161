package dev.osprey.host.control;

import dev.osprey.spi.source.ConfigDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to be published as one.
 *
 * @param cause in words
 * @param bundles what is replaced, by symbolic name; null removes a bundle
 * @param document the new configuration; null keeps the present one
 * @param rehearsal {@code done} when fresh plans are rehearsed first, else why not
 */
record Change(
    String cause,
    Map<String, @Nullable InUse> bundles,
    @Nullable ConfigDocument document,
    String rehearsal) {
  /** Fresh plans are rehearsed. */
  static final String REHEARSED = "done";

  boolean isRehearsed() {
    return rehearsal.equals(REHEARSED);
  }
}
