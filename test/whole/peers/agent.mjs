/** A small ACP agent that behaves as its one argument, a JSON object, says: `node agent.mjs BEHAVIOUR`. */
import { spawn } from 'node:child_process';
import { appendFileSync, writeSync } from 'node:fs';

/**
 * facts: file for what a test wants to know; onEof: exit code, or 'stay'; onTerm: exit code, or 'stay';
 * dies: { on: METHOD, code | signal, saying, times }; silentOn: methods that get no answer; children: how many
 * processes that ignore TERM; refuses: METHOD that it answers with an error the first time; sessions: their ids; childrenHoldStdout; updates: how many for each prompt; says: before anything.
 */
const behaviour = JSON.parse(process.argv[2] ?? '{}');
const tell = (fact) => behaviour.facts && appendFileSync(behaviour.facts, `${fact}\n`);
const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

tell(`pid ${process.pid}`);
for (let i = 0; i < (behaviour.children ?? 0); i += 1) {
  const child = spawn('sh', ['-c', 'trap "" TERM INT HUP; exec sleep 1000'], {
    stdio: ['ignore', behaviour.childrenHoldStdout ? 'inherit' : 'ignore', 'ignore'],
  });
  child.unref();
  tell(`child ${child.pid}`);
}
process.stdout.on('error', (problem) => tell(`stdout ${problem.code}`));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => {
    tell(`signal ${signal}`);
    if (behaviour.onTerm !== 'stay') process.exit(behaviour.onTerm ?? 0);
  });
}
if (behaviour.says !== undefined) process.stdout.write(behaviour.says);
if (behaviour.leavesAtOnce !== undefined) process.exit(behaviour.leavesAtOnce);

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text) => {
  rest += text;
  const lines = rest.split('\n');
  rest = lines.pop();
  for (const line of lines) hear(line);
});
process.stdin.on('end', () => {
  tell('eof');
  if (behaviour.onEof === 'stay') setInterval(() => {}, 1_000);
  else process.exit(behaviour.onEof ?? 0);
});

function hear(line) {
  const { id, method, params } = JSON.parse(line);
  tell(`heard ${method ?? 'answer'} ${line}`);
  if (method === undefined) return;
  if (behaviour.dies?.on === method) die();
  if (id === undefined || behaviour.silentOn?.includes(method)) return;
  // The id goes back as it was written, which JSON.parse would not keep.
  const raw = /"id":\s*("(?:[^"\\]|\\.)*"|[^,}]+)/.exec(line)[1];
  if (behaviour.refuses === method) {
    behaviour.refuses = undefined;
    return send({ id, error: { code: -32600, message: 'not so' } });
  }
  if (method === 'session/prompt')
    for (let i = 0; i < (behaviour.updates ?? 3); i += 1) sendUpdate(i, params);
  process.stdout.write(
    `{"jsonrpc":"2.0","id":${raw},"result":${JSON.stringify(resultOf(method))}}\n`,
  );
}

function sendUpdate(index, { sessionId, prompt }) {
  const text = `${prompt?.[0]?.text ?? ''} ${index}. `;
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } };
  send({ method: 'session/update', params: { sessionId, update } });
}

function resultOf(method) {
  if (method === 'initialize')
    return {
      protocolVersion: 1,
      agentCapabilities: behaviour.agentCapabilities ?? {},
      agentInfo: { name: 'peer', version: '1' },
    };
  if (method === 'session/new') return { sessionId: behaviour.sessions?.shift() ?? 's1' };
  if (method === 'session/prompt') return { stopReason: 'end_turn' };
  return {};
}

function die() {
  const { code, signal, saying, times = 1 } = behaviour.dies;
  if (saying !== undefined) putAll(Buffer.from(saying.repeat(times)));
  tell('dies');
  if (signal !== undefined) process.kill(process.pid, signal);
  else process.exit(code);
  for (;;);
}

/** What process.stdout still holds when the process exits would be lost. */
function putAll(bytes) {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes.subarray(at));
    } catch (problem) {
      if (problem.code !== 'EAGAIN') throw problem;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
