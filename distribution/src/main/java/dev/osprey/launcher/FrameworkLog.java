package dev.osprey.launcher;

import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;

/** The framework's own words, on standard error; its default is standard output. */
final class FrameworkLog extends Logger {
  FrameworkLog() {
    setLogLevel(LOG_ERROR);
  }

  @Override
  protected void doLog(int level, String message, @Nullable Throwable failure) {
    String cause = failure == null ? "" : " (" + failure + ")";
    System.err.println("osprey: framework: " + message + cause);
  }
}
