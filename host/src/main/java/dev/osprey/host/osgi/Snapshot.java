package dev.osprey.host.osgi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/** Packs the content of a bundle again, from its entries; equal content gives equal bytes. */
final class Snapshot {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private Snapshot() {}

  static byte[] of(Bundle bundle) throws IOException {
    TreeSet<String> paths = new TreeSet<>();
    collect(bundle, "/", paths);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      if (paths.remove(MANIFEST)) {
        add(bundle, MANIFEST, zip);
      }
      for (String path : paths) {
        add(bundle, path, zip);
      }
    }
    return bytes.toByteArray();
  }

  private static void collect(Bundle bundle, String folder, Set<String> paths) {
    Enumeration<String> found = bundle.getEntryPaths(folder);
    List<String> children = found == null ? List.of() : Collections.list(found);
    for (String path : children) {
      if (path.endsWith("/")) {
        collect(bundle, path, paths);
      } else {
        paths.add(path);
      }
    }
  }

  private static void add(Bundle bundle, String path, ZipOutputStream zip) throws IOException {
    URL entry = bundle.getEntry(path);
    if (entry == null) {
      throw new IOException("the entry " + path + " is gone");
    }
    ZipEntry target = new ZipEntry(path);
    target.setTime(0);
    zip.putNextEntry(target);
    try (InputStream in = entry.openStream()) {
      in.transferTo(zip);
    }
    zip.closeEntry();
  }
}
