/** An agent that writes a flood without reading, and only then reads: `node flooder.mjs OPTIONS`. */
import { openSync, writeSync } from 'node:fs';

/** lines of so many bytes; progress: file for the bytes that the pipe has taken; heard: file for what is read. */
const { lines = 0, bytes = 1_000, progress, heard } = JSON.parse(process.argv[2]);
const progressFile = openSync(progress, 'w');
const heardFile = openSync(heard, 'w');

const update = (text) =>
  `{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"${text}"}}}}\n`;
const frame = update('').length;
let taken = 0;
for (let i = 0; i < lines; i += 1) {
  const line = Buffer.from(update(`line ${i} `.padEnd(bytes - frame, 'water ')));
  let at = 0;
  while (at < line.length) at += put(line.subarray(at));
  taken += line.length;
  if (i % 64 === 0 || i === lines - 1) writeSync(progressFile, String(taken).padEnd(20), 0);
}

/** A blocking write, whether or not somebody made the pipe a non-blocking one. */
function put(part) {
  try {
    return writeSync(1, part);
  } catch (problem) {
    if (problem.code !== 'EAGAIN') throw problem;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}

process.stdin.on('data', (chunk) => writeSync(heardFile, chunk));
process.stdin.on('end', () => process.exit(0));
