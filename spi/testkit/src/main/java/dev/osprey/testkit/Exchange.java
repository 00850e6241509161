package dev.osprey.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One piece of a codec's corpus for contract tests: what a client sends and what the upstream
 * answers.
 *
 * @param name for messages
 * @param request all bytes of the client, any number of messages, the last one complete
 * @param response all bytes of the upstream, answering all of them
 * @param upstreamEnds true when the upstream closes its direction after that
 * @param requestEvents what a server codec reports, in normal form; empty is not checked
 * @param responseEvents what a client codec reports, in normal form; empty is not checked
 */
public record Exchange(
    String name,
    byte[] request,
    byte[] response,
    boolean upstreamEnds,
    List<String> requestEvents,
    List<String> responseEvents) {

  /** An exchange whose events are not spelt out. */
  public static Exchange of(String name, byte[] request, byte[] response) {
    return new Exchange(name, request, response, false, List.of(), List.of());
  }

  /** An exchange in ISO-8859-1 text. */
  public static Exchange of(String name, String request, String response) {
    return of(
        name,
        request.getBytes(StandardCharsets.ISO_8859_1),
        response.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The same, and the upstream closes its direction at the end. */
  public Exchange thenUpstreamEnds() {
    return new Exchange(name, request, response, true, requestEvents, responseEvents);
  }

  /** The same, with what the server codec reports, each as {@link Event#toString} has it. */
  public Exchange expectingRequest(String... events) {
    return new Exchange(name, request, response, upstreamEnds, List.of(events), responseEvents);
  }

  /** The same, with what the client codec reports, each as {@link Event#toString} has it. */
  public Exchange expectingResponse(String... events) {
    return new Exchange(name, request, response, upstreamEnds, requestEvents, List.of(events));
  }

  @Override
  public String toString() {
    return name;
  }
}
