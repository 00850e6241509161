package dev.osprey.spi.message;

/**
 * Who scanned and validated a set of fields: one bundle in one version. Compared by identity. The
 * host issues it, so a head that outlives its scanner pins no class loader. A writer that meets a
 * foreign mark must validate again: a fixed validator never forwards what its lax predecessor let
 * pass.
 */
public final class Provenance {
  private final String label;

  /**
   * A new mark, equal to no other.
   *
   * @param label bundle and version, for people
   */
  public Provenance(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
