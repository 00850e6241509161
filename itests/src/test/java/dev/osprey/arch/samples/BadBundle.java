package dev.osprey.arch.samples;

import io.netty.channel.ChannelOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Breaks every rule for bundles. */
public final class BadBundle {
  static int counter;
  static final ConcurrentHashMap<String, String> CACHE = new ConcurrentHashMap<>();
  static final ThreadLocal<@Nullable String> KEPT = new ThreadLocal<>();

  /** Starts threads and looks at a channel. */
  public CompletableFuture<Void> run() {
    Thread.ofVirtual().start(() -> counter++);
    return CompletableFuture.runAsync(() -> CACHE.put("option", ChannelOption.SO_LINGER.name()));
  }
}
