package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.testkit.AccessLogContract;
import dev.osprey.testkit.ConfigNodes;

/** The log in text keeps what every access log must keep, with every operator. */
class TextLogContractTest extends AccessLogContract {
  @Override
  protected AccessLogFactory factory() {
    return new LineLogFactory(Destination.FILE);
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.yaml(
        """
        path: x
        log_format:
          text_format_source:
            inline_string: '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-NO?:PATH):99% %PROTOCOL%" %REQ(:AUTHORITY)%
              %REQ(USER-AGENT)% %REQ(REFERER)% %REQ(X-REQUEST-ID)% %RESP(CONTENT-TYPE)%
              %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT%
              %DURATION% %REQUEST_DURATION% %RESPONSE_DURATION% %RESPONSE_TX_DURATION%
              %UPSTREAM_HOST% %UPSTREAM_CLUSTER% %ROUTE_NAME% %UPSTREAM_REMOTE_ADDRESS%
              %DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %CONNECTION_ID% %%'
        """);
  }
}
