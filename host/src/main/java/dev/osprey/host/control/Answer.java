package dev.osprey.host.control;

import dev.osprey.host.deploy.Refusal;
import org.jspecify.annotations.Nullable;

/** What came of work on the control thread: a value, or why there is none. */
record Answer<T>(@Nullable T value, @Nullable Refusal refusal) {
  /**
   * The value.
   *
   * @throws Refusal if there is none
   */
  // The value is null only where T is Void.
  @SuppressWarnings("NullAway")
  T get() throws Refusal {
    if (refusal != null) {
      throw refusal;
    }
    return value;
  }
}
