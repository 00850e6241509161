package dev.osprey.spi.codec;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.RequestHead;
import org.osgi.annotation.versioning.ConsumerType;

/** A codec that faces the upstream: writes requests, reads responses. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface ClientCodec extends Codec {
  /**
   * How many streams may be opened now, on top of the open ones; 0 when the connection can take no
   * more for the time being or for good.
   */
  int vacancies();

  /**
   * False while the peer has not said yet what it takes, so that {@link #vacancies} is a guess: the
   * host opens no stream before, within the time it gives a connect. A codec that says false writes
   * its own first words when it is made, and reports {@link CodecHost#onWritable} once the peer's
   * have come; from then on it says true, as does every instance that follows it.
   */
  default boolean isReady() {
    return true;
  }

  /**
   * Opens a stream with a request. Called only while {@link #vacancies} is above 0. A head that
   * must not be forwarded is refused by reporting {@link CodecHost#onReset} from inside this call,
   * with the number that is returned; nothing has been written then and the connection stays
   * usable.
   *
   * @param end true when neither body nor trailers follow
   * @return the stream's number
   */
  int request(RequestHead head, boolean end);
}
