package dev.osprey.host.deploy;

import java.util.List;

/**
 * Why a change is refused, in words. Never carries the exception behind it: a kept exception would
 * pin the class loader of the bundle that threw it.
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** A refusal with its reason. */
  public Refusal(String reason) {
    super(reason, null, false, false);
  }

  /** A refusal with several reasons, one a line. */
  public Refusal(List<String> reasons) {
    this(String.join("\n", reasons));
  }

  /** The reasons. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
