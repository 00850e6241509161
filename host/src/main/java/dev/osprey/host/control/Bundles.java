package dev.osprey.host.control;

import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.Refusal;

/** The framework as the control side sees it. Every call may wait for the framework's locks. */
public interface Bundles {
  /**
   * Installs a content as a new bundle, starts it and asks what it offers.
   *
   * @throws Refusal if it does not resolve, start or register what it promises; nothing is left
   *     behind then
   */
  Loaded load(Content content) throws Refusal;

  /**
   * Takes a bundle that somebody else installed and started.
   *
   * @throws Refusal if it is gone or offers nothing
   */
  Loaded adopt(Content content, long bundleId) throws Refusal;

  /** Stops and uninstalls a bundle that nothing runs on any more. */
  void unload(Loaded loaded);

  /** Lets go of a bundle that somebody else stops; it stays in the framework. */
  void letGo(Loaded loaded);

  /**
   * The content of a bundle that somebody else installed, as a jar.
   *
   * @throws Refusal if it is gone or can't be read
   */
  byte[] snapshot(long bundleId) throws Refusal;

  /** True when a bundle of that number is still in the framework. */
  boolean exists(long bundleId);

  /** True when a bundle of that number runs. */
  boolean isActive(long bundleId);
}
