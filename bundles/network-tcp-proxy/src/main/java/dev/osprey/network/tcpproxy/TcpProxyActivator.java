package dev.osprey.network.tcpproxy;

import dev.osprey.spi.network.ByteTerminalFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the TCP proxy as a service; the framework withdraws it when the bundle stops. */
public final class TcpProxyActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(ByteTerminalFactory.class, new TcpProxyFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
