package dev.osprey.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a {@link SoakClient} behaves.
 *
 * @param target where to send the load
 * @param connections all connections
 * @param longLived how many of them are never reopened
 * @param requestsPerConnection after how many requests each of the others reconnects by its own
 *     choice
 * @param pipelineDepth requests in flight on connections that pipeline
 * @param pipelineEvery each n-th connection pipelines; 0: none
 * @param rate requests per second over all connections; 0: closed loop, the next request follows
 *     the answer
 * @param bodyBytes size of each answer's body; at least 16, the token's
 * @param answerLimit a request without an answer for that long has failed, and its connection is
 *     lost
 * @param stallLimit a later answer is listed as a stall
 * @param maxRequests the client stops sending after so many
 * @param requireVersion whether an answer without {@code x-osprey-codec} is a failure
 */
public record SoakOptions(
    InetSocketAddress target,
    int connections,
    int longLived,
    int requestsPerConnection,
    int pipelineDepth,
    int pipelineEvery,
    double rate,
    int bodyBytes,
    Duration answerLimit,
    Duration stallLimit,
    long maxRequests,
    boolean requireVersion) {

  /** Refuses what can't be meant. */
  public SoakOptions {
    if (connections < 1 || connections > 0xffff || longLived < 0 || longLived > connections) {
      throw new IllegalArgumentException(
          "connections: " + connections + ", long-lived: " + longLived);
    }
    if (bodyBytes < 16 || pipelineDepth < 1 || requestsPerConnection < 1) {
      throw new IllegalArgumentException(
          "body, pipeline depth or requests per connection too small");
    }
  }

  /**
   * 64 connections, half of them long-lived, each fourth pipelining 4, closed loop, 100-byte
   * bodies.
   */
  public static SoakOptions to(InetSocketAddress target) {
    return new SoakOptions(
        target,
        64,
        32,
        500,
        4,
        4,
        0,
        100,
        Duration.ofSeconds(10),
        Duration.ofMillis(10),
        Long.MAX_VALUE,
        true);
  }

  /** The same with other numbers of connections. */
  public SoakOptions withConnections(int all, int kept) {
    return new SoakOptions(
        target,
        all,
        kept,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        rate,
        bodyBytes,
        answerLimit,
        stallLimit,
        maxRequests,
        requireVersion);
  }

  /** The same with another pipelining; each n-th connection has that depth. */
  public SoakOptions withPipelining(int depth, int every) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        depth,
        every,
        rate,
        bodyBytes,
        answerLimit,
        stallLimit,
        maxRequests,
        requireVersion);
  }

  /** The same with a fixed rate (open loop); 0 for a closed loop. */
  public SoakOptions withRate(double requestsPerSecond) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        requestsPerSecond,
        bodyBytes,
        answerLimit,
        stallLimit,
        maxRequests,
        requireVersion);
  }

  /** The same with other time limits. */
  public SoakOptions withLimits(Duration answer, Duration stall) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        rate,
        bodyBytes,
        answer,
        stall,
        maxRequests,
        requireVersion);
  }

  /** The same with a bound on the number of requests. */
  public SoakOptions withMaxRequests(long requests) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        rate,
        bodyBytes,
        answerLimit,
        stallLimit,
        requests,
        requireVersion);
  }

  /** The same with another number of requests between reconnects of the short-lived connections. */
  public SoakOptions withRequestsPerConnection(int requests) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requests,
        pipelineDepth,
        pipelineEvery,
        rate,
        bodyBytes,
        answerLimit,
        stallLimit,
        maxRequests,
        requireVersion);
  }

  /** The same with another size of the answers' bodies. */
  public SoakOptions withBodyBytes(int bytes) {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        rate,
        bytes,
        answerLimit,
        stallLimit,
        maxRequests,
        requireVersion);
  }

  /** The same, taking answers that name no codec version: for a run without Osprey. */
  public SoakOptions withoutVersions() {
    return new SoakOptions(
        target,
        connections,
        longLived,
        requestsPerConnection,
        pipelineDepth,
        pipelineEvery,
        rate,
        bodyBytes,
        answerLimit,
        stallLimit,
        maxRequests,
        false);
  }
}
