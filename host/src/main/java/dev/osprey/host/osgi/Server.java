package dev.osprey.host.osgi;

import dev.osprey.host.admin.Commands;
import dev.osprey.host.admin.ControlSocket;
import dev.osprey.host.admin.GogoShells;
import dev.osprey.host.admin.HeapDumps;
import dev.osprey.host.admin.Shells;
import dev.osprey.host.control.Kernel;
import dev.osprey.host.control.Options;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.fence.Strangers;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.io.Network;
import dev.osprey.host.io.Transport;
import dev.osprey.host.overload.Overload;
import dev.osprey.host.rehearsal.BehindTraffic;
import dev.osprey.host.rehearsal.PlanRehearsal;
import dev.osprey.host.stats.Stats;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** One life of the host, from the launcher's call to the end of its drain. */
final class Server {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Kernel> running = new AtomicReference<>();
  private final AtomicReference<@Nullable ControlSocket> control = new AtomicReference<>();

  /**
   * Serves until drained.
   *
   * @return 0, or 1 when the configuration can't be served
   */
  int run(BundleContext context, Options options, Transport transport, Overload.Limits limits)
      throws IOException, InterruptedException {
    Stats stats = new Stats();
    DataPlane dataPlane = new Network(stats, transport, limits);
    FrameworkBundles bundles = new FrameworkBundles(context, dataPlane.loops());
    bundles.forgetEarlierRuns();
    Kernel kernel =
        new Kernel(
            options,
            new Kernel.Parts(
                bundles,
                dataPlane,
                stats::counter,
                new BehindTraffic(new PlanRehearsal()),
                InstantSource.system()));
    running.set(kernel);
    if (!"serial".equals(System.getProperty("osprey.collector"))) {
      // The serial one finds old versions without them, and they cost a start 5 MB.
      Strangers.meet();
    }
    HandGuard guard = new HandGuard(context, bundles, kernel);
    try {
      kernel.start();
      guard.listen();
      HeapDumps dumps = new HeapDumps(options.data().resolve("dumps"));
      Commands commands = new Commands(kernel, stats, dumps, this::drain);
      ControlSocket socket = openSocket(context, options, commands);
      control.set(socket);
      Supplier<String> status = new Status(dataPlane, options, socket.path())::json;
      HostActivator.register(context, Supplier.class, "status", status);
      ended.await();
      return 0;
    } catch (Refusal refusal) {
      System.err.println(refusal.reason());
      return 1;
    } finally {
      guard.forget();
      ControlSocket socket = control.getAndSet(null);
      if (socket != null) {
        socket.close();
      }
      running.set(null);
      kernel.close();
    }
  }

  private static ControlSocket openSocket(BundleContext context, Options options, Commands commands)
      throws IOException {
    if (!hasShell()) {
      return ControlSocket.open(options.data(), commands, () -> Shells.NONE);
    }
    GogoShells.register(context, commands);
    return ControlSocket.open(options.data(), commands, () -> GogoShells.find(context));
  }

  /** The shell's packages are imported only where they are. */
  private static boolean hasShell() {
    try {
      Class.forName("org.apache.felix.service.command.CommandProcessor");
      return true;
    } catch (ClassNotFoundException noShell) {
      return false;
    }
  }

  /** Stops accepting and waits until open work has ended; then the run is over. */
  void drain() {
    Kernel kernel = running.get();
    if (kernel != null) {
      kernel.drain().join();
    }
    ended.countDown();
  }

  /** Looks at everything anew. */
  void reload() {
    Kernel kernel = running.get();
    if (kernel != null) {
      kernel.reload();
    }
  }

  /** Ends at once. */
  void close() {
    ended.countDown();
  }
}
