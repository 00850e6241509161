package dev.osprey.host.deploy;

import java.util.List;

/**
 * Why a change is refused, in words. Never carries the exception behind it: a kept exception would
 * pin the class loader of the bundle that threw it.
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /** A refusal with its reason. */
  public Refusal(String reason) {
    this(reason, false);
  }

  private Refusal(String reason, boolean passing) {
    super(reason, null, false, false);
    this.passing = passing;
  }

  /** A refusal with several reasons, one a line. */
  public Refusal(List<String> reasons) {
    this(String.join("\n", reasons));
  }

  /** The same, for a reason that may pass by itself, such as a full disk. */
  public Refusal passing() {
    return new Refusal(reason(), true);
  }

  /** True when the same may be granted later though nothing that was asked changes. */
  public boolean mayPass() {
    return passing;
  }

  /** The reasons. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
