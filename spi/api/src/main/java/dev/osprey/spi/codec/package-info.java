/** Codecs: bytes to messages and back, in the server and the client role. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.codec;
