package dev.osprey.host.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandleProxies;
import java.util.Map;
import java.util.Optional;

/** Linux' sched_setattr(2), for the policy that threads have anyway. */
public final class Schedule {
  // The C library of many systems has no function of that name, only the way to all calls.
  private static final Map<String, Long> NUMBERS =
      Map.of("amd64", 314L, "aarch64", 274L, "riscv64", 274L);

  // struct sched_attr of the first version: size, policy, flags, nice, priority, runtime,
  // deadline, period.
  private static final int SIZE = 48;
  private static final int NICE = 16;
  private static final int RUNTIME = 24;

  // The shortest that Linux grants; since 6.12 it is what a runtime means here, before it means
  // nothing. With the usual 1.4 ms (two processors) a woken loop waits that long for a compiler.
  private static final long SLICE_NANOS = 100_000;

  private final long number;
  private final SystemCall systemCall;

  private Schedule(long number, SystemCall systemCall) {
    this.number = number;
    this.systemCall = systemCall;
  }

  /** Empty where there is no such call. */
  @SuppressWarnings("restricted") // a call into the C library; the start script allows it
  static Optional<Schedule> find() {
    Long number = NUMBERS.get(System.getProperty("os.arch"));
    if (number == null) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor shape =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
    return linker
        .defaultLookup()
        .find("syscall")
        .map(found -> linker.downcallHandle(found, shape, Linker.Option.firstVariadicArg(1)))
        .map(handle -> MethodHandleProxies.asInterfaceInstance(SystemCall.class, handle))
        .map(call -> new Schedule(number, call));
  }

  /**
   * Gives a thread of the process a nice value, and slices of a tenth of a millisecond.
   *
   * @param thread its number; 0 is the calling one
   * @return false when the system does not allow it
   */
  boolean inShortSlices(int thread, int nice) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(SIZE, Long.BYTES);
      attributes.set(JAVA_INT, 0, SIZE);
      attributes.set(JAVA_INT, NICE, nice);
      attributes.set(JAVA_LONG, RUNTIME, SLICE_NANOS);
      return systemCall.call(number, thread, attributes, 0) == 0;
    }
  }

  /** The C library's syscall(2). */
  @FunctionalInterface
  public interface SystemCall {
    /** -1 when it failed. */
    long call(long number, long thread, MemorySegment attributes, long flags);
  }
}
