package dev.osprey.host.control;

import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.ContentStore;
import dev.osprey.host.deploy.DeployFolder;
import dev.osprey.host.deploy.Deployments;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.config.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What people tell the kernel; any thread, each call waits until it is done. */
@SuppressWarnings("ReferenceEquality") // the very same build in use is meant
public final class Orders {
  static final String SWITCHED_OFF = "none: switched off";

  private final Submitter submitter;
  private final Options options;
  private final Wishes wishes;
  private final Publisher publisher;
  private final Settler settler;
  private final ContentStore store;
  private final DeployFolder folder;
  private final Reports reports;

  Orders(
      Submitter submitter,
      Options options,
      Wishes wishes,
      Publisher publisher,
      Settler settler,
      ContentStore store,
      DeployFolder folder,
      Reports reports) {
    this.submitter = submitter;
    this.options = options;
    this.wishes = wishes;
    this.publisher = publisher;
    this.settler = settler;
    this.store = store;
    this.folder = folder;
    this.reports = reports;
  }

  /** Runs work on the control thread. */
  @FunctionalInterface
  interface Submitter {
    <T> Answer<T> submit(Fence.Call<T> work);
  }

  /**
   * Puts the same content in use again, as a new bundle.
   *
   * @param name of an extension, {@code kind/name}, or a symbolic name
   * @return the reports that came of it
   * @throws Refusal if there is no such extension
   */
  public List<Report> swap(String name, boolean rehearse) throws Refusal {
    return submitter
        .submit(() -> {
          InUse inUse = find(name);
          Deployments.Mark before = wishes.deployments().mark();
          wishes.deployments().again(inUse.candidate());
          return settleOrForget(rehearse, inUse, before);
        })
        .get();
  }

  /**
   * Puts the content in use again that was in use before the present one.
   *
   * @return the reports that came of it
   * @throws Refusal if there is no such extension, or nothing was in use before
   */
  public List<Report> back(String name) throws Refusal {
    return submitter
        .submit(() -> {
          InUse inUse = find(name);
          String symbolicName = inUse.loaded().symbolicName();
          Content former =
              wishes
                  .deployments()
                  .former(symbolicName)
                  .orElseThrow(() -> new Refusal("nothing was in use before for " + symbolicName));
          Deployments.Mark before = wishes.deployments().mark();
          wishes.deployments().backTo(former);
          return settleOrForget(true, inUse, before);
        })
        .get();
  }

  /**
   * Copies jars into the deploy folder and puts them in use.
   *
   * @return the reports that came of it
   * @throws Refusal if one of them is no whole extension bundle; none is copied then
   */
  public List<Report> deploy(List<Path> jars) throws Refusal {
    return submitter
        .submit(() -> {
          for (Path jar : jars) {
            check(jar);
          }
          for (Path jar : jars) {
            String name = jar.getFileName().toString();
            Path part = options.deploy().resolve("." + name + ".part");
            Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
            Path target = options.deploy().resolve(name);
            Files.move(
                part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Content content = store.add(target);
            folder.taken(target, content);
            wishes.deployments().changed(name, content);
          }
          return settle(true);
        })
        .get();
  }

  private void check(Path jar) throws Refusal {
    if (!jar.getFileName().toString().endsWith(".jar")) {
      throw new Refusal(jar + ": expected a name that ends in .jar");
    }
    try {
      store.add(jar);
    } catch (Refusal bad) {
      throw new Refusal(jar + ": " + bad.reason());
    } catch (IOException unreadable) {
      throw new Refusal(jar + ": it can't be read: " + reason(unreadable));
    }
  }

  /** An order that is refused is not kept, unlike a file. */
  private List<Report> settleOrForget(boolean rehearse, InUse old, Deployments.Mark before) {
    List<Report> outcome = settle(rehearse);
    String name = old.loaded().symbolicName();
    boolean refused = outcome.stream().anyMatch(report -> report.result() == Report.Result.REFUSED);
    if (refused && old.equals(publisher.running().bundles().get(name))) {
      wishes.deployments().reset(before);
      settler.remember();
    }
    return outcome;
  }

  private List<Report> settle(boolean rehearse) {
    long before = reports.newest();
    wishes.somethingChanged();
    settler.settle(rehearse && options.rehearse() ? Change.REHEARSED : SWITCHED_OFF);
    return reports.last(Integer.MAX_VALUE).stream()
        .filter(report -> report.number() > before)
        .toList();
  }

  private InUse find(String name) throws Refusal {
    Map<String, InUse> bundles = publisher.running().bundles();
    List<InUse> found =
        bundles.values().stream().filter(inUse -> names(inUse).anyMatch(name::equals)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    List<String> known = bundles.values().stream().flatMap(Orders::names).sorted().toList();
    throw new Refusal(
        found.isEmpty()
            ? "no extension \"" + name + "\" is in use" + Nearest.hint(name, known)
            : "several extensions have the name \"" + name + "\"; say kind/name");
  }

  private static Stream<String> names(InUse inUse) {
    return Stream.concat(
        Stream.of(inUse.loaded().symbolicName()),
        inUse.loaded().offers().stream().flatMap(offer -> Stream.of(offer.name(), offer.id())));
  }

  private static String reason(IOException unreadable) {
    return unreadable instanceof NoSuchFileException
        ? "there is no such file"
        : unreadable.toString();
  }
}
