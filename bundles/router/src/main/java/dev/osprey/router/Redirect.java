package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the caller elsewhere. The answer depends on the request, so it is made for each; all other
 * decisions are shared.
 *
 * @param route the route's name
 * @param https true: the new scheme is https
 * @param host the new host; null keeps the request's
 * @param path the new path; null keeps the request's
 * @param prefix replaces the matched prefix; null keeps it
 * @param matched length of the matched prefix in bytes
 * @param stripsQuery true: the request's query is dropped
 * @param status 301, 302, 303, 307 or 308
 */
record Redirect(
    String route,
    boolean https,
    @Nullable String host,
    @Nullable String path,
    @Nullable String prefix,
    int matched,
    boolean stripsQuery,
    int status)
    implements Action {
  /** The names of Envoy's RedirectResponseCode. */
  enum Code {
    MOVED_PERMANENTLY(301),
    FOUND(302),
    SEE_OTHER(303),
    TEMPORARY_REDIRECT(307),
    PERMANENT_REDIRECT(308);

    private final int status;

    Code(int status) {
      this.status = status;
    }
  }

  static Action from(ConfigNode node, String route, PathMatch match) {
    node.allowOnly(
        "https_redirect",
        "host_redirect",
        "path_redirect",
        "prefix_rewrite",
        "strip_query",
        "response_code");
    if (node.has("path_redirect") && node.has("prefix_rewrite")) {
      node.say("expected one of path_redirect, prefix_rewrite, found both");
    }
    return new Redirect(
        route,
        node.flag("https_redirect", false),
        node.has("host_redirect") ? UrlText.authority(node, "host_redirect") : null,
        node.has("path_redirect") ? UrlText.path(node, "path_redirect") : null,
        node.has("prefix_rewrite") ? UrlText.path(node, "prefix_rewrite") : null,
        match.text().length,
        node.flag("strip_query", false),
        node.oneOf("response_code", Code.class, Code.MOVED_PERMANENTLY).status);
  }

  @Override
  public boolean keepsPath() {
    return false;
  }

  @Override
  public List<RouteDecision> decisions() {
    return List.of();
  }

  @Override
  public RouteDecision decide(RequestHead head, int random) {
    List<Map.Entry<String, String>> fields = List.of(Map.entry("location", location(head)));
    return new RouteDecision.Answer(
        route, new LocalReply(LocalReply.Kind.DIRECT, status, "redirect", fields, ""));
  }

  private String location(RequestHead head) {
    StringBuilder out = new StringBuilder(128);
    if (host != null || head.authorityStart() < head.authorityEnd()) {
      appendOrigin(head, out);
    }
    appendPath(head, out);
    return out.toString();
  }

  private void appendOrigin(RequestHead head, StringBuilder out) {
    boolean toHttps = https && !head.scheme().equals("https");
    out.append(https ? "https" : head.scheme()).append("://");
    if (host != null) {
      out.append(host);
    } else {
      appendHost(head, toHttps, out);
    }
  }

  /** The request's host; the port 80 means nothing to https. */
  private static void appendHost(RequestHead head, boolean toHttps, StringBuilder out) {
    byte[] bytes = head.fields().bytes();
    int start = head.authorityStart();
    int end = head.authorityEnd();
    boolean isPort80 =
        end - start > 3 && bytes[end - 3] == ':' && bytes[end - 2] == '8' && bytes[end - 1] == '0';
    UrlText.append(bytes, start, toHttps && isPort80 ? end - 3 : end, out);
  }

  private void appendPath(RequestHead head, StringBuilder out) {
    byte[] bytes = head.fields().bytes();
    int start = head.pathStart();
    int pathEnd = Bytes.endOfPath(bytes, start, head.pathEnd());
    if (path != null) {
      out.append(path);
    } else if (prefix != null) {
      out.append(prefix);
      UrlText.append(bytes, Math.min(start + matched, pathEnd), pathEnd, out);
    } else {
      UrlText.append(bytes, start, pathEnd, out);
    }
    boolean bringsQuery = path != null && path.indexOf('?') >= 0;
    if (!stripsQuery && !bringsQuery) {
      UrlText.append(bytes, pathEnd, head.pathEnd(), out);
    }
  }
}
