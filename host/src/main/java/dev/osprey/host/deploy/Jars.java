package dev.osprey.host.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Looks whether a jar is whole. */
final class Jars {
  private static final long MOST_BYTES = 1L << 30;
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private Jars() {}

  /**
   * Reads every entry to its end and returns the manifest's main attributes.
   *
   * @throws IOException if the jar can't be read, is damaged, or has no manifest
   */
  static Attributes check(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      byte[] buffer = new byte[64 * 1024];
      long total = 0;
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        total += read(zip, all.nextElement(), buffer);
        if (total > MOST_BYTES) {
          throw new ZipException("more than " + MOST_BYTES + " bytes of content");
        }
      }
      return manifest(zip);
    } catch (IllegalArgumentException badName) {
      throw new ZipException("entry with a name that can't be read");
    }
  }

  private static long read(ZipFile zip, ZipEntry entry, byte[] buffer) throws IOException {
    CRC32 crc = new CRC32();
    long total = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
        total += n;
      }
    }
    if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
      throw new ZipException("damaged entry " + entry.getName());
    }
    return total;
  }

  private static Attributes manifest(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(MANIFEST);
    if (entry == null) {
      throw new ZipException("no " + MANIFEST);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new Manifest(in).getMainAttributes();
    }
  }
}
