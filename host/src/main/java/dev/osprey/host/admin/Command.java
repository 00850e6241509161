package dev.osprey.host.admin;

import dev.osprey.host.deploy.Refusal;
import java.util.List;

/** Something people can ask or tell a running instance. */
interface Command {
  /** What it is called. */
  String name();

  /** Its arguments, for the help; empty for none. */
  String usage();

  /** What it does, in one line. */
  String help();

  /**
   * Does it.
   *
   * @param json true for JSON, false for text that people read
   * @return what to print
   * @throws Refusal if it can't be done
   */
  String run(List<String> args, boolean json) throws Refusal;

  /** Does it. */
  @FunctionalInterface
  interface Body {
    /** As {@link Command#run}. */
    String run(List<String> args, boolean json) throws Refusal;
  }

  /** A command of these parts. */
  record Simple(String name, String usage, String help, Body body) implements Command {
    @Override
    public String run(List<String> args, boolean json) throws Refusal {
      if (usage.isEmpty() && !args.isEmpty()) {
        throw new Refusal("\"" + name + "\" takes no words, found " + String.join(" ", args));
      }
      return body.run(args, json);
    }
  }
}
