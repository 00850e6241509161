package dev.osprey.host.control;

import dev.osprey.host.config.Kind;
import dev.osprey.host.deploy.TestJars;
import dev.osprey.host.rehearsal.Rehearsed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A kernel that runs without a framework and without sockets. */
public final class TestKernel {
  private static final String CONFIG =
      "{'static_resources': {'listeners': [{'name': 'l', 'address': {'socket_address':"
          + " {'address': '127.0.0.1', 'port_value': 0}}, 'filter_chains': [{'filters':"
          + " [{'name': 'f', 'typed_config': {'@type': 'type.googleapis.com/test.Tcp',"
          + " 'cluster': 'up'}}]}]}], 'clusters': [{'name': 'up', 'load_assignment': {}}]}}";

  private TestKernel() {}

  /** A kernel that has started, with its data in {@code folder/data}. */
  public static Kernel start(Path folder) throws Exception {
    Path system = Files.createDirectories(folder.resolve("system"));
    Files.write(system.resolve("source.jar"), TestJars.bundle("test.source", "1.0.0", ""));
    Files.write(system.resolve("tcp.jar"), TestJars.bundle("test.tcp", "1.0.0", ""));
    FakeBundles bundles = new FakeBundles();
    AtomicReference<String> config = new AtomicReference<>(CONFIG);
    FakeBalancer.install(system, bundles);
    bundles.offer("test.source", Kind.CONFIG, content -> new FakeSource(config));
    bundles.offer("test.tcp", Kind.NETWORK, content -> new FakeTerminal(content.version()));
    Options options =
        new Options(
            system,
            Files.createDirectories(folder.resolve("deploy")),
            Files.createDirectories(folder.resolve("data")),
            URI.create("file:/test"),
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(1),
            true,
            Options.WhenFull.WAIT);
    Kernel kernel =
        new Kernel(
            options,
            new Kernel.Parts(
                bundles,
                new FakeDataPlane(),
                name -> amount -> {},
                (slot, bound, settle) -> new Rehearsed(slot, "test", 1, 2, 1),
                InstantSource.system()));
    kernel.start();
    return kernel;
  }
}
