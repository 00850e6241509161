// Clients of the ws library, ten of them: node ws-client.js URL. Each keeps eight numbered messages
// under way, every tenth of 100 kB; checks that what returns and what the server sends by itself
// comes whole and in order; prints how many came back, and in the end, which comes when standard input
// ends, one line of JSON.
const { WebSocket } = require('ws');
const CLIENTS = 10, WINDOW = 8;
let ending = false, open = CLIENTS, returned = 0, pushed = 0;
const problems = [];

const message = (i) => 'sent ' + i + (i % 10 === 9 ? ' ' + 'x'.repeat(100000) : '');

function start(name) {
  const socket = new WebSocket(process.argv[2], { perMessageDeflate: name % 2 === 0 });
  let sent = 0, back = 0, seen = 0;
  const problem = (what) => problems.push('client ' + name + ': ' + what);
  const more = () => {
    while (!ending && sent - back < WINDOW) socket.send(message(sent++));
    if (ending && back === sent) socket.close(1000);
  };
  socket.on('open', more);
  socket.on('message', (data) => {
    const text = data.toString();
    if (text.startsWith('pushed ')) {
      if (text !== 'pushed ' + seen) problem('expected pushed ' + seen + ', got ' + text);
      seen++; pushed++;
      return;
    }
    if (text !== message(back)) problem('expected sent ' + back + ', got ' + text.slice(0, 20));
    back++; returned++;
    setTimeout(more, 2);
  });
  socket.on('error', (e) => problem(e.message));
  socket.on('close', (code) => {
    if (code !== 1000 || back !== sent) problem('ended with ' + code + ', ' + (sent - back) + ' lost');
    if (--open === 0) {
      console.log(JSON.stringify({ returned, pushed, problems }));
      process.exit(0);
    }
  });
}

setInterval(() => console.log(returned), 50);
process.stdin.on('end', () => { ending = true; }).resume();
for (let i = 0; i < CLIENTS; i++) start(i);
