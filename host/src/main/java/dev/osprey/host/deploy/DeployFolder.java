package dev.osprey.host.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * The folder that is watched. A file counts when two looks in a row see the same size and time and
 * every entry reads to its end; a file that stays bad is refused once, and what was known under its
 * name stays.
 */
public final class DeployFolder {
  /** How long a bad file may still become whole before it is refused. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Path folder;
  private final ContentStore store;
  private final InstantSource clock;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private boolean first = true;
  private boolean gone;

  /** Watches a folder; files known from an earlier run are given by name with their hash. */
  public DeployFolder(
      Path folder, ContentStore store, InstantSource clock, Map<String, String> known) {
    this.folder = folder;
    this.store = store;
    this.clock = clock;
    known.forEach(
        (name, hash) -> seen.put(name, new Seen(null, clock.instant(), hash, State.RESTORED)));
  }

  /** What a look found. */
  public sealed interface Finding {
    /** A whole file is new or has changed. */
    record Changed(String name, Content content) implements Finding {}

    /** A file is gone. */
    record Removed(String name) implements Finding {}

    /** A file is bad and stays so. */
    record Bad(String name, String why) implements Finding {}
  }

  /**
   * What a file looked like.
   *
   * @param stamp size and time; null for a file known from an earlier run
   * @param since when that was first seen
   * @param hash of the content last accepted under the name; null when there was none
   * @param state how far it has come
   */
  private record Seen(@Nullable Stamp stamp, Instant since, @Nullable String hash, State state) {
    Seen at(State next, @Nullable String accepted) {
      return new Seen(stamp, since, accepted, next);
    }
  }

  /** How far a file has come. */
  private enum State {
    /** Known from an earlier run, not read yet: with the same content it has not changed. */
    RESTORED,
    /** Changed since it was read. */
    CHANGED,
    /** Nothing is left to be done until its stamp changes. */
    SETTLED
  }

  private record Stamp(long size, Instant modified, @Nullable Object key) {}

  /**
   * Looks once. The first look takes files that are older than a moment at once. While the folder
   * itself can't be read, which is said once, nothing counts as removed.
   */
  public List<Finding> look() {
    try {
      List<Finding> findings = look(jars());
      gone = false;
      return findings;
    } catch (IOException unreadable) {
      Finding trouble =
          new Finding.Bad(
              folder.toString(), "the folder can't be read, the code in use stays: " + unreadable);
      List<Finding> findings = gone ? List.of() : List.of(trouble);
      gone = true;
      return findings;
    }
  }

  private List<Finding> look(List<Path> files) {
    List<Finding> findings = new ArrayList<>();
    Set<String> there = new HashSet<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      there.add(name);
      look(file, name, findings);
    }
    for (String name : List.copyOf(seen.keySet())) {
      if (!there.contains(name)) {
        failing.remove(name);
        Seen removed = seen.remove(name);
        if (removed != null && removed.hash() != null) {
          findings.add(new Finding.Removed(name));
        }
      }
    }
    first = false;
    findings.sort(Comparator.comparing(DeployFolder::version));
    return findings;
  }

  /** True while some file is not read yet. */
  public boolean isRestless() {
    return seen.entrySet().stream()
        .anyMatch(
            file -> file.getValue().state() != State.SETTLED && !failing.contains(file.getKey()));
  }

  /** A file was put there by ourselves: the next look finds nothing new about it. */
  public void taken(Path file, Content content) {
    String name = file.getFileName().toString();
    seen.put(name, new Seen(stamp(file), clock.instant(), content.hash(), State.SETTLED));
  }

  private void look(Path file, String name, List<Finding> findings) {
    Stamp now = stamp(file);
    if (now == null) {
      return;
    }
    Seen before = seen.get(name);
    if (before == null || !now.equals(before.stamp())) {
      Seen changed = restamped(now, before);
      seen.put(name, changed);
      if (first && now.modified().isBefore(clock.instant().minus(PATIENCE))) {
        read(file, name, changed, now, findings);
      }
    } else if (before.state() != State.SETTLED) {
      read(file, name, before, now, findings);
    }
  }

  private Seen restamped(Stamp now, @Nullable Seen before) {
    boolean unread = before != null && before.state() == State.RESTORED;
    String hash = before == null ? null : before.hash();
    return new Seen(now, clock.instant(), hash, unread ? State.RESTORED : State.CHANGED);
  }

  private void read(Path file, String name, Seen before, Stamp stamp, List<Finding> findings) {
    try {
      Content content = store.add(file);
      if (!stamp.equals(stamp(file))) {
        return;
      }
      failing.remove(name);
      seen.put(name, before.at(State.SETTLED, content.hash()));
      if (before.state() != State.RESTORED || !content.hash().equals(before.hash())) {
        findings.add(new Finding.Changed(name, content));
      }
    } catch (Refusal bad) {
      if (isPastPatience(before)) {
        failing.remove(name);
        seen.put(name, before.at(State.SETTLED, before.hash()));
        findings.add(new Finding.Bad(name, bad.reason()));
      }
    } catch (IOException failure) {
      // Not the file's fault, perhaps: a full disk may have room again. It is tried at every look.
      if (isPastPatience(before) && failing.add(name)) {
        findings.add(new Finding.Bad(name, "it can't be read or kept now: " + failure));
      }
    }
  }

  private boolean isPastPatience(Seen file) {
    return !file.since().plus(PATIENCE).isAfter(clock.instant());
  }

  private List<Path> jars() throws IOException {
    if (seen.isEmpty() && !Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".jar"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static @Nullable Stamp stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.isRegularFile()
          ? new Stamp(now.size(), now.lastModifiedTime().toInstant(), now.fileKey())
          : null;
    } catch (IOException goneMeanwhile) {
      return null;
    }
  }

  /** The lowest version first, so that of files that appear together the highest is the last. */
  private static Version version(Finding finding) {
    return switch (finding) {
      case Finding.Changed changed -> Version.parseVersion(changed.content().version());
      case Finding.Removed ignored -> Version.emptyVersion;
      case Finding.Bad ignored -> Version.emptyVersion;
    };
  }
}
