package dev.osprey.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says where the host calls a method, or from where a bundle may call it. An architecture test
 * requires it on every method of a spi interface (or on the interface, for all of its methods).
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Runs {
  /** The context of the call. */
  Where value();

  /** The contexts that exist. */
  enum Where {
    /** The serial context of one connection; calls never overlap and must not block. */
    STRAND,
    /** The host's control thread; may block for a bounded time. */
    CONTROL,
    /** Any thread, at any time, also several at once. */
    ANY
  }
}
