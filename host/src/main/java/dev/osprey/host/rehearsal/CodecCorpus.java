package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.fence.OpenFence;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.message.LocalReply;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plays a codec's corpus: whole, in pieces, moved between pieces, answered by the proxy. */
final class CodecCorpus {
  private static final int MOST_PIECES = 48;
  private static final int LARGE = 16 * 1024;
  private static final int LARGE_EVERY = 32;
  private static final int ENDING_EVERY = 8;

  private final CodecPlan plan;
  private final List<CodecRehearsal> corpus;
  private final Set<CodecRehearsal> ending = Collections.newSetFromMap(new IdentityHashMap<>());
  private int rounds;

  CodecCorpus(CodecPlan plan) {
    this.plan = plan;
    this.corpus = List.copyOf(plan.rehearsals());
  }

  List<CodecRehearsal> exchanges() {
    return corpus;
  }

  /**
   * Plays each exchange in every way and compares.
   *
   * @return how many messages that were
   * @throws Refusal if an exchange comes out otherwise than it should
   */
  long check() throws Refusal {
    long messages = 0;
    for (CodecRehearsal exchange : corpus) {
      messages += check(exchange);
    }
    for (LocalReply.Kind kind : LocalReply.Kind.values()) {
      for (CodecRehearsal exchange : corpus) {
        messages += answered(exchange, kind);
      }
    }
    return messages;
  }

  /**
   * Plays all exchanges once on a rig that goes on. Large ones, and those that use up their
   * connections, only now and then: what they leave behind would be collected under traffic.
   */
  long playAll(Rig rig) {
    long before = rig.messages;
    boolean large = rounds % LARGE_EVERY == 0;
    boolean last = rounds % ENDING_EVERY == 0;
    rounds++;
    for (CodecRehearsal exchange : corpus) {
      boolean small = exchange.request().length + exchange.response().length < LARGE;
      if ((large || small) && (last || !ending.contains(exchange))) {
        play(rig, exchange);
      }
    }
    return rig.messages - before;
  }

  private void play(Rig rig, CodecRehearsal exchange) {
    // What begins a connection that many streams share comes only once on it.
    rig.renew(OpenFence.isMultiplexed(plan));
    int codecs = rig.codecs;
    play(rig, exchange, Integer.MAX_VALUE, false);
    if (!rig.byServer.isEmpty()) {
      rig.renew(true);
    }
    if (rig.serverEnd.closed || rig.serverEnd.tunnel || rig.codecs != codecs) {
      ending.add(exchange);
    }
    rig.serverEnd.out.clear();
    rig.clientEnd.out.clear();
  }

  private long check(CodecRehearsal exchange) throws Refusal {
    Script first = whole(exchange);
    Script second = whole(exchange);
    return 2 + inPieces(exchange, first, second, false) + inPieces(exchange, first, second, true);
  }

  private Script whole(CodecRehearsal exchange) throws Refusal {
    try (Rig rig = new Rig(plan)) {
      Script script = new Script();
      rig.script = script;
      play(rig, exchange, Integer.MAX_VALUE, false);
      expect(exchange, "the upstream's", exchange.upstreamRequest(), rig.clientEnd.takeOut());
      expect(exchange, "the client's", exchange.downstreamResponse(), rig.serverEnd.takeOut());
      if (!rig.byServer.isEmpty()) {
        throw new Refusal(about(exchange) + ": it leaves a stream open");
      }
      return script;
    }
  }

  private long inPieces(CodecRehearsal exchange, Script first, Script second, boolean moving)
      throws Refusal {
    try (Rig rig = new Rig(plan)) {
      Script script = new Script();
      rig.script = script;
      int longest = Math.max(exchange.request().length, exchange.response().length);
      play(rig, exchange, Math.max(1, longest / MOST_PIECES), moving);
      if (!script.isLike(first, second)) {
        throw new Refusal(
            about(exchange)
                + (moving ? ": moved between pieces" : ": in pieces")
                + " it reads "
                + shortened(script.toString())
                + " instead of "
                + shortened(first.toString()));
      }
      return rig.messages;
    }
  }

  private long answered(CodecRehearsal exchange, LocalReply.Kind kind) {
    try (Rig rig = new Rig(plan)) {
      rig.always = kind;
      rig.fromClient(exchange.request(), 0, exchange.request().length);
      return rig.messages;
    }
  }

  private static void play(Rig rig, CodecRehearsal exchange, int step, boolean moving) {
    byte[] request = exchange.request();
    for (int at = 0; at < request.length; at += Math.min(step, request.length - at)) {
      rig.fromClient(request, at, at + Math.min(step, request.length - at));
      if (moving) {
        rig.move();
      }
    }
    byte[] response = exchange.response();
    for (int at = 0;
        at < response.length && rig.awaitsUpstream();
        at += Math.min(step, response.length - at)) {
      rig.fromUpstream(response, at, at + Math.min(step, response.length - at));
      if (moving) {
        rig.move();
      }
    }
    rig.upstreamEnds();
  }

  private static void expect(
      CodecRehearsal exchange, String whose, byte @Nullable [] wanted, byte[] found)
      throws Refusal {
    if (wanted != null && !java.util.Arrays.equals(wanted, found)) {
      throw new Refusal(
          about(exchange)
              + ": "
              + whose
              + " bytes should be "
              + text(wanted)
              + " but are "
              + text(found));
    }
  }

  private static String about(CodecRehearsal exchange) {
    return "rehearsal \"" + exchange.name() + "\"";
  }

  private static String text(byte[] bytes) {
    return shortened(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static String shortened(String text) {
    String visible = text.replace("\r", "\\r").replace("\n", "\\n");
    return "\"" + (visible.length() > 300 ? visible.substring(0, 297) + "..." : visible) + "\"";
  }
}
