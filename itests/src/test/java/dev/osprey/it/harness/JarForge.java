package dev.osprey.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.BundleActivator;

/** Makes other builds of a bundle's jar: another version, another start, or a damaged one. */
public final class JarForge {
  private final Manifest manifest;
  private final Map<String, byte[]> entries;

  private JarForge(Manifest manifest, Map<String, byte[]> entries) {
    this.manifest = manifest;
    this.entries = entries;
  }

  /** Begins with the content of a jar. */
  public static JarForge of(Path jar) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
          try (InputStream in = file.getInputStream(entry)) {
            entries.put(entry.getName(), in.readAllBytes());
          }
        }
      }
      return new JarForge(new Manifest(file.getManifest()), entries);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The same code under another version: the shortest way to a new build. */
  public static Path version(Path jar, String version) {
    return of(jar).withVersion(version).write();
  }

  /** Another bundle version. */
  public JarForge withVersion(String version) {
    return with("Bundle-Version", version);
  }

  /** Another value of a header of the manifest. */
  public JarForge with(String header, String value) {
    manifest.getMainAttributes().put(new Attributes.Name(header), value);
    return this;
  }

  /** One more package that must be there. */
  public JarForge importing(String name) {
    String imports = manifest.getMainAttributes().getValue("Import-Package");
    boolean known = imports.matches("(.*,)?" + Pattern.quote(name) + "([,;].*)?");
    return known ? this : with("Import-Package", imports + "," + name);
  }

  /** Adds a class of these tests with its nested ones. */
  public JarForge adding(Class<?> type) {
    for (Class<?> one : type.getNestMembers()) {
      String entry = one.getName().replace('.', '/') + ".class";
      try (InputStream in =
          Objects.requireNonNull(type.getClassLoader().getResourceAsStream(entry))) {
        entries.put(entry, in.readAllBytes());
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return this;
  }

  /** Starts by another class, one of these tests. */
  public JarForge startingBy(Class<? extends BundleActivator> activator) {
    return adding(activator).with("Bundle-Activator", activator.getName());
  }

  /** Drops all classes and keeps the manifest. */
  public JarForge withoutClasses() {
    entries.clear();
    return this;
  }

  /** Puts other bytes in the place of an entry. */
  public JarForge withEntry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Replaces a text of the same length in all classes and in the manifest. */
  public JarForge replacing(String text, String by) {
    if (text.length() != by.length()) {
      throw new IllegalArgumentException(text + " and " + by + " differ in length");
    }
    byte[] old = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] fresh = by.getBytes(StandardCharsets.ISO_8859_1);
    entries.replaceAll((name, bytes) -> replaced(bytes, old, fresh));
    Attributes main = manifest.getMainAttributes();
    main.replaceAll((name, value) -> value.toString().replace(text, by));
    return this;
  }

  /** Writes {@code <symbolic name>-<version>.jar} into a folder of its own. */
  public Path write() {
    Attributes main = manifest.getMainAttributes();
    return write(
        main.getValue("Bundle-SymbolicName") + "-" + main.getValue("Bundle-Version") + ".jar");
  }

  /** Writes the jar under a name into a folder of its own. */
  public Path write(String fileName) {
    Path file = Scratch.folder("jar").resolve(fileName);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
    return file;
  }

  /** The first part of a jar, as a copy that stalls leaves it. */
  public static byte[] half(Path jar) {
    try {
      byte[] whole = Files.readAllBytes(jar);
      return Arrays.copyOf(whole, whole.length / 2);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A file that is no jar at all. */
  public static Path garbage(String fileName) {
    try {
      return Files.writeString(
          Scratch.folder("jar").resolve(fileName), "this is not a jar\n".repeat(1000));
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  private static byte[] replaced(byte[] bytes, byte[] old, byte[] fresh) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i + old.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + old.length, old, 0, old.length)) {
        found.add(i);
      }
    }
    if (found.isEmpty()) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    int from = 0;
    for (int at : found) {
      out.write(bytes, from, at - from);
      out.writeBytes(fresh);
      from = at + old.length;
    }
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }
}
