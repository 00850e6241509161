// A WebSocket server of the ws library: sends every message back, and numbered ones of its own.
// Prints its port, then for every connection the code that ended it (1000 is an orderly end).
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true });
server.on('listening', () => console.log('port ' + server.address().port));
server.on('connection', (socket) => {
  let pushed = 0;
  const pushing = setInterval(() => socket.send('pushed ' + pushed++), 3);
  socket.on('message', (data, binary) => socket.send(data, { binary }));
  socket.on('close', (code) => { clearInterval(pushing); console.log('closed ' + code); });
  socket.on('error', (problem) => console.log('problem ' + problem.message));
});
