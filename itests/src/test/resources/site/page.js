// Fetches numbers four at a time and talks over a WebSocket until SWAPS swaps were seen; then
// writes into the document what was found, and lets /last.js come.
(() => {
  const found = { fetched: 0, messages: 0, pushed: 0, problems: [] };
  const versions = [];
  const tell = (id, text) => { document.getElementById(id).textContent = text; };
  const problem = (what) => found.problems.push(String(what));
  const done = () => versions.length > SWAPS;

  async function number(i) {
    const response = await fetch('/number/' + i);
    if (response.status !== 200 || await response.text() !== '' + i) problem('number ' + i);
    return response.headers.get('x-osprey-codec');
  }

  async function numbers() {
    for (let i = 0; !done(); i += 4) {
      const seen = await Promise.all([i, i + 1, i + 2, i + 3].map(number));
      found.fetched += 4;
      if (seen[3] !== versions.at(-1) && seen.every((version) => version === seen[3])) {
        versions.push(seen[3]);
      }
      await new Promise((then) => setTimeout(then, 10));
    }
  }

  async function echo() {
    const response = await fetch('/echo', { method: 'POST', body: new Uint8Array(300000) });
    tell('echo', (await response.arrayBuffer()).byteLength);
  }

  function messages() {
    return new Promise((then) => {
      const socket = new WebSocket('ws://127.0.0.1:CHAT_PORT/');
      socket.onopen = () => socket.send('sent 0');
      socket.onmessage = ({ data }) => {
        if (data.startsWith('pushed ')) {
          if (data !== 'pushed ' + found.pushed) problem('out of order: ' + data);
          found.pushed++;
          return;
        }
        if (data !== 'sent ' + found.messages) problem('out of order: ' + data);
        found.messages++;
        if (done()) socket.close(1000);
        else setTimeout(() => socket.send('sent ' + found.messages), 5);
      };
      socket.onerror = () => problem('WebSocket');
      socket.onclose = ({ code }) => { if (code !== 1000) problem('closed ' + code); then(); };
    });
  }

  function images() {
    const all = [...document.images];
    return Promise.all(all.map((image) => image.decode())).then(() =>
      tell('images', all.filter((image) => image.naturalWidth === 1).length + ' of ' + all.length));
  }

  Promise.all([numbers(), echo(), messages(), images()]).catch(problem).then(() => {
    tell('style', getComputedStyle(document.getElementById('style')).color);
    tell('fetched', found.fetched);
    tell('messages', found.messages);
    tell('pushed', found.pushed);
    tell('versions', versions.join(' '));
    tell('problems', found.problems.length + (found.problems.length ? ': ' + found.problems : ''));
    return fetch('/done', { method: 'POST' });
  });
})();
