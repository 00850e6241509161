// A real HTTP/2 peer: "server PORT" echoes; "client PORT" and "websocket PORT" check through the
// proxy and say OK.
'use strict';
const http2 = require('http2');
const crypto = require('crypto');
const [role, port] = process.argv.slice(2);

function serve() {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const path = headers[':path'];
    if (path === '/reset') {
      stream.respond({':status': 200});
      stream.write('half');
      setTimeout(() => stream.destroy(new Error('cut')), 50);
    } else if (path === '/trailers-only') {
      stream.respond({':status': 200, 'grpc-status': '5'}, {endStream: true});
    } else if (path === '/hang') {
      stream.on('close', () => { server.cancelled = stream.rstCode; });
    } else if (path === '/cancelled') {
      stream.respond({':status': 200});
      stream.end(String(server.cancelled));
    } else {
      echo(stream, headers);
    }
  });
  server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
}

function echo(stream, headers) {
  let trailers = {};
  stream.additionalHeaders({':status': 103, 'link': '</a>'});
  stream.respond({':status': 200, 'cookie-seen': headers.cookie || ''}, {waitForTrailers: true});
  stream.on('trailers', (sent) => { trailers = sent; });
  stream.on('wantTrailers', () => stream.sendTrailers({'sum': trailers.sum || 'none'}));
  stream.pipe(stream);
}

function call(session, path, body, options = {}) {
  return new Promise((resolve, reject) => {
    const stream = session.request(
        {':method': body === null ? 'GET' : 'POST', ':path': path, cookie: ['a=1', 'b=2']},
        {endStream: body === null, waitForTrailers: Boolean(options.sum)});
    const answer = {chunks: [], interim: 0, trailers: {}};
    stream.on('headers', () => answer.interim++);
    stream.on('response', (headers) => { answer.headers = headers; });
    stream.on('trailers', (trailers) => { answer.trailers = trailers; });
    stream.on('data', (chunk) => answer.chunks.push(chunk));
    stream.on('wantTrailers', () => stream.sendTrailers({'sum': options.sum}));
    stream.on('error', () => {});
    stream.on('close', () => {
      answer.code = stream.rstCode;
      answer.body = Buffer.concat(answer.chunks);
      resolve(answer);
    });
    if (body !== null) stream.end(body);
    if (options.cancelAfter) setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), options.cancelAfter);
    setTimeout(() => reject(new Error('no answer on ' + path)), 30000).unref();
  });
}

function check(what, fine) {
  if (!fine) throw new Error(what);
}

async function ask() {
  const session = http2.connect('http://127.0.0.1:' + port);
  let goodbyes = 0;
  session.on('goaway', () => goodbyes++);
  const calls = [];
  for (let i = 0; i < 100; i++) {
    const body = crypto.randomBytes(1000 + i * 700);
    calls.push(call(session, '/echo/' + i, body, {sum: 's' + i}).then((answer) => {
      check('status of ' + i, answer.headers && answer.headers[':status'] === 200);
      check('body of ' + i, answer.body.equals(body));
      check('trailers of ' + i, answer.trailers.sum === 's' + i);
      check('interim head of ' + i, answer.interim === 1);
      check('cookie of ' + i, answer.headers['cookie-seen'] === 'a=1; b=2');
    }));
  }
  await Promise.all(calls);
  const reset = await call(session, '/reset', null);
  check('reset: ' + reset.code, reset.code === http2.constants.NGHTTP2_INTERNAL_ERROR);
  const only = await call(session, '/trailers-only', null);
  check('trailers only', only.headers['grpc-status'] === '5' && only.body.length === 0);
  await call(session, '/hang', null, {cancelAfter: 200});
  await new Promise((resolve) => setTimeout(resolve, 200));
  const cancelled = await call(session, '/cancelled', null);
  check('cancel: ' + cancelled.body, cancelled.body.toString() === '8');
  check('goodbyes', goodbyes === 0);
  session.close();
  console.log('OK');
}

function frame(opcode, payload) {
  const mask = crypto.randomBytes(4);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i & 3]));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]);
}

// Calls with (opcode, payload) of each frame; none is longer than 125 bytes.
function unframe(stream, heard) {
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest[1]) {
      heard(rest[0] & 15, rest.subarray(2, 2 + rest[1]));
      rest = rest.subarray(2 + rest[1]);
    }
  });
}

async function websocket() {
  const session = http2.connect('http://127.0.0.1:' + port);
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  check('the offer', session.remoteSettings.enableConnectProtocol === true);
  const stream = session.request({':method': 'CONNECT', ':protocol': 'websocket',
    ':scheme': 'http', ':path': '/chat', ':authority': 'chat', 'sec-websocket-version': '13'});
  const head = await new Promise((resolve) => stream.once('response', resolve));
  check('the answer', head[':status'] === 200 && !head['sec-websocket-accept']);
  const echoed = [];
  let closed = 0;
  unframe(stream, (opcode, payload) => {
    if (opcode === 8) closed = payload.readUInt16BE(0);
    else if (!payload.toString().startsWith('pushed')) echoed.push(payload.toString());
  });
  const said = [];
  for (let i = 0; i < 400; i++) {
    said.push('message ' + i);
    stream.write(frame(1, Buffer.from(said[i])));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  stream.write(frame(8, Buffer.from([3, 232])));
  await new Promise((resolve) => stream.once('end', resolve));
  stream.end();
  check('the echo', JSON.stringify(echoed) === JSON.stringify(said));
  check('the end: ' + closed, closed === 1000);
  session.close();
  console.log('OK');
}

if (role === 'server') {
  serve();
} else {
  (role === 'websocket' ? websocket() : ask()).catch((wrong) => { console.log('WRONG ' + wrong.message); process.exit(1); });
}
