package dev.osprey.codec.http2;

import dev.osprey.spi.message.Provenance;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Bytes of heap that an object and all it refers to take, about: what is shared between connections
 * is left out, and so are buffers, which the allocator counts.
 */
final class Footprint {
  private static final int HEADER = 16;
  private static final int REFERENCE = 8;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> left = new ArrayDeque<>();
  private long bytes;

  private Footprint() {}

  static long of(Object root) {
    Footprint footprint = new Footprint();
    footprint.visit(root);
    while (!footprint.left.isEmpty()) {
      footprint.measure(footprint.left.remove());
    }
    return footprint.bytes;
  }

  private void visit(Object next) {
    if (next != null && !isShared(next) && seen.add(next)) {
      left.add(next);
    }
  }

  private static boolean isShared(Object object) {
    String name = object.getClass().getName();
    boolean own = name.startsWith("dev.osprey.codec.") || name.startsWith("dev.osprey.spi.message");
    boolean plain = object.getClass().isArray() || object instanceof Collection;
    return object instanceof Enum
        || object.getClass().isHidden()
        || object instanceof Http2Plan
        || object instanceof Http2Config
        || object instanceof Bounds
        || object instanceof Timeouts
        || object instanceof Counters
        || object instanceof ResponseExtras
        || object instanceof Provenance
        || !(own || plain);
  }

  private void measure(Object object) {
    bytes += HEADER;
    if (object instanceof Collection<?> all) {
      bytes += HEADER + (long) REFERENCE * Math.max(all.size(), 4);
      all.forEach(this::visit);
    } else if (object.getClass().isArray()) {
      array(object);
    } else {
      for (Field field : object.getClass().getDeclaredFields()) {
        field(object, field);
      }
    }
  }

  private void array(Object array) {
    int length = Array.getLength(array);
    if (array instanceof Object[] all) {
      bytes += (long) REFERENCE * length;
      for (Object next : all) {
        visit(next);
      }
    } else {
      bytes += (long) length * (array instanceof byte[] ? 1 : array instanceof int[] ? 4 : 8);
    }
  }

  private void field(Object object, Field field) {
    if (Modifier.isStatic(field.getModifiers())) {
      return;
    }
    bytes += REFERENCE;
    if (!field.getType().isPrimitive()) {
      field.setAccessible(true);
      try {
        visit(field.get(object));
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }
}
