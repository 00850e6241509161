package dev.osprey.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fault to inject: which callback throws what, and from which call on. Counts over all instances
 * that share it; safe for use from several threads.
 */
public final class Fault {
  /** What is thrown. */
  public enum Kind {
    /** An {@link IllegalStateException}. */
    RUNTIME_EXCEPTION,
    /** An {@link InternalError}. */
    ERROR,
    /** A real overflow of the stack. */
    STACK_OVERFLOW
  }

  private final String callback;
  private final int nth;
  private final Kind kind;
  private final boolean afterwards;
  private final AtomicInteger calls = new AtomicInteger();

  /**
   * A fault that strikes before the real callback is reached.
   *
   * @param callback name of the method, for example {@code decode}
   * @param nth the first call that throws, from 1; all later ones do too
   */
  public Fault(String callback, int nth, Kind kind) {
    this(callback, nth, kind, false);
  }

  private Fault(String callback, int nth, Kind kind, boolean afterwards) {
    this.callback = callback;
    this.nth = nth;
    this.kind = kind;
    this.afterwards = afterwards;
  }

  /** The same fault, but striking when the real callback has done its work. */
  public Fault afterwards() {
    return new Fault(callback, nth, kind, true);
  }

  /** How often the callback was called so far. */
  public int calls() {
    return calls.get();
  }

  boolean isAfterwards() {
    return afterwards;
  }

  /** True when this call of that method is to throw. */
  boolean strikes(String method) {
    return method.equals(callback) && calls.incrementAndGet() >= nth;
  }

  void strike() {
    switch (kind) {
      case RUNTIME_EXCEPTION -> throw new IllegalStateException("injected into " + callback);
      case ERROR -> throw new InternalError("injected into " + callback);
      case STACK_OVERFLOW -> overflow(1);
    }
  }

  private static int overflow(int depth) {
    return depth == 0 ? 0 : overflow(depth + 1) + overflow(depth + 2);
  }
}
