package dev.osprey.grpc;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceGrpc.TestServiceBlockingStub;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Single calls of the interop suite's service, each with one line about how it ended. */
public final class Calls {
  private static final int MICROS = 1000;

  private Calls() {}

  /**
   * Makes the calls in turn and prints {@code CODE|description|milliseconds|messages}.
   *
   * @param args port, then for each call: {@code empty} or {@code stream:N:MILLIS} (N messages,
   *     each after so long), with {@code @MILLIS} behind it for a deadline; {@code cancel} takes
   *     one message of a stream and no more, {@code health:SERVICE} asks for health
   */
  public static void main(String[] args) throws InterruptedException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", Integer.parseInt(args[0]), InsecureChannelCredentials.create())
            .build();
    for (int i = 1; i < args.length; i++) {
      String[] parts = args[i].split("@", 2);
      TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(channel);
      if (parts.length > 1) {
        stub = stub.withDeadlineAfter(Long.parseLong(parts[1]), TimeUnit.MILLISECONDS);
      }
      System.out.println(
          parts[0].startsWith("health:")
              ? health(channel, parts[0].substring("health:".length()))
              : call(stub, parts[0]));
    }
    channel.shutdownNow();
    var _ = channel.awaitTermination(5, TimeUnit.SECONDS);
  }

  private static String health(ManagedChannel channel, String service) {
    try {
      HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
      return HealthGrpc.newBlockingStub(channel).check(request).getStatus() + "||0|1";
    } catch (StatusRuntimeException ended) {
      return ended.getStatus().getCode() + "|" + ended.getStatus().getDescription() + "|0|0";
    }
  }

  private static String call(TestServiceBlockingStub stub, String what) {
    long start = System.nanoTime();
    int messages = 0;
    String end = "OK|";
    try {
      if (what.equals("empty")) {
        var _ = stub.emptyCall(Empty.getDefaultInstance());
        messages = 1;
      } else {
        String[] words = what.equals("cancel") ? new String[] {"", "9", "200"} : what.split(":");
        Iterator<?> answers =
            stub.streamingOutputCall(request(Integer.parseInt(words[1]), words[2]));
        while (answers.hasNext() && !(what.equals("cancel") && messages == 1)) {
          var _ = answers.next();
          messages++;
        }
      }
    } catch (StatusRuntimeException ended) {
      end = ended.getStatus().getCode() + "|" + ended.getStatus().getDescription();
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return end + "|" + millis + "|" + messages;
  }

  private static StreamingOutputCallRequest request(int count, String millis) {
    StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      request.addResponseParameters(
          ResponseParameters.newBuilder()
              .setSize(10)
              .setIntervalUs(Integer.parseInt(millis) * MICROS));
    }
    return request.build();
  }
}
