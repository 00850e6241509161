package dev.osprey.host.control;

/**
 * An old version that is still there: something open leases it, or its class loader was not
 * collected yet.
 *
 * @param bundle its number in the framework while it was installed
 * @param leases what is open on it; 0 when only its class loader is left
 * @param ageMillis since it was replaced or, without leases, since its last lease ended
 */
public record Lingering(
    String symbolicName, String version, long bundle, int leases, long ageMillis) {}
