package dev.osprey.spi.source;

import dev.osprey.spi.config.ConfigNode;

/**
 * One state of the configuration.
 *
 * @param root the tree; an empty map when it could not be read, with the reason among its problems
 * @param version changes with the content, for example a hash; for reports
 */
public record ConfigDocument(ConfigNode root, String version) {}
