package dev.osprey.host.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;

/**
 * Asks Linux for long turns of a thread (sched_setattr(2), {@code sched_runtime} of a normal thread).
 * From Linux 6.12 on a thread that wakes up takes the processor from one with longer turns at once,
 * where otherwise it would wait for the end of a turn of some milliseconds; the share of each over
 * time stays that of their nice values. Older kernels take no notice.
 */
final class LongTurns {
  private static final long TURN_NANOS = 20_000_000;
  private static final long SIZE = 48;
  private static final long NICE_OFFSET = 16;
  private static final long RUNTIME_OFFSET = 24;

  private final long number;
  private final SystemCall call;

  private LongTurns(long number, SystemCall call) {
    this.number = number;
    this.call = call;
  }

  /** Nothing where the number of the system call is not known. */
  @SuppressWarnings("restricted") // a call into the C library; the start script allows it
  static Optional<LongTurns> ofThisSystem() {
    long number =
        switch (System.getProperty("os.arch", "")) {
          case "amd64" -> 314;
          case "aarch64" -> 274;
          default -> -1;
        };
    if (number < 0) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor syscall =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    return linker
        .defaultLookup()
        .find("syscall")
        .map(found ->
            MethodHandleProxies.asInterfaceInstance(
                SystemCall.class,
                linker.downcallHandle(found, syscall, Linker.Option.firstVariadicArg(1))))
        .map(call -> new LongTurns(number, call));
  }

  /**
   * Sets a thread's turns and its nice value, which is part of the same call.
   *
   * @param thread its number, or 0 for the calling one
   * @return false when the system does not allow it
   */
  boolean set(int thread, int nice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(MemoryLayout.sequenceLayout(SIZE / 8, JAVA_LONG));
      attributes.set(JAVA_INT, 0, (int) SIZE);
      attributes.set(JAVA_INT, NICE_OFFSET, nice);
      attributes.set(ValueLayout.JAVA_LONG, RUNTIME_OFFSET, TURN_NANOS);
      return call.call(number, thread, attributes, 0) == 0;
    }
  }

  /** The C library's syscall(2), with the arguments of sched_setattr(2). */
  @FunctionalInterface
  public interface SystemCall {
    /** 0, or -1 when it is not allowed. */
    long call(long number, long thread, MemorySegment attributes, long flags);
  }
}
