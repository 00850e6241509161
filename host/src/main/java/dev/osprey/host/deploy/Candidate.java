package dev.osprey.host.deploy;

/**
 * A content that could be in use for its symbolic name.
 *
 * @param content what it is
 * @param sequence when it changed, as a number that counts changes; the highest wins; 0 in {@code
 *     system}
 * @param source where it comes from
 * @param name the file's name, or how it came
 */
public record Candidate(Content content, long sequence, Source source, String name) {
  /** Where contents come from. */
  public enum Source {
    /** The archive's own bundles: the lowest layer. */
    SYSTEM,
    /** A file in the deploy folder. */
    FOLDER,
    /** A command or a bundle started by hand; only the private copy remains. */
    HAND
  }

  /** The symbolic name that it competes for. */
  public String symbolicName() {
    return content.symbolicName();
  }

  /** What people call it. */
  public String describe() {
    return switch (source) {
      case SYSTEM -> "system file " + name;
      case FOLDER -> "file " + name;
      case HAND -> name;
    };
  }
}
