/** The agent of all benches: answers every request at once, and does more when asked. */

/*
 * `_bench/flood` { lines, bytes, perWrite }, `_bench/steady` { perSecond, seconds, bytes },
 * `_bench/traffic` { bytes } (a mix as agents send it), `_bench/write` { content } (asks the editor to write a file).
 */
const head =
  '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"';
const tail = '"}}}}\n';
const filler = 'water under the bridge and over the stones '.repeat(2_000);

let rest = Buffer.alloc(0);
let asked;
process.stdin.on('data', (chunk) => {
  rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
    hear(rest.toString('utf8', start, end));
    start = end + 1;
  }
  rest = rest.subarray(start);
});
process.stdin.on('end', () => process.exit(0));

function hear(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === undefined) return answer(asked);
  if (method === 'session/new') return answer(id, { sessionId: 's' });
  if (method === 'session/prompt') return answer(id, { stopReason: 'end_turn' });
  if (method === 'initialize') return answer(id, { protocolVersion: 1, agentCapabilities: {} });
  if (method === '_bench/flood') flood(params);
  if (method === '_bench/traffic') traffic(params);
  if (method === '_bench/steady') return steady(params, () => answer(id));
  if (method === '_bench/write') {
    asked = id;
    const write = {
      sessionId: 's',
      path: params.path ?? '/nowhere/file.txt',
      content: params.content,
    };
    return send(
      JSON.stringify({ jsonrpc: '2.0', id: `w${id}`, method: params.method, params: write }),
    );
  }
  answer(id);
}

function answer(id, result = {}) {
  send(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}`);
}
function send(line) {
  process.stdout.write(`${line}\n`);
}
function update(text, bytes) {
  return (
    head +
    text +
    filler.slice(0, Math.max(0, bytes - head.length - tail.length - text.length)) +
    tail
  );
}

function flood({ lines, bytes, perWrite }) {
  let block = '';
  for (let i = 0; i < lines; i += 1) {
    block += update(`#${i} `, bytes);
    if ((i + 1) % perWrite !== 0 && i + 1 < lines) continue;
    process.stdout.write(block);
    block = '';
  }
}

/** So many lines each second, each with the time at which it was sent, as evenly as a timer allows. */
function steady({ perSecond, seconds, bytes }, done) {
  const begin = process.hrtime.bigint();
  const total = perSecond * seconds;
  let sent = 0;
  const tick = () => {
    const due = Math.min(
      total,
      Math.floor((Number(process.hrtime.bigint() - begin) / 1e9) * perSecond),
    );
    for (; sent < due; sent += 1)
      process.stdout.write(update(`@${process.hrtime.bigint()} #${sent} `, bytes));
    if (sent < total) setTimeout(tick, 1);
    else done();
  };
  tick();
}

/** Chunks of messages, tool calls with output, and diffs of whole files. */
function traffic({ bytes, from }) {
  let sent = 0;
  for (let i = 0; sent < bytes; i += 1) {
    const call = `call-${from}-${i}`;
    const block =
      Array.from({ length: 20 }, (_, n) => update(`#${from}-${i}-${n} `, 300)).join('') +
      tool({
        sessionUpdate: 'tool_call',
        toolCallId: call,
        title: 'Read a file',
        kind: 'read',
        status: 'in_progress',
      }) +
      tool({
        sessionUpdate: 'tool_call_update',
        toolCallId: call,
        status: 'completed',
        content: [
          { type: 'content', content: { type: 'text', text: filler.slice(0, 8_000) } },
          {
            type: 'diff',
            path: `/nowhere/${i}.txt`,
            oldText: filler.slice(0, 6_000),
            newText: filler.slice(9, 6_000),
          },
        ],
      });
    process.stdout.write(block);
    sent += block.length;
  }
}
function tool(update) {
  return `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's', update } })}\n`;
}
