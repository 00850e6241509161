package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A record to fill in. */
final class Entry implements AccessRecord {
  long startMillis = 1767225599_042L;
  RequestHead request = new RequestHead();
  ResponseHead response = new ResponseHead();
  long received = 12;
  long sent = 3456;
  long requestEnd = 1_999_999;
  long firstResponse = 20_000_000;
  long duration = 45_000_000;
  LocalReply.Kind localReply;
  String detail;
  Reset reset;
  String cluster = "backend";
  String route = "main";
  SocketAddress upstream = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.7"), 9000);
  SocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 54321);
  SocketAddress local = new InetSocketAddress(InetAddress.ofLiteral("::1"), 8080);

  Entry() {
    request.protocol("HTTP/1.1");
    request.method("GET");
    request.path("/a?b=c");
    request.authority("example.com");
    response.status(200);
  }

  Entry field(String name, String value) {
    request.fields().add(name, value);
    return this;
  }

  @Override
  public long startMillis() {
    return startMillis;
  }

  @Override
  public RequestHead request() {
    return request;
  }

  @Override
  public ResponseHead response() {
    return response;
  }

  @Override
  public long bytesReceived() {
    return received;
  }

  @Override
  public long bytesSent() {
    return sent;
  }

  @Override
  public long requestEndNanos() {
    return requestEnd;
  }

  @Override
  public long firstResponseNanos() {
    return firstResponse;
  }

  @Override
  public long durationNanos() {
    return duration;
  }

  @Override
  public LocalReply.Kind localReply() {
    return localReply;
  }

  @Override
  public String detail() {
    return detail;
  }

  @Override
  public Reset reset() {
    return reset;
  }

  @Override
  public String cluster() {
    return cluster;
  }

  @Override
  public String route() {
    return route;
  }

  @Override
  public SocketAddress upstream() {
    return upstream;
  }

  @Override
  public SocketAddress peer() {
    return peer;
  }

  @Override
  public SocketAddress local() {
    return local;
  }

  @Override
  public long connection() {
    return 77;
  }

  @Override
  public String listener() {
    return "ingress";
  }
}
