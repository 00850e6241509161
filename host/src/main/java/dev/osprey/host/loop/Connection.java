package dev.osprey.host.loop;

import dev.osprey.host.io.DataPlane.ConnectionView;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.spi.message.Reset;
import java.util.function.Consumer;

/** What a loop knows of a connection that lives on it. All calls are on the loop. */
public interface Connection {
  /** Goes on with the plans of that generation. */
  void adopt(Generation next, Moving moving);

  /** Says goodbye in the protocol's words and closes once nothing is open. */
  void goodbye();

  /** Closes at once. */
  void abort(Reset why);

  /** Ends what runs code of this extension: those streams, or all when its codec does. */
  void evict(Extension extension, Reset why);

  /** Calls {@code visitor} for each of its wires. */
  default void wires(Consumer<Wire> visitor) {}

  /** What it keeps in memory beside its wires, about, in bytes. */
  default long heldBytes() {
    return 0;
  }

  /** What to tell about it. */
  ConnectionView view(long now);

  /** Where the loop keeps it; for the loop. */
  int place();

  /** Sets where the loop keeps it; for the loop. */
  void place(int place);

  /** Counts what publishing does on one loop. */
  final class Moving {
    private int moved;
    private int fellBack;

    /** An instance went on in a new version. */
    public void moved() {
      moved++;
    }

    /** An instance's record could not be read; it ends politely. */
    public void fellBack() {
      fellBack++;
    }

    /** How many moved. */
    public int movedCount() {
      return moved;
    }

    /** How many fell back. */
    public int fellBackCount() {
      return fellBack;
    }
  }
}
