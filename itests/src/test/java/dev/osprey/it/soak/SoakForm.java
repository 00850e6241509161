package dev.osprey.it.soak;

import java.time.Duration;

/**
 * How long a soak is.
 *
 * @param swaps how many swaps at least
 * @param requests how many requests at least
 * @param rate requests per second
 * @param firstProbe after how many swaps the residue is measured for the first time
 * @param warmUp how many of the swaps come before the first window: code of ours still gets
 *     compiled
 * @param versions how many versions each long-lived connection must see at least
 * @param between time between the end of a swap and the next one: the control window
 * @param even whether it is at least as long as the swap was, so that what both have waited for can
 *     be compared
 * @param lasting how long the one download lasts
 * @param bound after which the soak has failed
 * @param strict whether growth of memory fails the soak: a short one still warms up
 */
record SoakForm(
    int swaps,
    long requests,
    double rate,
    int firstProbe,
    int warmUp,
    int versions,
    Duration between,
    boolean even,
    Duration lasting,
    Duration bound,
    boolean strict) {
  /** 1,100 swaps under 10 million requests, with a download of ten minutes. */
  static final SoakForm FULL =
      new SoakForm(
          1_100,
          10_000_000,
          6_000,
          100,
          100,
          50,
          Duration.ofMillis(500),
          false,
          Duration.ofMinutes(10),
          Duration.ofMinutes(90),
          true);

  /** About a minute, for every build. */
  static final SoakForm SHORT =
      new SoakForm(
          28,
          28_000,
          1_000,
          10,
          10,
          12,
          Duration.ofMillis(500),
          false,
          Duration.ofSeconds(30),
          Duration.ofMinutes(3),
          false);

  /**
   * The form that the system property {@code osprey.soak} names, short if there is none; a number
   * is so many swaps. {@code osprey.soak.rate} gives it another rate.
   */
  static SoakForm chosen() {
    SoakForm named = named(System.getProperty("osprey.soak", "short"));
    int rate = Integer.getInteger("osprey.soak.rate", 0);
    return rate > 0 ? named.withRate(rate) : named;
  }

  private static SoakForm named(String wanted) {
    return switch (wanted) {
      case "short" -> SHORT;
      case "full" -> FULL;
      default -> {
        if (!wanted.matches("[1-9]\\d{1,4}")) {
          throw new IllegalArgumentException(
              "osprey.soak: expected short, full or 10 to 99999 swaps, found " + wanted);
        }
        yield ofSwaps(Integer.parseInt(wanted));
      }
    };
  }

  /** So many swaps under a thousand requests a second, however many those become. */
  private static SoakForm ofSwaps(int swaps) {
    int warmUp = Math.min(100, swaps / 2);
    boolean even = Boolean.getBoolean("osprey.soak.even");
    return new SoakForm(
        swaps,
        swaps * 100L,
        SHORT.rate(),
        warmUp,
        warmUp,
        Math.min(50, swaps / 3),
        Duration.ofMillis(500),
        even,
        Duration.ofSeconds(30),
        Duration.ofMinutes(5).plus(Duration.ofSeconds(even ? 8 : 4).multipliedBy(swaps)),
        swaps >= FULL.swaps() / 2);
  }

  private SoakForm withRate(double other) {
    return new SoakForm(
        swaps,
        requests,
        other,
        firstProbe,
        warmUp,
        versions,
        between,
        even,
        lasting,
        bound,
        strict);
  }
}
