package dev.osprey.host.osgi;

import dev.osprey.host.config.Offer;
import dev.osprey.host.control.Bundles;
import dev.osprey.host.control.Fence;
import dev.osprey.host.control.Loaded;
import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.Refusal;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Installs contents beside each other as bundles of their own; nothing is ever updated. */
final class FrameworkBundles implements Bundles {
  private static final Logger LOG = LoggerFactory.getLogger(FrameworkBundles.class);
  private static final String LOCATION = "osprey:";
  private static final Pattern MISSING_PACKAGE =
      Pattern.compile("missing requirement.*?osgi\\.wiring\\.package=([\\w.]+)");

  private final BundleContext context;
  private final Offers offers;
  private final AtomicLong sequence = new AtomicLong();
  // Bundles whose life is ours: being loaded, in use, or on their way out.
  private final Map<Long, Boolean> ours = new ConcurrentHashMap<>();

  FrameworkBundles(BundleContext context, int loops) {
    this.context = context;
    this.offers = new Offers(context, loops);
  }

  /** Uninstalls what an earlier run left in the framework's storage. */
  void forgetEarlierRuns() {
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getLocation().startsWith(LOCATION)) {
        uninstall(bundle);
      }
    }
  }

  @Override
  public Loaded load(Content content) throws Refusal {
    String location = LOCATION + content.symbolicName() + "#" + sequence.incrementAndGet();
    Bundle bundle = installed(location, content);
    ours.put(bundle.getBundleId(), true);
    try {
      start(bundle);
      return new Loaded(content, bundle.getBundleId(), offers.of(bundle, content.hash()));
    } catch (Refusal refusal) {
      remove(bundle);
      throw refusal;
    }
  }

  @Override
  public Loaded adopt(Content content, long bundleId) throws Refusal {
    Bundle bundle = find(bundleId);
    ours.put(bundleId, true);
    try {
      List<Offer> found = offers.of(bundle, content.hash());
      return new Loaded(content, bundleId, found);
    } catch (Refusal refusal) {
      ours.remove(bundleId);
      throw refusal;
    }
  }

  @Override
  public void unload(Loaded loaded) {
    Bundle bundle = context.getBundle(loaded.bundleId());
    if (bundle == null) {
      letGo(loaded);
    } else {
      remove(bundle);
    }
  }

  @Override
  public void letGo(Loaded loaded) {
    offers.release(loaded.bundleId());
    ours.remove(loaded.bundleId());
  }

  @Override
  public byte[] snapshot(long bundleId) throws Refusal {
    Bundle bundle = find(bundleId);
    return Fence.call("its content can't be read", () -> Snapshot.of(bundle));
  }

  @Override
  public boolean exists(long bundleId) {
    return context.getBundle(bundleId) != null;
  }

  @Override
  public boolean isActive(long bundleId) {
    Bundle bundle = context.getBundle(bundleId);
    return bundle != null
        && (bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING);
  }

  /** True for a bundle that was installed here or taken over. */
  boolean isOurs(long bundleId) {
    return ours.containsKey(bundleId);
  }

  /** Somebody else has stopped a bundle: what becomes of it is not ours any more. */
  void handedOver(long bundleId) {
    offers.release(bundleId);
    ours.remove(bundleId);
  }

  private Bundle find(long bundleId) throws Refusal {
    Bundle bundle = context.getBundle(bundleId);
    if (bundle == null) {
      throw new Refusal("bundle " + bundleId + " is gone");
    }
    return bundle;
  }

  // The content is whole, it was read: what fails here is the framework's storage.
  private Bundle installed(String location, Content content) throws Refusal {
    try {
      return Fence.call("it can't be installed", () -> install(location, content));
    } catch (Refusal refusal) {
      throw refusal.passing();
    }
  }

  private Bundle install(String location, Content content) throws Exception {
    try (InputStream in = Files.newInputStream(content.file())) {
      return context.installBundle(location, in);
    }
  }

  private static void start(Bundle bundle) throws Refusal {
    try {
      Fence.call(
          "it does not start",
          () -> {
            bundle.start(Bundle.START_TRANSIENT);
            return bundle;
          });
    } catch (Refusal refusal) {
      Matcher missing = MISSING_PACKAGE.matcher(refusal.reason());
      throw missing.find()
          ? new Refusal(
              "it needs the missing package " + missing.group(1) + "; " + refusal.reason())
          : refusal;
    }
  }

  private void remove(Bundle bundle) {
    offers.release(bundle.getBundleId());
    String failure = Fence.run(bundle + " threw when it was stopped", bundle::stop);
    if (!failure.isEmpty()) {
      LOG.warn("{}", failure);
    }
    uninstall(bundle);
    ours.remove(bundle.getBundleId());
  }

  private static void uninstall(Bundle bundle) {
    String failure = Fence.run(bundle + " can't be uninstalled", bundle::uninstall);
    if (!failure.isEmpty()) {
      LOG.warn("{}", failure);
    }
  }
}
