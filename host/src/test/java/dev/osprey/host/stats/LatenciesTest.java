package dev.osprey.host.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Property
  void percentilesAreThoseOfTheValues_toWithinTheirPrecision(
      @ForAll @NotEmpty List<@LongRange(max = 3_600_000_000L) Long> values) {
    Latencies first = new Latencies();
    Latencies second = new Latencies();
    for (int i = 0; i < values.size(); i++) {
      (i % 3 == 0 ? first : second).record(values.get(i));
    }
    Stats.Latency sum = Latencies.sum(List.of(first, second)).orElseThrow();
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    assertThat(sum.count()).isEqualTo(sorted.length);
    assertThat(sum.max()).isEqualTo(sorted[sorted.length - 1]);
    isAbout(sum.p50(), rank(sorted, 0.5));
    isAbout(sum.p90(), rank(sorted, 0.9));
    isAbout(sum.p99(), rank(sorted, 0.99));
    isAbout(sum.p999(), rank(sorted, 0.999));
  }

  @Test
  void smallValuesAreExact_andWhatIsTooLongCountsAsAnHour() {
    Latencies latencies = new Latencies();
    LongStream.rangeClosed(1, 63).forEach(latencies::record);
    Stats.Latency small = Latencies.sum(List.of(latencies)).orElseThrow();
    assertThat(small).isEqualTo(new Stats.Latency(63, 32, 57, 63, 63, 63));
    latencies.record(Long.MAX_VALUE);
    latencies.record(-1);
    Stats.Latency all = Latencies.sum(List.of(latencies)).orElseThrow();
    assertThat(all.max()).isEqualTo(3_600_000_000L);
    assertThat(all.count()).isEqualTo(65);
  }

  @Test
  void nothingSeenIsNothing() {
    assertThat(Latencies.sum(List.of())).isEmpty();
    assertThat(Latencies.sum(List.of(new Latencies()))).isEmpty();
  }

  private static long rank(long[] sorted, double share) {
    return sorted[(int) Math.ceil(sorted.length * share) - 1];
  }

  private static void isAbout(long found, long value) {
    assertThat(found)
        .isGreaterThanOrEqualTo(value)
        .isCloseTo(value, Percentage.withPercentage(1.6));
  }
}
