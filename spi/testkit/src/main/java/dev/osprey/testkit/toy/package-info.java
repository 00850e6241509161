/**
 * ToyMux: a small multiplexed, stateful protocol and a codec for it, so that contracts and swap
 * tests are not shaped by HTTP/1 alone. Only for tests.
 *
 * <p>The wire, numbers big-endian. A client begins with the eight bytes {@code TOYMUX1\n}. Then
 * both sides send frames: {@code u8 type, u8 flags, u16 length, u32 stream, payload}; a payload has
 * at most 16,384 bytes.
 *
 * <ul>
 *   <li>1 HEAD: a part of a block. Flag 2 MORE: the next frame of the connection goes on with this
 *       block. Flag 1 END: neither body nor trailers follow. A request's block begins with {@code
 *       :method}, {@code :path}, {@code :authority}, a response's with {@code :status}; {@code
 *       :length} is optional.
 *   <li>2 DATA: body bytes, within the credit of the stream. Flag 1 END.
 *   <li>3 TRAILERS: as HEAD, without the names that begin with a colon; ends the message.
 *   <li>4 WINDOW: u32, that many body bytes more may be sent on the stream (first credit: 64,
 *       little, so that it runs out in every test).
 *   <li>5 RESET: u8 code of the reason, u8 1 when retryable.
 *   <li>6 GOODBYE: stream 0; u32 the highest stream that will be served.
 * </ul>
 *
 * <p>Streams are odd and rise by client. A block is a row of fields: {@code u8 0, u32 length, name,
 * u32 length, value} adds the field to the table of that direction; {@code u8 1, u8 index} repeats
 * the entry that was added {@code index} additions ago; {@code u8 2, ...} as 0 but is not added.
 * The table keeps the newest 64 fields.
 */
@org.jspecify.annotations.NullMarked
package dev.osprey.testkit.toy;
