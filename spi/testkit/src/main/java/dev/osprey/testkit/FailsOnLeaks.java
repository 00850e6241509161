package dev.osprey.testkit;

import java.util.List;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class when a buffer was not released, in it or in a class before it. Nobody names
 * it: the service loader finds it where {@link LeakCollector} is in use, in JUnit Jupiter with
 * {@code -Djunit.jupiter.extensions.autodetection.enabled=true}.
 */
public final class FailsOnLeaks implements AfterAllCallback, AfterContainerHook {
  @Override
  public void afterAll(ExtensionContext context) {
    check(context.getDisplayName());
  }

  @Override
  public void afterContainer(ContainerLifecycleContext context) {
    check(context.label());
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  static void check(String where) {
    if (!LeakCollector.isUsed()) {
      return;
    }
    List<String> leaks = LeakCollector.take();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " leaks, found after " + where + ":\n" + String.join("\n", leaks));
    }
  }
}
