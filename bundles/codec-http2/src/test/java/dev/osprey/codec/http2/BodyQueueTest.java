package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.testkit.Reactions;
import dev.osprey.testkit.Recording;
import dev.osprey.testkit.RecordingHost;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Bytes that wait: in order, in few buffers, and none that keeps a large one alive. */
class BodyQueueTest {
  private final TrackingAllocator alloc = new TrackingAllocator();
  private final BodyQueue queue = new BodyQueue();

  private void add(int length, int from) {
    ByteBuf data = alloc.buffer(Math.max(1, length));
    for (int i = 0; i < length; i++) {
      data.writeByte(from + i);
    }
    queue.add(data, alloc);
  }

  private byte[] take(int most) {
    ByteBuf part = queue.remove(most);
    byte[] bytes = ByteBufUtil.getBytes(part);
    part.release();
    return bytes;
  }

  /** A number above 0 adds so many bytes, one below takes as many at most; 0 is a swap. */
  @Property(tries = 200)
  void keepsOrder(@ForAll @Size(max = 40) List<@IntRange(min = -3000, max = 3000) Integer> steps) {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BodyQueue current = queue;
    current.clear();
    for (int step : steps) {
      if (step > 0) {
        byte[] bytes = new byte[step];
        java.util.Arrays.fill(bytes, (byte) in.size());
        in.writeBytes(bytes);
        current.add(alloc.buffer(step).writeBytes(bytes), alloc);
      } else if (step == 0) {
        current = moved(current);
      } else if (!current.isEmpty()) {
        ByteBuf part = current.remove(-step);
        out.writeBytes(ByteBufUtil.getBytes(part));
        part.release();
      }
      assertThat(current.bytes()).isEqualTo(in.size() - out.size());
    }
    while (!current.isEmpty()) {
      ByteBuf part = current.remove(Integer.MAX_VALUE);
      out.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    assertThat(out.toByteArray()).isEqualTo(in.toByteArray());
    alloc.assertNothingLeaks();
  }

  private BodyQueue moved(BodyQueue from) {
    StateWriter record = new StateWriter();
    RecordingHost host = new RecordingHost(new Recording(alloc, new Reactions() {}));
    from.save(record.number(7), host);
    StateReader reader = new StateReader(record.number(8).toRecord("x", 1));
    from.clear();
    BodyQueue next = new BodyQueue();
    assertThat(reader.number()).isEqualTo(7);
    next.restore(reader, host);
    assertThat(reader.number()).isEqualTo(8);
    return next;
  }

  @Test
  void joinsSmallParts() {
    for (int i = 0; i < 40_000; i++) {
      add(1, i);
    }
    assertThat(queue.count()).isLessThanOrEqualTo(3);
    assertThat(alloc.liveBytes()).isLessThan(2 * 40_000);
    assertThat(take(3)).containsExactly(0, 1, 2);
    queue.clear();
    alloc.assertNothingLeaks();
  }

  @Test
  void keepsNoLargeBufferForASmallPartOfIt() {
    ByteBuf large = alloc.buffer(65_536).writeZero(65_536);
    queue.add(large.readRetainedSlice(2_000), alloc);
    large.release();
    assertThat(alloc.liveBytes()).isLessThan(4_096);
    queue.clear();
  }

  @Test
  void takesALargePartAsItIs() {
    ByteBuf large = alloc.buffer(16_384).writeZero(16_384);
    queue.add(large, alloc);
    ByteBuf same = queue.remove(Integer.MAX_VALUE);
    assertThat(same).isSameAs(large);
    same.release();
  }

  @Test
  void moves_noBufferOfWhichASliceIsOnItsWay() {
    add(100, 0);
    ByteBuf first = queue.remove(10);
    add(200, 100);
    assertThat(ByteBufUtil.getBytes(first)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    first.release();
    assertThat(take(1_000)).hasSize(90);
    assertThat(take(1_000)).hasSize(200);
    assertThat(queue.isEmpty()).isTrue();
    alloc.assertNothingLeaks();
  }
}
