// A WebSocket server over HTTP/2 (RFC 8441): "PORT [plain]". Sends every frame back, and beside that
// "pushed 0", "pushed 1", ... until the client closes. With "plain" it offers no extended CONNECT.
// Prints a line for each tunnel that ends in order, and for what is wrong.
'use strict';
const http2 = require('http2');
const [port, plain] = process.argv.slice(2);
const server = http2.createServer(plain ? {} : {settings: {enableConnectProtocol: true}});

server.on('stream', (stream, headers) => {
  stream.on('error', (wrong) => console.log('WRONG ' + wrong.message));
  if (headers[':method'] !== 'CONNECT' || headers[':protocol'] !== 'websocket') {
    stream.respond({':status': 404}, {endStream: true});
    return;
  }
  if (headers['sec-websocket-key'] || headers['upgrade'] || !headers['sec-websocket-version']) {
    console.log('WRONG ' + JSON.stringify(headers));
  }
  stream.respond({':status': 200});
  converse(stream);
});

function converse(stream) {
  let rest = Buffer.alloc(0);
  let inMessage = false;
  let open = true;
  let pushed = 0;
  const push = setInterval(() => {
    if (!inMessage) stream.write(frame(0x81, Buffer.from('pushed ' + pushed++)));
  }, 3);
  stream.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let next = take(); next && open; next = take()) answer(next);
  });
  stream.on('close', () => clearInterval(push));

  function take() {
    if (rest.length < 2) return null;
    let length = rest[1] & 127;
    let at = 2;
    if (length === 126) {
      if (rest.length < 4) return null;
      length = rest.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (rest.length < 10) return null;
      length = Number(rest.readBigUInt64BE(2));
      at = 10;
    }
    if (rest.length < at + 4 + length) return null;
    const mask = rest.subarray(at, at + 4);
    const payload = Buffer.from(rest.subarray(at + 4, at + 4 + length));
    for (let i = 0; i < length; i++) payload[i] ^= mask[i & 3];
    const taken = {first: rest[0], payload};
    rest = rest.subarray(at + 4 + length);
    return taken;
  }

  function answer({first, payload}) {
    if ((first & 8) === 0) inMessage = (first & 0x80) === 0;
    if ((first & 15) === 9) first = 0x8A;
    stream.write(frame(first, payload));
    if ((first & 15) === 8) {
      open = false;
      clearInterval(push);
      stream.end();
      console.log('closed ' + payload.readUInt16BE(0));
    }
  }
}

function frame(first, payload) {
  const length = payload.length;
  const head = length < 126 ? Buffer.from([first, length])
      : length < 65536 ? Buffer.from([first, 126, length >> 8, length & 255])
      : Buffer.concat([Buffer.from([first, 127, 0, 0, 0, 0]), (() => {
        const size = Buffer.alloc(4);
        size.writeUInt32BE(length);
        return size;
      })()]);
  return Buffer.concat([head, payload]);
}

server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
