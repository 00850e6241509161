package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.spi.source.ConfigDocument;
import org.jspecify.annotations.Nullable;

/** One difference between what is wanted and what is running. */
sealed interface Item {
  /** The same for the same difference. */
  String key();

  /** The difference in words. */
  String cause();

  /**
   * Another content is wanted for a symbolic name.
   *
   * @param candidate null when none is left
   * @param before what is in use; null for nothing
   */
  record Bundle(String symbolicName, @Nullable Candidate candidate, @Nullable InUse before)
      implements Item {
    @Override
    public String key() {
      return symbolicName
          + "#"
          + (candidate == null ? "none" : candidate.sequence() + candidate.name());
    }

    @Override
    public String cause() {
      return candidate == null
          ? "nothing is left for " + symbolicName
          : candidate.describe() + " (" + symbolicName + " " + candidate.content().version() + ")";
    }
  }

  /** Another configuration is wanted. */
  record Config(ConfigDocument document) implements Item {
    @Override
    public String key() {
      return "configuration " + document.version();
    }

    @Override
    public String cause() {
      return "configuration " + document.version();
    }
  }
}
