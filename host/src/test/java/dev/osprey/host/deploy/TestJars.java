package dev.osprey.host.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Makes small jars. */
public final class TestJars {
  private TestJars() {}

  /** A jar with these main attributes and entries. */
  public static byte[] jar(Map<String, String> headers, Map<String, byte[]> entries) {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    headers.forEach(main::putValue);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue());
        jar.closeEntry();
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** An extension bundle with nothing in it; {@code mark} makes its content differ. */
  public static byte[] bundle(String name, String version, String mark) {
    return jar(
        Map.of(
            "Bundle-ManifestVersion",
            "2",
            "Bundle-SymbolicName",
            name,
            "Bundle-Version",
            version,
            "Provide-Capability",
            "dev.osprey.extension; kind=codec; name=test"),
        Map.of("mark.txt", mark.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
