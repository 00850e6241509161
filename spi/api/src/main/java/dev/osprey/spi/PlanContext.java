package dev.osprey.spi;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Provenance;
import org.osgi.annotation.versioning.ProviderType;

/** What the host lends a factory while it makes a plan. Valid for the life of that plan. */
@ProviderType
@Runs(Runs.Where.CONTROL)
public interface PlanContext {
  /** Version of the bundle whose factory is asked, for example {@code 1.0.1}. */
  String version();

  /** The mark under which this bundle and version may trust offsets it scanned itself. */
  Provenance provenance();

  /**
   * The cluster that {@code node} names. An unknown name is recorded as a problem of that node,
   * with the nearest name that exists; a handle is returned all the same so that reading can go on.
   *
   * @param node a string node that holds a cluster's name
   */
  ClusterRef cluster(ConfigNode node);

  /**
   * The counter of that name; the same name gives the same counter in every generation.
   *
   * @param name dotted, lower case, for example {@code tcp_proxy.ingress.bytes_received}
   */
  Counter counter(String name);
}
