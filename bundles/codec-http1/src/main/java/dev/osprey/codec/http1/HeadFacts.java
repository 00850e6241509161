package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import org.jspecify.annotations.Nullable;

/** What the fields of one head say about its framing and its connection; filled while scanning. */
final class HeadFacts {
  private static final byte[] CHUNKED = Bytes.of("chunked");
  private static final byte[] CLOSE = Bytes.of("close");
  private static final byte[] KEEP_ALIVE = Bytes.of("keep-alive");
  private static final byte[] UPGRADE = Bytes.of("upgrade");
  private static final byte[] TE = Bytes.of("te");
  private static final byte[] HTTP2_SETTINGS = Bytes.of("http2-settings");
  private static final byte[] CONTINUE = Bytes.of("100-continue");

  /** Each costs a look at all fields, and no honest peer names so many. */
  private static final int MAX_NOMINATIONS = 100;

  /** The announced length; -1 when there is none. */
  long contentLength;

  /** True when the body is chunked. */
  boolean chunked;

  /** True when the connection option {@code close} was there. */
  boolean close;

  /** True when the connection option {@code keep-alive} was there. */
  boolean keepAlive;

  /** True when a Connection field names other fields, which must not be forwarded. */
  boolean nominates;

  /** True when the caller waits for a 100 before it sends the body. */
  boolean expectsContinue;

  int hosts;
  int hostStart;
  int hostEnd;
  int upgradeStart;
  int upgradeEnd;

  /** The first broken rule; null when none is. */
  @Nullable Fault fault;

  private boolean keepUpgrade;
  private boolean upgradeOption;
  private int upgrades;
  private int nominations;
  private int tags;

  /** Forgets everything. */
  void clear() {
    contentLength = -1;
    chunked = close = keepAlive = nominates = expectsContinue = false;
    keepUpgrade = upgradeOption = false;
    hosts = hostStart = hostEnd = upgradeStart = upgradeEnd = upgrades = nominations = tags = 0;
    fault = null;
  }

  /** Says that an Upgrade field belongs to the message itself: in a 101 or 426. */
  void keepUpgradeField() {
    keepUpgrade = true;
  }

  /** True when a field of this tag was seen. */
  boolean saw(int tag) {
    return (tags & (1 << tag)) != 0;
  }

  /** True when a protocol to switch to was named in due form. */
  boolean asksForUpgrade() {
    return upgradeOption && upgrades == 1 && upgradeStart < upgradeEnd;
  }

  /**
   * Takes note of a field that is not plain.
   *
   * @return true when the field belongs into the head's table
   */
  boolean note(int tag, byte[] a, int start, int end) {
    tags |= 1 << tag;
    switch (tag) {
      case Tags.HOST -> host(start, end);
      case Tags.CONTENT_LENGTH -> length(a, start, end);
      case Tags.TRANSFER_ENCODING -> coding(a, start, end);
      case Tags.CONNECTION -> {
        return options(a, start, end);
      }
      case Tags.UPGRADE -> {
        upgrades++;
        upgradeStart = start;
        upgradeEnd = end;
        return keepUpgrade;
      }
      case Tags.EXPECT -> {
        expectsContinue |= Chars.spells(a, start, end, CONTINUE);
        return true;
      }
      default -> {
        return tag != Tags.HOP;
      }
    }
    return false;
  }

  private void host(int start, int end) {
    hosts++;
    hostStart = start;
    hostEnd = end;
  }

  private void length(byte[] a, int start, int end) {
    if (contentLength >= 0) {
      fault = Fault.MANY_LENGTHS;
      return;
    }
    contentLength = Bytes.readDecimal(a, start, end);
    if (contentLength < 0) {
      fault = Fault.LENGTH;
    }
  }

  private void coding(byte[] a, int start, int end) {
    boolean onlyChunked = Chars.spells(a, start, end, CHUNKED);
    if (chunked || !onlyChunked) {
      fault = endsInChunked(a, start, end) ? Fault.CODING_UNKNOWN : Fault.TRANSFER_ENCODING;
    }
    chunked = true;
  }

  /** True for a well-formed list of other codings that ends in the only {@code chunked}. */
  private boolean endsInChunked(byte[] a, int start, int end) {
    int from = end - CHUNKED.length;
    if (chunked || from <= start || !Chars.spells(a, from, end, CHUNKED)) {
      return false;
    }
    boolean listed = false;
    for (int i = start; i < from; i++) {
      boolean separator = a[i] == ',' || Chars.isSpace(a[i]);
      listed |= a[i] == ',';
      if ((!separator && !Chars.isToken(a[i]))
          || (i + CHUNKED.length <= from && Chars.spells(a, i, i + CHUNKED.length, CHUNKED))) {
        return false;
      }
    }
    byte before = a[from - 1];
    return listed && (before == ',' || Chars.isSpace(before));
  }

  /** Reads connection options; true when some of them name fields, so that it must be kept. */
  private boolean options(byte[] a, int start, int end) {
    boolean names = false;
    int at = start;
    while (at < end) {
      int tokenEnd = optionEnd(a, at, end);
      int tokenStart = Chars.skipSpace(a, at, tokenEnd);
      if (!option(a, tokenStart, Chars.trim(a, tokenStart, tokenEnd))) {
        names = true;
        nominations++;
      }
      at = tokenEnd + 1;
    }
    if (nominations > MAX_NOMINATIONS) {
      fault = Fault.TOO_MANY_FIELDS;
    }
    nominates |= names;
    return names;
  }

  /** Notes one option; false when it is the name of a field that would be forwarded. */
  private boolean option(byte[] a, int start, int end) {
    if (Chars.spells(a, start, end, KEEP_ALIVE)) {
      keepAlive = true;
    } else if (Chars.spells(a, start, end, CLOSE)) {
      close = true;
    } else if (Chars.spells(a, start, end, UPGRADE)) {
      upgradeOption = true;
    } else {
      return start == end
          || Chars.spells(a, start, end, TE)
          || Chars.spells(a, start, end, HTTP2_SETTINGS);
    }
    return true;
  }

  /** Offset of the comma that ends the list item at {@code at}, or {@code end}. */
  static int optionEnd(byte[] a, int at, int end) {
    int i = at;
    while (i < end && a[i] != ',') {
      i++;
    }
    return i;
  }
}
