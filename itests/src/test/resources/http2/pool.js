// A real HTTP/2 server of few streams: "PORT MODE". What it saw: GET /stats.
//   small   ten streams a connection, each answered after a while
//   goaway  each connection says goodbye after a hundred streams, ten of them not accepted
//   refuse  refuses each path (query included) once, and every other stream of a connection
'use strict';
const http2 = require('http2');
const [port, mode] = process.argv.slice(2);
const seen = {sessions: 0, most: 0, served: 0, refused: 0, goaways: 0, cut: 0};
const once = new Set();
const server = http2.createServer(
    mode === 'small' ? {settings: {maxConcurrentStreams: 10}} : {});

server.on('session', (session) => {
  seen.sessions++;
  session.open = 0;
  session.count = 0;
  session.accepted = Infinity;
  session.answered = 0;
});

server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  if (headers[':path'] === '/stats') {
    stream.respond({':status': 200});
    stream.end(JSON.stringify(seen));
    return;
  }
  const session = stream.session;
  const id = stream.id;
  seen.most = Math.max(seen.most, ++session.open);
  stream.on('close', () => session.open--);
  if (mode === 'refuse' && refuse(stream, headers)) return;
  const body = [];
  stream.on('data', (chunk) => body.push(chunk));
  stream.on('end', () => setTimeout(() => {
    session.answered = Math.max(session.answered, id);
    answer(stream, id <= session.accepted, Buffer.concat(body));
  }, 20));
  if (mode === 'goaway' && ++session.count === 100) {
    seen.goaways++;
    // The last ten, unless they were answered, and all that is on its way, are not accepted.
    session.accepted = Math.max(id - 20, session.answered);
    session.goaway(http2.constants.NGHTTP2_NO_ERROR, session.accepted);
  }
});

function answer(stream, accepted, body) {
  if (stream.destroyed) {
    seen.cut += accepted ? 1 : 0;
    return;
  }
  stream.respond({':status': 200});
  stream.end(body.length > 0 ? body : 'served');
  seen.served++;
}

function refuse(stream, headers) {
  const path = headers[':path'];
  if (once.delete(path)) return false;
  once.add(path);
  seen.refused++;
  stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
  return true;
}

server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
