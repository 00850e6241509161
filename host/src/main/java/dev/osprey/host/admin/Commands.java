package dev.osprey.host.admin;

import com.google.gson.JsonArray;
import dev.osprey.host.control.Kernel;
import dev.osprey.host.control.Report;
import dev.osprey.host.control.ReportJson;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.stats.Stats;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The commands of an instance, by name. */
public final class Commands {
  private static final int MOST_CONNECTIONS = 1000;
  private static final int REPORTS = 10;
  private static final long PATIENCE_SECONDS = 10;

  private final Map<String, Command> byName = new TreeMap<>();
  private final Kernel kernel;
  private final Stats stats;
  private final HeapDumps dumps;
  private final Runnable drain;

  /**
   * The commands of one kernel.
   *
   * @param drain ends the process politely; may take a while
   */
  public Commands(Kernel kernel, Stats stats, HeapDumps dumps, Runnable drain) {
    this.kernel = kernel;
    this.stats = stats;
    this.dumps = dumps;
    this.drain = drain;
    views();
    orders();
  }

  /** All commands, by name. */
  Collection<Command> all() {
    return byName.values();
  }

  /** The command of that name; null when there is none. */
  @org.jspecify.annotations.Nullable
  Command find(String name) {
    return byName.get(name);
  }

  /** The names of the extensions in use. */
  List<String> extensions() {
    return kernel.views().extensions().stream().map(view -> view.name()).distinct().toList();
  }

  private void views() {
    add("listeners", "", "The listeners in use.", (args, json) -> listeners().print(json));
    add(
        "connections",
        "[MOST]",
        "The open connections.",
        (args, json) -> connections(number(args, MOST_CONNECTIONS)).print(json));
    add("clusters", "", "The clusters with their pools.", (args, json) -> clusters().print(json));
    add("extensions", "", "The extensions in use.", (args, json) -> extensionTable().print(json));
    add("generations", "", "What was published when.", (args, json) -> generations().print(json));
    add(
        "reports",
        "[MOST]",
        "The reports of the last changes.",
        (args, json) -> reports(kernel.reports().last(number(args, REPORTS)), json));
    add(
        "stats",
        "",
        "Counters and latencies.",
        (args, json) -> StatsText.of(stats, kernel.views().failures(), json));
    add(
        "why-pinned",
        "",
        "Old versions that are still there, and a heap dump (stops the process a moment).",
        new WhyPinned(() -> kernel.views().lingering(), dumps)::run);
    add("config", "dump", "The configuration in use.", (args, json) -> config(args));
    add("help", "", "This list.", (args, json) -> help().print(json));
  }

  private void orders() {
    add(
        "deploy",
        "FILE...",
        "Copy jars into the deploy folder and put them in use.",
        (args, json) ->
            outcome(kernel.orders().deploy(some(args).stream().map(Path::of).toList()), json));
    add(
        "swap",
        "NAME [--no-rehearsal]",
        "Put the same content in use again, as a new bundle.",
        (args, json) -> {
          boolean rehearse = !args.contains("--no-rehearsal");
          return outcome(kernel.orders().swap(one(args), rehearse), json);
        });
    add(
        "back",
        "NAME",
        "Put the content in use again that was in use before.",
        (args, json) -> outcome(kernel.orders().back(one(args)), json));
    add(
        "reload",
        "",
        "Look at files at once, try again what was refused, open log files anew.",
        (args, json) -> {
          kernel.reload();
          return "reloading\n";
        });
    add(
        "drain",
        "",
        "Let open work end, then end the process.",
        (args, json) -> {
          Thread.ofPlatform().name("osprey-drain").start(drain);
          return "draining\n";
        });
  }

  private Table listeners() {
    Table table = new Table("name", "address", "port", "chain", "connections", "io model");
    for (DataPlane.ListenerView it : kernel.dataPlane().listeners()) {
      table.row(it.name(), it.address(), it.port(), it.chain(), it.connections(), it.ioModel());
    }
    return table;
  }

