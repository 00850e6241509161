package dev.osprey.host.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/**
 * Which content is wanted for each symbolic name: the one that changed last, whatever its version;
 * below all others what the archive brings. Remembered in a file. Belongs to the control side.
 */
@SuppressWarnings("ReferenceEquality") // the very same candidate is meant
public final class Deployments {
  private static final Comparator<Candidate> ORDER =
      Comparator.comparingLong(Candidate::sequence)
          .thenComparing(candidate -> Version.parseVersion(candidate.content().version()));

  private final Path file;
  private final ContentStore store;
  private final Map<String, Candidate> candidates = new LinkedHashMap<>();
  private final Set<String> withdrawn = new HashSet<>();
  private final Map<String, DeployRecord.Entry> systemEntries = new HashMap<>();
  private final Map<String, String> running = new HashMap<>();
  private final Map<String, String> former = new HashMap<>();
  private long sequence;
  private @Nullable DeployRecord written;

  /**
   * What the record of an earlier run says; contents that are lost are left out, and a damaged
   * record is set aside.
   *
   * @param file the record
   * @throws IOException if it can't be read
   */
  public Deployments(Path file, ContentStore store) throws IOException {
    this.file = file;
    this.store = store;
    DeployRecord record = DeployRecord.read(file);
    this.sequence = record.sequence();
    running.putAll(record.running());
    former.putAll(record.former());
    record.entries().forEach(this::restore);
  }

  /** Files known from the record or from scans, with the hash of each. */
  public Map<String, String> files() {
    return candidates.values().stream()
        .filter(candidate -> candidate.source() == Candidate.Source.FOLDER)
        .collect(Collectors.toMap(Candidate::name, candidate -> candidate.content().hash()));
  }

  /** Adds a content of the lowest layer; what was done to the same one in an earlier run counts. */
  public void system(String name, Content content) {
    Candidate.Source source = Candidate.Source.SYSTEM;
    DeployRecord.Entry earlier = systemEntries.get(name);
    if (earlier == null || !earlier.hash().equals(content.hash())) {
      add(new Candidate(content, 0, source, name));
      return;
    }
    add(new Candidate(content, earlier.sequence(), source, name));
    if (earlier.withdrawn()) {
      withdrawn.add(key(source, name));
    }
  }

  /** A file of the deploy folder appeared or changed: the last change so far. */
  public Candidate changed(String name, Content content) {
    return add(new Candidate(content, ++sequence, Candidate.Source.FOLDER, name));
  }

  /** Something was done by hand that puts a content in use: the last change so far. */
  public Candidate byHand(String name, Content content) {
    candidates
        .values()
        .removeIf(old ->
            old.source() == Candidate.Source.HAND
                && old.symbolicName().equals(content.symbolicName()));
    return add(new Candidate(content, ++sequence, Candidate.Source.HAND, name));
  }

  /** The same content is wanted again, as the last change so far. */
  public void again(Candidate candidate) {
    Candidate known = candidates.get(key(candidate.source(), candidate.name()));
    if (known == null) {
      byHand(candidate.name(), candidate.content());
    } else {
      add(new Candidate(known.content(), ++sequence, known.source(), known.name()));
    }
  }

  /** A former content is wanted again, as the last change so far. */
  public void backTo(Content former) {
    candidates.values().stream()
        .filter(candidate -> candidate.content().hash().equals(former.hash()))
        .findFirst()
        .ifPresentOrElse(this::again, () -> byHand("the former content", former));
  }

  /** The candidates as they are, to be put back when an order is refused. */
  public Mark mark() {
    return new Mark(new LinkedHashMap<>(candidates), Set.copyOf(withdrawn));
  }

  /** Puts the candidates back as they were. */
  public void reset(Mark mark) {
    candidates.clear();
    candidates.putAll(mark.candidates());
    withdrawn.clear();
    withdrawn.addAll(mark.withdrawn());
  }

