package dev.osprey.host.os;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/** The heap of this process where HotSpot runs it, with a collector that works in cycles. */
final class HotSpotHeap implements HeapRoom.Jvm {
  private static final String SOFT_LIMIT = "SoftMaxHeapSize";

  private final HotSpotDiagnosticMXBean jvm;
  private final List<GarbageCollectorMXBean> collectors;

  private HotSpotHeap(HotSpotDiagnosticMXBean jvm, List<GarbageCollectorMXBean> collectors) {
    this.jvm = jvm;
    this.collectors = collectors;
  }

  /** Empty for another JVM, and for a collector that stops the process for all that it does. */
  static Optional<HotSpotHeap> find() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    List<GarbageCollectorMXBean> collectors =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(collector -> collector.getName().endsWith("Cycles"))
            .toList();
    return jvm == null || collectors.isEmpty()
        ? Optional.empty()
        : Optional.of(new HotSpotHeap(jvm, collectors));
  }

  @Override
  public long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public long held() {
    return Runtime.getRuntime().totalMemory();
  }

  @Override
  public long most() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public long cycles() {
    return collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
  }

  @Override
  public long limit() {
    return Long.parseLong(jvm.getVMOption(SOFT_LIMIT).getValue());
  }

  @Override
  public void collectBelow(long limit) {
    jvm.setVMOption(SOFT_LIMIT, Long.toString(Math.min(limit, most())));
  }

  @Override
  public void giveBack() {
    // This collector does it beside the threads; a cycle that was asked for ends in giving back.
    System.gc();
  }
}
