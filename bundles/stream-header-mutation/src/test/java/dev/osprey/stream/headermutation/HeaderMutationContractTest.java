package dev.osprey.stream.headermutation;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.StreamFilterContract;

class HeaderMutationContractTest extends StreamFilterContract {
  @Override
  protected StreamFilterFactory factory() {
    return new HeaderMutationFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json(
        """
        {'mutations': {
          'request_mutations': [
            {'append': {'header': {'key': 'x-0', 'value': '%REQ(x-1?:path):5%'}}},
            {'append': {'header': {'key': 'x-1', 'value': 'b'}, 'append_action': 'ADD_IF_ABSENT'}},
            {'append': {'header': {'key': 'x-2', 'value': '%DOWNSTREAM_REMOTE_ADDRESS%'},
                        'append_action': 'OVERWRITE_IF_EXISTS'}},
            {'remove': 'x-3'}],
          'request_trailer_mutations': [{'remove': 'x-1'}],
          'response_mutations': [
            {'append': {'header': {'key': 'x-0', 'value': '%RESPONSE_CODE% %RESP(x-2)%'},
                        'append_action': 'OVERWRITE_IF_EXISTS_OR_ADD'}},
            {'append': {'header': {'key': 'x-4'}, 'keep_empty_value': true}}],
          'response_trailer_mutations': [{'append': {'header': {'key': 'x-9', 'value': '%%'}}}]}}
        """);
  }
}
