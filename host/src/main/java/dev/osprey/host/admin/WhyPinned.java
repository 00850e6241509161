package dev.osprey.host.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.osprey.host.control.Lingering;
import dev.osprey.host.deploy.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Old versions that are still there, with a heap dump that tells what holds them. */
final class WhyPinned {
  private final Supplier<List<Lingering>> old;
  private final HeapDumps dumps;

  WhyPinned(Supplier<List<Lingering>> old, HeapDumps dumps) {
    this.old = old;
    this.dumps = dumps;
  }

  /** Takes a dump if there is an old version at all. */
  String run(List<String> args, boolean json) throws Refusal {
    if (!args.isEmpty()) {
      throw new Refusal("expected no words, found " + args);
    }
    List<Lingering> pinned = old.get();
    Path dump = pinned.isEmpty() ? null : dumps.write();
    return json ? json(pinned, dump) : text(pinned, dump);
  }

  private static String json(List<Lingering> pinned, @Nullable Path dump) {
    JsonObject answer = new JsonObject();
    JsonArray all = new JsonArray();
    for (Lingering one : pinned) {
      JsonObject object = new JsonObject();
      object.addProperty("symbolic_name", one.symbolicName());
      object.addProperty("version", one.version());
      object.addProperty("bundle", one.bundle());
      object.addProperty("leases", one.leases());
      object.addProperty("age_millis", one.ageMillis());
      all.add(object);
    }
    answer.add("pinned", all);
    answer.addProperty("dump", dump == null ? null : dump.toString());
    return Table.pretty(answer);
  }

  private static String text(List<Lingering> pinned, @Nullable Path dump) {
    if (dump == null) {
      return "no old version is left\n";
    }
    Table table = new Table("symbolic name", "version", "bundle", "leases", "age millis");
    pinned.forEach(
        it -> table.row(it.symbolicName(), it.version(), it.bundle(), it.leases(), it.ageMillis()));
    return table.print(false)
        + "heap dump "
        + dump
        + "; \"bin/osprey ctl why-pinned\" reads one and tells what holds them\n";
  }
}
