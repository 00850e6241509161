package dev.osprey.host.fence;

import dev.osprey.host.plan.Extension;
import dev.osprey.spi.message.Reset;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and words what extensions throw. Keeps text only: a kept Throwable pins its bundle. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger("dev.osprey.fence");
  private static final long ALWAYS_LOGGED = 10;
  private static final long THEN_EVERY = 1000;

  private Failures() {}

  /** Counts the failure, logs it (the first few, then every thousandth) and says it as a value. */
  static Reset note(Extension extension, String callback, Throwable thrown) {
    extension.failed();
    long count = extension.failures();
    if (count <= ALWAYS_LOGGED || count % THEN_EVERY == 0) {
      LOG.warn("{} threw from {} (failure {}): {}", extension, callback, count, text(thrown));
    }
    return Reset.byHost(
        Reset.Reason.EXTENSION_FAILURE,
        extension.name() + " " + extension.version() + " failed in " + callback);
  }

  private static String text(Throwable thrown) {
    if (thrown instanceof StackOverflowError) {
      return "java.lang.StackOverflowError";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String all = text.toString();
    return all.length() > 4000 ? all.substring(0, 4000) + "..." : all;
  }
}
