package dev.osprey.host.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import org.osgi.framework.Version;

/** Reads what the deployer needs of a bundle's manifest. */
final class Manifests {
  /** The namespace in which a bundle says what it offers. */
  static final String NAMESPACE = "dev.osprey.extension";

  private Manifests() {}

  /**
   * Symbolic name and version.
   *
   * @throws Refusal if these are no attributes of an extension bundle
   */
  static Identity identity(Attributes main) throws Refusal {
    String name = main.getValue("Bundle-SymbolicName");
    if (name == null) {
      throw new Refusal("it is no bundle: its manifest has no Bundle-SymbolicName");
    }
    String capabilities = main.getValue("Provide-Capability");
    if (capabilities == null
        || clauses(capabilities).stream()
            .noneMatch(clause -> namespace(clause).equals(NAMESPACE))) {
      throw new Refusal(
          "it is no extension: its manifest has no Provide-Capability of " + NAMESPACE);
    }
    String version = main.getValue("Bundle-Version");
    return new Identity(
        namespace(name), version(version == null ? "0.0.0" : version.strip()).toString());
  }

  /** Who a bundle is. */
  record Identity(String symbolicName, String version) {}

  private static Version version(String text) throws Refusal {
    try {
      return Version.parseVersion(text);
    } catch (IllegalArgumentException bad) {
      throw new Refusal("its Bundle-Version \"" + text + "\" is no version");
    }
  }

  private static String namespace(String clause) {
    int end = clause.indexOf(';');
    return (end < 0 ? clause : clause.substring(0, end)).strip();
  }

  private static List<String> clauses(String header) {
    List<String> clauses = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        clauses.add(header.substring(start, i));
        start = i + 1;
      }
    }
    clauses.add(header.substring(start));
    return clauses;
  }
}
