package dev.osprey.spi;

/**
 * The neutral record in which an instance's state travels from one version of its bundle to
 * another. It holds bytes only, so it keeps no class of either version alive.
 *
 * @param format names the layout, for example {@code http1.server}
 * @param version the layout's version; a reader that does not know it says so before it is used
 * @param state the encoded state; never changed after the record is made
 */
public record StateRecord(String format, int version, byte[] state) {
  private static final byte[] NOTHING = {};

  /** A record without state, for an instance at rest. */
  public static StateRecord empty(String format, int version) {
    return new StateRecord(format, version, NOTHING);
  }

  /** True when this is the named layout in a version from {@code oldest} to {@code newest}. */
  public boolean isIn(String wantedFormat, int oldest, int newest) {
    return format.equals(wantedFormat) && version >= oldest && version <= newest;
  }
}
