package dev.osprey.load;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Measures what another JVM of the same user holds, by {@code jcmd}, {@code /proc} and a local JMX
 * connection.
 *
 * <p>The first probe loads the JVM's management classes, so take one and throw it away before the
 * first that counts. Full collections stop the other JVM for a while: never probe inside a latency
 * window.
 */
public final class ResidueProbe {
  private static final String FELIX_LOADER =
      "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";
  private static final Pattern HISTOGRAM_LINE =
      Pattern.compile("^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+)", Pattern.MULTILINE);
  private static final Pattern HISTOGRAM_TOTAL =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
  private static final Pattern METASPACE = Pattern.compile("Metaspace\\s+used (\\d+)([KMG])");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final List<String> OWN_THREADS = List.of("RMI ", "JMX ", "Attach Listener");

  private final long pid;
  private final Pattern watched;

  private ResidueProbe(long pid, Pattern watched) {
    this.pid = pid;
    this.watched = watched;
  }

  /** A probe of one process that also counts Netty's chunks and arenas. */
  public static ResidueProbe of(long pid) {
    return of(pid, "io\\.netty\\.buffer\\..*(Chunk|Arena|Magazine)");
  }

  /** A probe that also counts live instances of the classes whose names match a pattern. */
  public static ResidueProbe of(long pid, String watchedClasses) {
    return new ResidueProbe(pid, Pattern.compile(watchedClasses));
  }

  /** Collects twice and measures everything. */
  public Residue probe() {
    jcmd("GC.run");
    jcmd("GC.run");
    Map<String, Integer> threads = threads();
    int descriptors = descriptors();
    String histogram = jcmd("GC.class_histogram");
    Management management = management();
    return new Residue(
        metaspace(jcmd("VM.metaspace", "basic")),
        total(histogram),
        management.directBytes(),
        threads,
        descriptors,
        instances(histogram, Pattern.compile(Pattern.quote(FELIX_LOADER))).values().stream()
            .mapToLong(n -> n)
            .sum(),
        management.loadedClasses(),
        resident(),
        instances(histogram, watched));
  }

  /**
   * What {@code /proc} and {@code jcmd GC.class_histogram} tell of class loaders only; collects,
   * asks no JMX.
   */
  public long bundleLoaders() {
    String histogram = jcmd("GC.class_histogram");
    return instances(histogram, Pattern.compile(Pattern.quote(FELIX_LOADER))).values().stream()
        .mapToLong(n -> n)
        .sum();
  }

  /** Live instances by class name, for classes whose name matches as a whole. */
  static Map<String, Long> instances(String histogram, Pattern names) {
    Map<String, Long> counts = new TreeMap<>();
    Matcher line = HISTOGRAM_LINE.matcher(histogram);
    while (line.find()) {
      if (names.matcher(line.group(3)).matches()) {
        counts.merge(line.group(3), Long.parseLong(line.group(1)), Long::sum);
      }
    }
    return counts;
  }

  static long total(String histogram) {
    Matcher total = HISTOGRAM_TOTAL.matcher(histogram);
    return Long.parseLong(found(total, histogram).group(1));
  }

  static long metaspace(String text) {
    Matcher used = found(METASPACE.matcher(text), text);
    long unit =
        switch (used.group(2)) {
          case "K" -> 1L << 10;
          case "M" -> 1L << 20;
          default -> 1L << 30;
        };
    return Long.parseLong(used.group(1)) * unit;
  }

  private record Management(long directBytes, long loadedClasses) {}

  // The address comes from the attach API of a JVM of the same user on this machine, never from
  // input.
  @SuppressWarnings("BanJNDI")
  private Management management() {
    if (pid == ProcessHandle.current().pid()) {
      return ask(ManagementFactory.getPlatformMBeanServer());
    }
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agentAddress()))) {
      return ask(connector.getMBeanServerConnection());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String agentAddress() throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("cannot attach to " + pid, e);
    }
  }

  private static Management ask(MBeanServerConnection server) {
    try {
      Object direct =
          server.getAttribute(
              new ObjectName("java.nio:type=BufferPool,name=direct"), "TotalCapacity");
      Object classes =
          server.getAttribute(new ObjectName("java.lang:type=ClassLoading"), "LoadedClassCount");
      return new Management(((Number) direct).longValue(), ((Number) classes).longValue());
    } catch (JMException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Integer> threads() {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(proc("task"))) {
      for (Path task : (Iterable<Path>) tasks::iterator) {
        String name = nameOf(task);
        if (!name.isEmpty() && OWN_THREADS.stream().noneMatch(name::startsWith)) {
          counts.merge(name, 1, Integer::sum);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  /** The name of a native thread; empty if it has ended meanwhile. */
  private static String nameOf(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm")).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private int descriptors() {
    try (Stream<Path> open = Files.list(proc("fd"))) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long resident() {
    try {
      String status = Files.readString(proc("status"));
      return Long.parseLong(found(RESIDENT.matcher(status), status).group(1)) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String what) {
    return Path.of("/proc", Long.toString(pid), what);
  }

  private String jcmd(String... command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      List<String> line = new ArrayList<>(List.of(jcmd.toString(), Long.toString(pid)));
      line.addAll(List.of(command));
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", line) + " failed: " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Matcher found(Matcher matcher, String text) {
    if (!matcher.find()) {
      throw new IllegalStateException("no " + matcher.pattern() + " in: " + text);
    }
    return matcher;
  }
}
