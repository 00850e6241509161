package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7541 appendix C, and the rules of its sections 4 to 6. */
class HpackTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Provenance OWN = new Provenance("test");

  private final DecoderTable table = new DecoderTable(4096);
  private final HpackDecoder decoder = new HpackDecoder(table);
  private final FieldBlock block = new FieldBlock(65_536, 100, 4);

  @Test
  void decodesLiteralsAndIndices_c2() {
    assertThat(read("400a637573746f6d2d6b65790d637573746f6d2d686561646572"))
        .isEqualTo("custom-key: custom-header\n");
    assertThat(table.size()).isEqualTo(55);
    assertThat(read("040c2f73616d706c652f70617468")).isEqualTo(":path=/sample/path\n");
    assertThat(read("100870617373776f726406736563726574")).isEqualTo("password: secret\n");
    assertThat(read("82")).isEqualTo(":method=GET\n");
    assertThat(table.count()).isEqualTo(1);
  }

  @Test
  void decodesRequestsWithoutHuffman_c3() {
    requests(
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565");
  }

  @Test
  void decodesRequestsWithHuffman_c4() {
    requests(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf");
  }

  private void requests(String first, String second, String third) {
    assertThat(read(first))
        .isEqualTo(":method=GET\n:path=/\n:scheme=http\n:authority=www.example.com\n");
    assertThat(table.size()).isEqualTo(57);
    assertThat(read(second)).endsWith(":authority=www.example.com\ncache-control: no-cache\n");
    assertThat(table.size()).isEqualTo(110);
    assertThat(read(third))
        .isEqualTo(
            """
            :method=GET
            :path=/index.html
            :scheme=https
            :authority=www.example.com
            custom-key: custom-value
            """);
    assertThat(table.size()).isEqualTo(164);
  }

  @Test
  void evictsWhatHasNoRoom_c5_c6() {
    responses(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120"
            + "474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738"
            + "666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d33"
            + "3630303b2076657273696f6e3d31");
  }

  @Test
  void evictsWhatHasNoRoom_withHuffman_c6() {
    responses(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863"
            + "c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b3"
            + "35dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007");
  }

  private void responses(String first, String second, String third) {
    assertThat(table.resize(256)).isTrue();
    assertThat(readResponse(first)).startsWith(":status=302\ncache-control: private\ndate: Mon");
    assertThat(table.size()).isEqualTo(222);
    assertThat(readResponse(second)).startsWith(":status=307\ncache-control: private\ndate: Mon");
    assertThat(table.size()).isEqualTo(222);
    assertThat(readResponse(third))
        .startsWith(":status=200\n")
        .endsWith("set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n");
    assertThat(table.size()).isEqualTo(215);
  }

  @Test
  void refusesIndicesThatDoNotExist() {
    assertThat(fails("80")).isTrue();
    assertThat(fails("be")).isTrue();
    assertThat(fails("7f000161")).isTrue();
  }

  @Test
  void refusesIntegersWithoutEnd_andTooLargeOnes() {
    assertThat(fails("ff")).isTrue();
    assertThat(fails("ffffffffffff0f")).isTrue();
    assertThat(fails("ff8080808001")).isTrue();
  }

  @Test
  void refusesStringsThatReachBeyondTheBlock() {
    assertThat(fails("0005616263")).isTrue();
    assertThat(fails("00")).isTrue();
    assertThat(fails("000161")).isTrue();
  }

  @Test
  void refusesBrokenHuffmanCodes() {
    // Padding of a whole byte, padding that is not all ones, EOS inside.
    assertThat(fails("0001618118")).isTrue();
    assertThat(fails("00016182ffff")).isTrue();
    assertThat(fails("00016184ffffffff")).isTrue();
    assertThat(fails("000161811f")).isFalse();
  }

  @Test
  void takesSizeUpdatesOnlyAtTheBegin_andOnlyAsAnnounced() {
    assertThat(fails("20")).isFalse();
    assertThat(fails("203fe11f")).isFalse();
    assertThat(fails("20202082")).isTrue();
    assertThat(fails("8220")).isTrue();
    assertThat(fails("3fe21f")).isTrue();
  }

  @Test
  void takesTheUsualSize_untilASmallerOneIsAcknowledged() {
    DecoderTable small = new DecoderTable(100);
    assertThat(small.resize(4096)).isTrue();
    assertThat(small.isAboveLimit()).isFalse();
    small.agree();
    assertThat(small.isAboveLimit()).isTrue();
    assertThat(small.resize(101)).isFalse();
    assertThat(small.resize(100)).isTrue();
    assertThat(small.isAboveLimit()).isFalse();
  }

  @Test
  void emptiesTheTable_whenAnEntryIsLargerThanIt() {
    assertThat(table.resize(64)).isTrue();
    assertThat(read("4001610162")).isEqualTo("a: b\n");
    assertThat(table.count()).isEqualTo(1);
    assertThat(read("400161" + "28" + "62".repeat(40))).endsWith("b\n");
    assertThat(table.count()).isZero();
  }

  @Test
  void keepsTheTable_whenTheBlockIsTooLarge() {
    FieldBlock small = new FieldBlock(100, 100, 4);
    small.begin(FieldBlock.Kind.REQUEST);
    byte[] bytes = HexFormat.of().parseHex("400161" + "60" + "62".repeat(96) + "4001630164be");
    assertThat(decoder.decode(bytes, bytes.length, small)).isTrue();
    assertThat(small.fault()).isEqualTo(Fault.TOO_LARGE);
    assertThat(table.count()).isEqualTo(2);
  }

  /** How many bytes of its array a block of 200 indices of an entry of 3,900 bytes writes to. */
  private int bytesWritten(FieldBlock into, FieldBlock.Kind kind) {
    into.begin(kind);
    byte[] room = new byte[20_000];
    into.append(room, 0, room.length);
    byte[] array = into.bytes();
    into.begin(kind);
    java.util.Arrays.fill(array, (byte) 0x55);
    byte[] indices = new byte[200];
    java.util.Arrays.fill(indices, (byte) 0xbe);
    assertThat(decoder.decode(indices, indices.length, into)).isTrue();
    assertThat(into.bytes()).isSameAs(array);
    int written = 0;
    for (byte b : array) {
      written += b == 0x55 ? 0 : 1;
    }
    return written;
  }

  @Test
  void copiesNoEntryOfTheTable_behindAFaultOrWhenNobodyWantsIt() {
    FieldBlock bounded = new FieldBlock(10_000, 100, 1_000);
    bounded.begin(FieldBlock.Kind.NONE);
    byte[] entry = FrameBytes.block("+a", "x".repeat(3_900));
    assertThat(decoder.decode(entry, entry.length, bounded)).isTrue();

    assertThat(bytesWritten(bounded, FieldBlock.Kind.NONE)).isZero();
    // Two fit, the third is one too many, the others are not looked at.
    assertThat(bytesWritten(bounded, FieldBlock.Kind.REQUEST)).isEqualTo(3 * 3_901);
    assertThat(bounded.fault()).isEqualTo(Fault.TOO_LARGE);
    assertThat(table.count()).isEqualTo(1);
  }

  @Test
  void endsTheWork_whenABlockIsBeyondMeasure() {
    FieldBlock bounded = new FieldBlock(10_000, 100, 4);
    bounded.begin(FieldBlock.Kind.REQUEST);
    byte[] entry = FrameBytes.block("+" + "a".repeat(3_900), "");
    assertThat(decoder.decode(entry, entry.length, bounded)).isTrue();
    // The name of the newest entry without a value, which enters the table: two bytes each.
    byte[] work = new byte[40_000];
    for (int i = 0; i < work.length; i += 2) {
      work[i] = 0x7e;
    }
    bounded.begin(FieldBlock.Kind.REQUEST);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    var _ = decoder.decode(work, work.length, bounded);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
    assertThat(bounded.isBeyondMeasure()).isTrue();
  }

  @Test
  void expandsABombOnlyAsFarAsItIsAllowed() {
    byte[] bytes = new byte[30_000];
    java.util.Arrays.fill(bytes, (byte) 0xbe);
    byte[] entry = HexFormat.of().parseHex("400161" + "7f" + "8101" + "62".repeat(256));
    System.arraycopy(entry, 0, bytes, 0, entry.length);
    block.begin(FieldBlock.Kind.REQUEST);
    assertThat(decoder.decode(bytes, bytes.length, block)).isTrue();
    assertThat(block.fault()).isEqualTo(Fault.TOO_LARGE);
    assertThat(block.bytes().length).isLessThan(4 * 65_536);
  }

  @Test
  void remembersWhatMustNeverBeIndexed() {
    read("100870617373776f726406736563726574");
    Fields fields = new Fields();
    block.copyTo(fields, OWN, 0);
    assertThat(fields.tag(0) & Names.NEVER_INDEXED).isNotZero();
  }

  private boolean fails(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    block.begin(FieldBlock.Kind.NONE);
    return !decoder.decode(bytes, bytes.length, block);
  }

  private String read(String hex) {
    return read(hex, FieldBlock.Kind.REQUEST);
  }

  private String readResponse(String hex) {
    return read(hex, FieldBlock.Kind.RESPONSE);
  }

  private String read(String hex, FieldBlock.Kind kind) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    block.begin(kind);
    assertThat(decoder.decode(bytes, bytes.length, block)).isTrue();
    assertThat(block.fault()).isNull();
    StringBuilder text = new StringBuilder();
    Fields fields = new Fields();
    block.copyTo(fields, OWN, 0);
    pseudo(text, fields, ":method", Names.METHOD);
    pseudo(text, fields, ":path", Names.PATH);
    pseudo(text, fields, ":scheme", Names.SCHEME);
    pseudo(text, fields, ":authority", Names.AUTHORITY);
    pseudo(text, fields, ":status", Names.STATUS);
    return text.append(fields).toString();
  }

  private void pseudo(StringBuilder text, Fields fields, String name, int tag) {
    if (block.has(tag)) {
      text.append(name)
          .append('=')
          .append(fields.text(block.starts[tag], block.ends[tag]))
          .append('\n');
    }
  }
}
