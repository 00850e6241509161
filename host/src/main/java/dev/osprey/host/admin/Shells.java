package dev.osprey.host.admin;

import dev.osprey.host.deploy.Refusal;
import java.io.PrintStream;
import java.util.List;

/** The framework's shell, as far as there is one. */
public interface Shells {
  /** No shell is installed. */
  Shells NONE =
      new Shells() {
        @Override
        public Shell open(PrintStream out, PrintStream err) throws Refusal {
          throw new Refusal("no shell is installed in this instance");
        }

        @Override
        public List<String> bundleIds() {
          return List.of();
        }
      };

  /**
   * Opens a session of its own.
   *
   * @throws Refusal if there is no shell
   */
  Shell open(PrintStream out, PrintStream err) throws Refusal;

  /** The numbers of all bundles. */
  List<String> bundleIds();

  /** One session, with variables of its own. */
  interface Shell {
    /**
     * Runs a line; what it prints goes to the session's streams.
     *
     * @throws Refusal if it fails
     */
    void run(String line) throws Refusal;

    /** The names of all commands. */
    List<String> commands();

    /** Ends the session. */
    void close();
  }
}
