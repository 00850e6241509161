package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netbeans.lib.profiler.heap.FieldValue;
import org.netbeans.lib.profiler.heap.GCRoot;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.ThreadObjectGCRoot;
import org.netbeans.lib.profiler.heap.Value;

/** Reads a heap dump: what keeps the class loader of a bundle alive. */
final class HeapPaths {
  private static final String LOADER =
      "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";
  private static final int MOST = 40;

  private final Heap heap;

  private HeapPaths(Heap heap) {
    this.heap = heap;
  }

  /**
   * Opens a dump.
   *
   * @throws IOException if it can't be read
   */
  static HeapPaths of(Path dump) throws IOException {
    return new HeapPaths(HeapFactory.createHeap(dump.toFile()));
  }

  /**
   * The shortest chain of references from a root of the collector to the class loader of a bundle,
   * the root first; none when no such loader is alive, an empty one when no object leads to it:
   * then the JVM itself holds it, as it does while it compiles code of such a loader.
   */
  Optional<List<String>> toLoaderOf(long bundle) {
    return loader(bundle).map(this::chain);
  }

  private Optional<Instance> loader(long bundle) {
    JavaClass loaders = heap.getJavaClassByName(LOADER);
    if (loaders == null) {
      return Optional.empty();
    }
    for (Object one : loaders.getInstances()) {
      if (one instanceof Instance loader && id(loader).startsWith(bundle + ".")) {
        return Optional.of(loader);
      }
    }
    return Optional.empty();
  }

  // A revision of a bundle is numbered "29.0": bundle, then how often it was updated.
  private static String id(Instance loader) {
    return follow(loader, "m_wiring")
        .flatMap(wiring -> follow(wiring, "m_revision"))
        .flatMap(revision -> follow(revision, "m_id"))
        .map(HeapPaths::text)
        .orElse("");
  }

  private static Optional<Instance> follow(Instance from, String field) {
    return from.getValueOfField(field) instanceof Instance to ? Optional.of(to) : Optional.empty();
  }

  private static String text(Instance string) {
    return follow(string, "value")
        .map(bytes -> {
          StringBuilder text = new StringBuilder();
          for (Object one :
              ((org.netbeans.lib.profiler.heap.PrimitiveArrayInstance) bytes).getValues()) {
            text.append((char) Integer.parseInt(String.valueOf(one)));
          }
          return text.toString();
        })
        .orElse("");
  }

  private List<String> chain(Instance loader) {
    List<String> upwards = new ArrayList<>();
    Instance child = loader;
    upwards.add("the class loader");
    while (!child.isGCRoot() && upwards.size() < MOST) {
      @Nullable Instance parent = child.getNearestGCRootPointer();
      if (parent == null || parent.equals(child)) {
        break;
      }
      upwards.add(link(parent, child));
      child = parent;
    }
    if (child.equals(loader) && !child.isGCRoot()) {
      return List.of();
    }
    upwards.add(root(child));
    return upwards.reversed();
  }

  /** How a parent refers to a child: {@code class.field}, or {@code class[]} for an array. */
  private static String link(Instance parent, Instance child) {
    String owner = parent.getJavaClass().getName();
    if (owner.equals("java.lang.Class")) {
      owner = "class object";
    }
    for (Object one : child.getReferences()) {
      if (one instanceof Value value && Objects.equals(value.getDefiningInstance(), parent)) {
        return one instanceof FieldValue field
            ? owner + "." + field.getField().getName()
            : owner + (owner.endsWith("[]") ? "" : " (element)");
      }
    }
    return owner;
  }

  private String root(Instance instance) {
    for (Object one : heap.getGCRoots()) {
      if (one instanceof GCRoot root && instance.equals(root.getInstance())) {
        return root instanceof ThreadObjectGCRoot
            ? "thread \"" + follow(instance, "name").map(HeapPaths::text).orElse("?") + "\""
            : "root (" + root.getKind() + ")";
      }
    }
    return "unknown root";
  }
}
