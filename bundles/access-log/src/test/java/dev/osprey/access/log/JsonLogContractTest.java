package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.testkit.AccessLogContract;
import dev.osprey.testkit.ConfigNodes;

/** The log in JSON keeps what every access log must keep. */
class JsonLogContractTest extends AccessLogContract {
  @Override
  protected AccessLogFactory factory() {
    return new LineLogFactory(Destination.STDOUT);
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.yaml(
        """
        log_format:
          json_format:
            request: { method: "%REQ(:METHOD)%", path: "%REQ(:PATH)% of %REQ(:AUTHORITY)%" }
            agent: "%REQ(USER-AGENT)%"
            type: "%RESP(CONTENT-TYPE)%"
            status: "%RESPONSE_CODE%"
            details: "%RESPONSE_CODE_DETAILS%"
            flags: "%RESPONSE_FLAGS%"
        """);
  }
}
