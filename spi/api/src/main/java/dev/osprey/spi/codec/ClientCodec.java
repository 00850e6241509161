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