  private Table connections(int most) throws Refusal {
    Table table =
        new Table(
            "id",
            "side",
            "owner",
            "peer",
            "local",
            "protocol",
            "streams",
            "age millis",
            "io model");
    for (DataPlane.ConnectionView it : await(kernel.dataPlane().connections(most))) {
      table.row(
          it.id(),
          it.side(),
          it.owner(),
          it.peer(),
          it.local(),
          it.protocol(),
          it.streams(),
          it.ageMillis(),
          it.ioModel());
    }
    return table;
  }

  private Table clusters() throws Refusal {
    Table table = new Table("name", "endpoints", "connections", "idle", "pending", "requests");
    for (DataPlane.ClusterView it : await(kernel.dataPlane().clusters())) {
      table.row(
          it.name(), it.endpoints(), it.connections(), it.idle(), it.pending(), it.requests());
    }
    return table;
  }

  private Table extensionTable() {
    Table table =
        new Table(
            "name", "kind", "version", "state", "leases", "bundle", "symbolic name", "failures");
    kernel
        .views()
        .extensions()
        .forEach(it ->
            table.row(
                it.name(),
                it.kind(),
                it.version(),
                it.state(),
                it.leases(),
                it.bundleId(),
                it.symbolicName(),
                it.failures()));
    return table;
  }

  private Table generations() {
    long now = kernel.views().generation().number();
    Table table = new Table("number", "time", "state", "cause");
    for (Report report : kernel.reports().last(Integer.MAX_VALUE)) {
      if (report.result() != Report.Result.REFUSED) {
        String state = report.generation() == now ? "in use" : "past";
        table.row(report.generation(), report.time(), state, report.cause());
      }
    }
    return table;
  }

  private Table help() {
    Table table = new Table("command", "arguments", "what it does");
    all().forEach(command -> table.row(command.name(), command.usage(), command.help()));
    return table.row(
        "lb, start, stop, update, install, uninstall, refresh, ...", "", "The framework's own.");
  }

  private String config(List<String> args) throws Refusal {
    if (!args.equals(List.of("dump"))) {
      throw new Refusal("expected \"config dump\"");
    }
    return kernel
        .views()
        .document()
        .map(document -> Table.pretty(ConfigJson.of(document.root())))
        .orElseThrow(() -> new Refusal("no configuration is in use"));
  }

  private static String outcome(List<Report> reports, boolean json) throws Refusal {
    String text = reports(reports, json);
    if (reports.stream().anyMatch(report -> report.result() == Report.Result.REFUSED)) {
      throw new Refusal(text);
    }
    return reports.isEmpty() && !json ? "nothing has changed yet; see reports\n" : text;
  }

  private static String reports(List<Report> reports, boolean json) {
    if (json) {
      JsonArray all = new JsonArray();
      reports.forEach(report -> all.add(ReportJson.of(report)));
      return Table.pretty(all);
    }
    StringBuilder text = new StringBuilder();
    reports.forEach(report -> text.append(ReportText.of(report)));
    return text.toString();
  }

  private static <T> T await(CompletableFuture<T> asked) throws Refusal {
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new Refusal("the loops did not answer within " + PATIENCE_SECONDS + " s");
    } catch (ExecutionException failed) {
      throw new Refusal("a loop failed: " + failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted");
    }
  }

  private static int number(List<String> args, int otherwise) throws Refusal {
    if (args.isEmpty()) {
      return otherwise;
    }
    if (args.size() > 1 || !args.getFirst().matches("\\d{1,6}")) {
      throw new Refusal("expected a number, found \"" + String.join(" ", args) + "\"");
    }
    return Integer.parseInt(args.getFirst());
  }

  private static String one(List<String> args) throws Refusal {
    List<String> names = args.stream().filter(arg -> !arg.startsWith("--")).toList();
    if (names.size() != 1) {
      throw new Refusal(
          "expected one name, found "
              + (names.isEmpty() ? "none" : String.join(", ", names))
              + "; \"extensions\" lists them");
    }
    return names.getFirst();
  }

  private static List<String> some(List<String> args) throws Refusal {
    if (args.isEmpty()) {
      throw new Refusal("expected at least one file");
    }
    return args;
  }

  private void add(String name, String usage, String help, Command.Body body) {
    byName.put(name, new Command.Simple(name, usage, help, body));
  }
}
