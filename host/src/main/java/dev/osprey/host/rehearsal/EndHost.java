package dev.osprey.host.rehearsal;

import dev.osprey.spi.codec.CodecHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;

/** The part of a codec's host that is the same in both roles. */
interface EndHost extends CodecHost {
  /** The connection. */
  End end();

  @Override
  default void onGoodbye() {}

  @Override
  default ByteBuf out() {
    return end().out;
  }

  @Override
  default void write(ByteBuf data) {
    end().out.writeBytes(data);
    data.release();
  }

  @Override
  default void becomeTunnel(int stream) {
    end().tunnel = true;
    end().reports++;
  }

  @Override
  default ByteBufAllocator alloc() {
    return End.ALLOC;
  }

  @Override
  default SocketAddress peer() {
    return End.PEER;
  }

  @Override
  default SocketAddress local() {
    return End.LOCAL;
  }

  @Override
  default boolean isSecure() {
    return false;
  }
}
