package dev.osprey.host.stream;

import dev.osprey.host.fence.FilterFence;
import dev.osprey.host.loop.Wheel;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream on its way past the filters: what came goes from filter to filter and
 * then on; behind a pause it waits in order. Holds buffers until they are passed on or dropped.
 */
final class FilterFlow {
  /** What can go by. */
  enum Part {
    HEAD,
    DATA,
    TRAILERS
  }

  private final FilterRun run;
  private final boolean isRequest;
  private @Nullable HeldParts waiting;
  private @Nullable FilterPause pause;
  private Part part = Part.HEAD;
  private ByteBuf data = Unpooled.EMPTY_BUFFER;
  private @Nullable Fields trailers;
  private int received;
  private int at;
  private int start;
  private boolean end;
  private boolean busy;
  private boolean closed;

  FilterFlow(FilterRun run, boolean isRequest) {
    this.run = run;
    this.isRequest = isRequest;
  }

  boolean isRequest() {
    return isRequest;
  }

  // ---- what comes

  /** The head that the run knows. */
  void head(boolean last) {
    offer(Part.HEAD, Unpooled.EMPTY_BUFFER, null, last);
  }

  void data(@Owned ByteBuf bytes, boolean last) {
    offer(Part.DATA, bytes, null, last);
  }

  void trailers(Fields fields) {
    offer(Part.TRAILERS, Unpooled.EMPTY_BUFFER, fields, true);
  }

  private void offer(Part kind, @Owned ByteBuf bytes, @Nullable Fields fields, boolean last) {
    if (closed) {
      bytes.release();
    } else if (busy || pause != null) {
      hold(kind, bytes, fields, last);
    } else {
      take(kind, bytes, fields, last);
      busy = true;
      try {
        pass();
        passWaiting();
      } finally {
        busy = false;
      }
    }
  }

  private void hold(Part kind, @Owned ByteBuf bytes, @Nullable Fields fields, boolean last) {
    HeldParts held = waiting;
    if (held == null) {
      waiting = held = new HeldParts();
    }
    if (kind == Part.DATA) {
      held.addData(bytes, last);
    } else {
      held.add(kind, fields, last);
    }
  }

  private void take(Part kind, @Owned ByteBuf bytes, @Nullable Fields fields, boolean last) {
    part = kind;
    data = bytes;
    trailers = fields;
    end = last;
    received = bytes.readableBytes();
    at = start;
  }

  // ---- past the filters

  private void passWaiting() {
    while (waiting != null && !closed && pause == null) {
      HeldParts.Item next = waiting.poll();
      if (next == null) {
        return;
      }
      take(next.part(), next.data(), next.trailers(), next.end());
      pass();
    }
  }

  private void pass() {
    while (at < run.count()) {
      FilterFence filter = current();
      run.asks(this, filter);
      Verdict verdict = isRequest ? request(filter) : response(filter);
      if (!goesOn(run.asked(filter, verdict))) {
        return;
      }
    }
    deliver();
  }

  /** The filter whose turn it is. */
  private FilterFence current() {
    return run.filter(isRequest ? at : run.count() - 1 - at);
  }

  private Verdict request(FilterFence filter) {
    return switch (part) {
      case HEAD -> filter.requestHead(run.request(), end);
      case DATA -> filter.requestData(data, end);
      case TRAILERS -> filter.requestTrailers(fields());
    };
  }

  private Verdict response(FilterFence filter) {
    return switch (part) {
      case HEAD -> filter.responseHead(run.answer(), end);
      case DATA -> filter.responseData(data, end);
      case TRAILERS -> filter.responseTrailers(fields());
    };
  }

  /** Does what the filter wants; false when what goes by goes no further now. */
  private boolean goesOn(Verdict verdict) {
    switch (verdict) {
      case Verdict.Continue _ -> {
        at++;
        return true;
      }
      case Verdict.Pause _ -> paused();
      case Verdict.Reply reply -> {
        // An answer in the place of the upstream's is for the filters that this one stands before.
        at++;
        stop();
        run.owner().filterReplied(reply.reply());
      }
      case Verdict.Reset reset -> {
        stop();
        run.owner().filterReset(reset.why());
      }
    }
    return false;
  }

  private void paused() {
    pause = run.takePause();
    if (part == Part.TRAILERS) {
      trailers = Heads.copy(fields());
    }
    run.paused(this);
  }

  /** Drops what is on its way; a request goes no further, an answer may be replaced by another. */
  private void stop() {
    if (isRequest) {
      close();
    } else {
      clear();
      start = at;
    }
  }

  private void deliver() {
    ByteBuf bytes = data;
    Fields fields = trailers;
    data = Unpooled.EMPTY_BUFFER;
    trailers = null;
    FilterRun.Owner owner = run.owner();
    switch (part) {
      case HEAD -> {
        if (isRequest) {
          owner.requestHeadPassed(end);
        } else {
          owner.responseHeadPassed(run.answer(), end);
        }
      }
      case DATA -> {
        if (isRequest) {
          owner.requestDataPassed(bytes, end, received);
        } else {
          owner.responseDataPassed(bytes, end, received);
        }
      }
      case TRAILERS -> {
        if (fields != null) {
          passTrailers(owner, fields);
        }
      }
    }
  }

  private void passTrailers(FilterRun.Owner owner, Fields fields) {
    if (isRequest) {
      owner.requestTrailersPassed(fields);
    } else {
      owner.responseTrailersPassed(fields);
    }
  }

  private Fields fields() {
    Fields known = trailers;
    return known == null ? new Fields() : known;
  }

  /** Puts other data in the place of what goes by. */
  void replace(@Owned ByteBuf other) {
    data.release();
    data = other;
  }

  // ---- pauses

  boolean isPaused() {
    return pause != null;
  }

  boolean goesByData() {
    return part == Part.DATA;
  }

  long deadline() {
    FilterPause current = pause;
    return current == null ? Wheel.Expiry.NEVER : current.deadline();
  }

  void checkTime(long now) {
    FilterPause current = pause;
    if (current != null && now >= current.deadline()) {
      Verdict otherwise = current.otherwise();
      resumed(current, _ -> otherwise);
    }
  }

  /** Somebody resumed a pause, on the strand; too late when it is not the current one. */
  void resumed(FilterPause from, Function<FilterFence, Verdict> answer) {
    if (pause != from || closed) {
      return;
    }
    pause = null;
    from.over();
    busy = true;
    try {
      FilterFence filter = current();
      run.asks(this, filter);
      Verdict verdict = answer.apply(filter);
      if (goesOn(run.asked(filter, verdict))) {
        pass();
      }
      passWaiting();
    } finally {
      busy = false;
    }
    if (pause == null) {
      run.owner().resumed(isRequest);
    }
  }

  // ---- the end

  /**
   * Drops an upstream's answer on its way, so that another can take its place; filters that have
   * seen its head see no other.
   */
  void restart() {
    start = pause != null && part == Part.HEAD ? at + 1 : start;
    clear();
  }

  /** Nothing goes by any more. */
  void close() {
    closed = true;
    clear();
  }

  private void clear() {
    FilterPause current = pause;
    pause = null;
    if (current != null) {
      current.over();
    }
    ByteBuf bytes = data;
    data = Unpooled.EMPTY_BUFFER;
    bytes.release();
    trailers = null;
    HeldParts held = waiting;
    waiting = null;
    if (held != null) {
      held.release();
    }
  }
}
