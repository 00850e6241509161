package dev.osprey.host.deploy;

import java.nio.file.Path;

/**
 * The content of a bundle, in a private copy that nobody overwrites.
 *
 * @param hash of all its bytes: SHA-256 in hex
 * @param file the private copy
 */
public record Content(String hash, String symbolicName, String version, Path file) {}
