package dev.osprey.host.control;

import dev.osprey.host.config.Catalog;
import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.ContentStore;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.source.ConfigDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way from nothing to the first generation. On the control thread. */
final class Startup {
  private final Options options;
  private final ContentStore store;
  private final Wishes wishes;
  private final Swapper swapper;
  private final Publisher publisher;
  private final Settler settler;
  private final Settler.Loading loading;

  Startup(
      Options options,
      ContentStore store,
      Wishes wishes,
      Swapper swapper,
      Publisher publisher,
      Settler settler,
      Settler.Loading loading) {
    this.options = options;
    this.store = store;
    this.wishes = wishes;
    this.swapper = swapper;
    this.publisher = publisher;
    this.settler = settler;
    this.loading = loading;
  }

  /**
   * Publishes the first generation; later choices than those of the last run follow as changes.
   *
   * @throws Refusal if the configuration can't be served
   */
  void run() throws Refusal {
    Map<String, @Nullable InUse> bundles = load();
    try {
      publish(bundles);
    } catch (Refusal refusal) {
      giveBack(bundles);
      throw refusal;
    }
    settler.settle(options.rehearse() ? Change.REHEARSED : Orders.SWITCHED_OFF);
  }

  private void publish(Map<String, @Nullable InUse> bundles) throws Refusal {
    Catalog catalog = catalog(bundles);
    Source source = Source.open(Source.choose(catalog, options.config()), options.config());
    publisher.source(source);
    try {
      ConfigDocument document = document(source);
      wishes.document(document);
      swapper.publish(new Change("start", bundles, document, "none: there was no traffic yet"));
    } catch (Refusal refusal) {
      publisher.source(null);
      source.close();
      throw refusal;
    }
  }

  private void giveBack(Map<String, @Nullable InUse> bundles) {
    for (InUse inUse : bundles.values()) {
      if (inUse != null) {
        loading.giveBack(inUse.loaded());
      }
    }
  }

  /**
   * Judges the configuration.
   *
   * @return what it has, in words
   * @throws Refusal with every mistake
   */
  String check() throws Refusal {
    Catalog catalog = catalog(load());
    Source source = Source.open(Source.choose(catalog, options.config()), options.config());
    try {
      return swapper.judge(document(source), catalog);
    } finally {
      source.close();
    }
  }

  private ConfigDocument document(Source source) throws Refusal {
    return source.poll().orElseThrow(() -> new Refusal("the configuration source gave nothing"));
  }

  private static Catalog catalog(Map<String, @Nullable InUse> bundles) {
    return Running.catalog(Running.NOTHING.with(bundles));
  }

  private Map<String, @Nullable InUse> load() throws Refusal {
    systemFiles();
    Map<String, @Nullable InUse> loaded = new HashMap<>();
    wishes
        .deployments()
        .wanted()
        .forEach((name, candidates) -> loadFirst(inOrder(name, candidates), loaded));
    for (Content content : wishes.deployments().leftOver()) {
      String name = "content kept from the last run";
      loadFirst(List.of(new Candidate(content, 0, Candidate.Source.HAND, name)), loaded);
    }
    return loaded;
  }

  /** What ran last comes first, so that what was refused then is not tried at the start. */
  private List<Candidate> inOrder(String name, List<Candidate> candidates) {
    List<Candidate> order = new ArrayList<>(candidates);
    wishes
        .deployments()
        .running(name)
        .flatMap(hash ->
            candidates.stream()
                .filter(candidate -> candidate.content().hash().equals(hash))
                .findFirst())
        .ifPresent(ran -> {
          order.remove(ran);
          order.addFirst(ran);
        });
    return order;
  }

  private void loadFirst(List<Candidate> candidates, Map<String, @Nullable InUse> loaded) {
    for (Candidate candidate : candidates) {
      try {
        loaded.put(candidate.symbolicName(), new InUse(loading.load(candidate), candidate));
        return;
      } catch (Refusal refusal) {
        Item item = new Item.Bundle(candidate.symbolicName(), candidate, null);
        wishes.refuse(item, refusal.reason());
        settler.refuse(item.cause(), refusal.reason());
      }
    }
  }

  private void systemFiles() throws Refusal {
    if (!Files.isDirectory(options.system())) {
      return;
    }
    try (Stream<Path> files = Files.list(options.system())) {
      for (Path file : files.filter(it -> it.toString().endsWith(".jar")).sorted().toList()) {
        systemFile(file);
      }
    } catch (IOException unreadable) {
      throw new Refusal("the folder " + options.system() + " can't be read: " + unreadable);
    }
  }

  private void systemFile(Path file) throws IOException {
    String name = file.getFileName().toString();
    try {
      wishes.deployments().system(name, store.add(file));
    } catch (Refusal bad) {
      settler.refuse("system file " + name, bad.reason());
    }
  }
}