  /** The candidates at some time. */
  public record Mark(Map<String, Candidate> candidates, Set<String> withdrawn) {}

  /** A file of the deploy folder is gone. */
  public void removed(String name) {
    String key = key(Candidate.Source.FOLDER, name);
    candidates.remove(key);
    withdrawn.remove(key);
  }

  /** A bundle was stopped or uninstalled by hand: its candidate is out until it changes again. */
  public void withdraw(Candidate candidate) {
    String key = key(candidate.source(), candidate.name());
    if (candidate.equals(candidates.get(key))) {
      withdrawn.add(key);
    }
  }

  /** The candidates of every symbolic name, the wanted one first. */
  public Map<String, List<Candidate>> wanted() {
    Map<String, List<Candidate>> byName = new TreeMap<>();
    candidates.forEach((key, candidate) -> {
      if (!withdrawn.contains(key)) {
        byName.computeIfAbsent(candidate.symbolicName(), n -> new ArrayList<>()).add(candidate);
      }
    });
    byName.values().forEach(list -> list.sort(ORDER.reversed()));
    return byName;
  }

  /** What was in use when the last run ended, for names that nothing is wanted for any more. */
  public Collection<Content> leftOver() {
    Set<String> named = wanted().keySet();
    return running.entrySet().stream()
        .filter(entry -> !named.contains(entry.getKey()))
        .flatMap(entry -> store.get(entry.getValue()).stream())
        .toList();
  }

  /** Hash of the content in use for a symbolic name, or of the last run's. */
  public Optional<String> running(String symbolicName) {
    return Optional.ofNullable(running.get(symbolicName));
  }

  /** The content that was in use before the present one. */
  public Optional<Content> former(String symbolicName) {
    return Optional.ofNullable(former.get(symbolicName)).flatMap(store::get);
  }

  /** Notes what is in use now. */
  public void inUse(Map<String, String> now) {
    now.forEach((name, hash) -> {
      String before = running.get(name);
      if (before != null && !before.equals(hash)) {
        former.put(name, before);
      }
    });
    running.clear();
    running.putAll(now);
  }

  /**
   * Writes the record and forgets copies that nobody needs.
   *
   * @throws IOException if it can't be written
   */
  public void save() throws IOException {
    List<DeployRecord.Entry> entries = new ArrayList<>();
    candidates.forEach((key, it) -> {
      boolean touched = it.sequence() > 0 || withdrawn.contains(key);
      if (it.source() != Candidate.Source.SYSTEM || touched) {
        entries.add(
            new DeployRecord.Entry(
                it.name(),
                it.source().name(),
                it.content().hash(),
                it.sequence(),
                withdrawn.contains(key)));
      }
    });
    DeployRecord record =
        new DeployRecord(sequence, List.copyOf(entries), Map.copyOf(running), Map.copyOf(former));
    // It is forced to the disk, which has its price, and most calls come without a change.
    if (!record.equals(written)) {
      record.write(file);
      written = record;
    }
    store.prune(needed());
  }

  private Set<String> needed() {
    Set<String> needed = new HashSet<>(running.values());
    needed.addAll(former.values());
    candidates.values().forEach(candidate -> needed.add(candidate.content().hash()));
    return needed;
  }

  private void restore(DeployRecord.Entry entry) {
    Candidate.Source source = Candidate.Source.valueOf(entry.source());
    if (source == Candidate.Source.SYSTEM) {
      systemEntries.put(entry.name(), entry);
      return;
    }
    store
        .get(entry.hash())
        .ifPresent(content -> {
          add(new Candidate(content, entry.sequence(), source, entry.name()));
          if (entry.withdrawn()) {
            withdrawn.add(key(source, entry.name()));
          }
        });
  }

  private Candidate add(Candidate candidate) {
    String key = key(candidate.source(), candidate.name());
    withdrawn.remove(key);
    candidates.put(key, candidate);
    return candidate;
  }

  private static String key(Candidate.Source source, String name) {
    return source + " " + name;
  }
}
