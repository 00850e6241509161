package dev.osprey.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The interop suite's service, and gRPC's health service whose answers standard input changes: a
 * line {@code SERVICE STATUS}, with {@code -} for the server as a whole. Says what it sees.
 */
public final class Server {
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  private Server() {}

  /**
   * Serves until standard input ends.
   *
   * @param args the port
   */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    HealthStatusManager health = new HealthStatusManager();
    try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(2)) {
      var _ =
          Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
              .maxInboundMessageSize(16 << 20)
              .addService(
                  ServerInterceptors.intercept(
                      new TestServiceImpl(timer), TestServiceImpl.interceptors()))
              .addService(health.getHealthService())
              .intercept(new Witness())
              .build()
              .start();
      System.out.println("listening");
      obey(health);
      System.exit(0);
    }
  }

  private static void obey(HealthStatusManager health) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      String service = words[0].equals("-") ? "" : words[0];
      health.setStatus(service, ServingStatus.valueOf(words[1]));
      System.out.println("health " + line);
    }
  }

  /** Prints when a call begins, with its deadline as it stands in the request, and its cancel. */
  private static final class Witness implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String method = call.getMethodDescriptor().getBareMethodName();
      if (!"Check".equals(method)) {
        System.out.println("began " + method + " timeout " + headers.get(TIMEOUT));
      }
      return new SimpleForwardingServerCallListener<A>(next.startCall(call, headers)) {
        @Override
        public void onCancel() {
          System.out.println("cancelled " + method);
          super.onCancel();
        }
      };
    }
  }
}
