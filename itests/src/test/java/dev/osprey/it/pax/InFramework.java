package dev.osprey.it.pax;

import static org.awaitility.Awaitility.await;
import static org.ops4j.pax.exam.Constants.START_LEVEL_SYSTEM_BUNDLES;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.osprey.it.harness.Archive;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * A framework in Pax Exam's native container with the archive's host in it, here as a bundle of its
 * own, driven from outside by services of JDK types.
 */
final class InFramework implements AutoCloseable {
  private static final Pattern IMPORT = Pattern.compile("([\\w.]+);version=\"\\[([\\d.]+),");

  private final TestContainer container;
  private final Framework framework;
  private final CompletableFuture<@Nullable Object> run;

  /** Starts the host on a configuration; returns when it serves. */
  InFramework(Path folder, Path config) throws Exception {
    System.setProperty("pax.exam.logging", "none");
    ExamSystem system = DefaultExamSystem.create(options(folder, config));
    container = PaxExamRuntime.getTestContainerFactory().create(system)[0];
    container.start();
    framework = frameworkOf(container);
    Callable<?> entry = service(Callable.class, "run");
    run =
        CompletableFuture.supplyAsync(
            () -> call(entry), task -> new Thread(task, "it-run").start());
    await("the host serves")
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> run.isDone() || !find(java.util.function.Supplier.class, "status").isEmpty());
  }

  /** The bundles with a symbolic name that are installed now. */
  List<String> versionsOf(String symbolicName) {
    return Stream.of(framework.getBundleContext().getBundles())
        .filter(it -> symbolicName.equals(it.getSymbolicName()))
        .map(it -> it.getVersion().toString())
        .toList();
  }

  /** The lines of {@code reports.jsonl} in a data folder. */
  static List<JsonElement> reports(Path data) throws IOException {
    return Files.readAllLines(data.resolve("reports.jsonl")).stream()
        .map(JsonParser::parseString)
        .toList();
  }

  @Override
  public void close() throws Exception {
    service(Runnable.class, "drain").run();
    run.get(30, TimeUnit.SECONDS);
    container.stop();
  }

  private static Option[] options(Path folder, Path config) throws IOException {
    Path home = Archive.shared().home();
    List<Option> options = new ArrayList<>();
    options.add(cleanCaches(true));
    options.add(frameworkStartLevel(START_LEVEL_SYSTEM_BUNDLES + 100));
    options.add(frameworkProperty("org.osgi.framework.bsnversion").value("multiple"));
    options.add(frameworkProperty("osprey.home").value(home.toString()));
    options.add(frameworkProperty("osprey.mode").value("run"));
    options.add(frameworkProperty("osprey.config").value(config.toString()));
    options.add(frameworkProperty("osprey.deploy").value(folder.resolve("deploy").toString()));
    options.add(frameworkProperty("osprey.data").value(folder.resolve("data").toString()));
    Path host = Archive.shared().host();
    options.add(systemPackages(needsOf(host)));
    options.add(bundle(host.toUri().toString()));
    return options.toArray(Option[]::new);
  }

  /** What a bundle imports, for the framework to lend it from the test's own class path. */
  private static String[] needsOf(Path jar) throws IOException {
    String imports;
    try (JarFile file = new JarFile(jar.toFile())) {
      imports = file.getManifest().getMainAttributes().getValue("Import-Package");
    }
    return IMPORT
        .matcher(imports)
        .results()
        .map(it -> it.group(1) + ";version=\"" + it.group(2) + "\"")
        .filter(it -> !it.startsWith("org.osgi."))
        .toArray(String[]::new);
  }

  /** The native container keeps its framework to itself. */
  private static Framework frameworkOf(TestContainer container)
      throws ReflectiveOperationException {
    Field field = container.getClass().getDeclaredField("framework");
    field.setAccessible(true);
    return (Framework) field.get(container);
  }

  private <T> T service(Class<T> type, String entry) {
    await("the host's entry " + entry).until(() -> !find(type, entry).isEmpty());
    return type.cast(framework.getBundleContext().getService(find(type, entry).getFirst()));
  }

  private <T> List<ServiceReference<T>> find(Class<T> type, String entry) {
    try {
      return List.copyOf(
          framework.getBundleContext().getServiceReferences(type, "(osprey.entry=" + entry + ")"));
    } catch (InvalidSyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable Object call(Callable<?> entry) {
    try {
      return entry.call();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
