package dev.osprey.codec.http2;

/**
 * The Huffman code of RFC 7541 appendix B. It is canonical, so the lengths of its codes say all;
 * decoding takes four bits a step, and no code is shorter than five, so a step ends at most one
 * symbol.
 */
final class Huffman {
  /** What {@link #decode} returns for a string that is not well encoded. */
  static final int BAD = -1;

  /** The length of each symbol's code: {@code A} is 5 bits, {@code B} 6. The last is EOS. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDC"
          + "DIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQ"
          + "SRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;
  private static final int EOS = 256;
  private static final int NODES = 256;
  private static final int MAX_PADDING = 7;

  // A step: the next node, whether the string may end there, the symbol that it ended.
  private static final int NODE = 0xff;
  private static final int MAY_END = 1 << 8;
  private static final int ENDS_SYMBOL = 1 << 9;
  private static final int WRONG = 1 << 10;
  private static final int SYMBOL_SHIFT = 16;

  private static final int[] STEPS = steps();

  private Huffman() {}

  /** How many bytes a string of {@code length} encoded bytes may take when it is decoded. */
  static int mostDecoded(int length) {
    return length * 8 / SHORTEST;
  }

  /**
   * Decodes a string.
   *
   * @param to where it goes; there must be room for {@link #mostDecoded} bytes
   * @return the offset behind the last byte written, or {@link #BAD}
   */
  static int decode(byte[] from, int start, int end, byte[] to, int toStart) {
    int[] steps = STEPS;
    int at = toStart;
    int step = MAY_END;
    for (int i = start; i < end; i++) {
      int b = from[i];
      step = steps[((step & NODE) << 4) | ((b >> 4) & 0xf)];
      if ((step & ENDS_SYMBOL) != 0) {
        to[at++] = (byte) (step >>> SYMBOL_SHIFT);
      }
      int wrong = step & WRONG;
      step = steps[((step & NODE) << 4) | (b & 0xf)];
      if ((step & ENDS_SYMBOL) != 0) {
        to[at++] = (byte) (step >>> SYMBOL_SHIFT);
      }
      if (((step | wrong) & WRONG) != 0) {
        return BAD;
      }
    }
    return (step & MAY_END) != 0 ? at : BAD;
  }

  /** The length of a symbol's code in bits. */
  static int lengthOf(int symbol) {
    return LENGTHS.charAt(symbol) - 'A' + SHORTEST;
  }

  private static int[] steps() {
    int[] children = children();
    boolean[] mayEnd = new boolean[NODES];
    int node = 0;
    for (int depth = 0; depth <= MAX_PADDING; depth++) {
      mayEnd[node] = true;
      node = children[2 * node + 1];
    }
    int[] steps = new int[NODES * 16];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = step(children, mayEnd, i >> 4, i & 0xf);
    }
    return steps;
  }

  private static int step(int[] children, boolean[] mayEnd, int from, int bits) {
    int node = from;
    int step = 0;
    for (int mask = 8; mask != 0; mask >>= 1) {
      node = children[2 * node + ((bits & mask) == 0 ? 0 : 1)];
      if (node < 0) {
        int symbol = ~node;
        step |= symbol == EOS ? WRONG : ENDS_SYMBOL | (symbol << SYMBOL_SHIFT);
        node = 0;
      }
    }
    return step | node | (mayEnd[node] ? MAY_END : 0);
  }

  /** The code as a tree: two children for each node, a symbol as its complement. */
  private static int[] children() {
    int[] children = new int[2 * NODES];
    int nodes = 1;
    int code = 0;
    for (int length = SHORTEST; length <= LONGEST; length++) {
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (lengthOf(symbol) == length) {
          nodes = insert(children, nodes, code++, length, symbol);
        }
      }
      code <<= 1;
    }
    return children;
  }

  private static int insert(int[] children, int nodes, int code, int length, int symbol) {
    int node = 0;
    int count = nodes;
    for (int bit = length - 1; bit > 0; bit--) {
      int child = 2 * node + ((code >> bit) & 1);
      if (children[child] == 0) {
        children[child] = count++;
      }
      node = children[child];
    }
    children[2 * node + (code & 1)] = ~symbol;
    return count;
  }
}
