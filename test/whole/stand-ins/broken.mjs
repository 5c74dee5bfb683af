/** Sidecars with one fault each, named by STAND_IN_FAULT: proof that the tests notice. */
import { spawn } from 'node:child_process';
import { Transform } from 'node:stream';

/** A transform over whole lines, newline included; the rest at the end counts as a line. */
function overLines(change) {
  let rest = Buffer.alloc(0);
  return new Transform({
    transform(chunk, _encoding, done) {
      rest = Buffer.concat([rest, chunk]);
      let newline = rest.indexOf(10);
      while (newline >= 0) {
        this.push(change(rest.subarray(0, newline + 1)));
        rest = rest.subarray(newline + 1);
        newline = rest.indexOf(10);
      }
      done();
    },
    flush(done) {
      if (rest.length > 0) this.push(change(rest));
      done();
    },
  });
}
function overChunks(change) {
  return new Transform({ transform: (chunk, _encoding, done) => done(null, change(chunk)) });
}
function again(line) {
  try {
    return `${JSON.stringify(JSON.parse(line.toString()))}\n`;
  } catch {
    return line;
  }
}

let count = 0;
const faults = {
  none: () => overChunks((chunk) => chunk),
  /** Parses and prints again: loses big ids, key forms, escapes, spaces. */
  'prints-again': () => overLines(again),
  /** Decodes each chunk by itself: breaks characters on chunk borders. */
  'decodes-chunks': () => overChunks((chunk) => chunk.toString('utf8')),
  'loses-blank-lines': () => overLines((line) => (line.toString().trim() === '' ? '' : line)),
  'mends-crlf': () => overLines((line) => line.toString('latin1').replace('\r\n', '\n')),
  'loses-last-partial': () => overLines((line) => (line.at(-1) === 10 ? line : '')),
  'adds-newline-at-end': () => overLines((line) => (line.at(-1) === 10 ? line : `${line}\n`)),
  'loses-garbage': () => overLines((line) => (line[0] === 123 ? line : '')),
  'doubles-a-line': () =>
    overLines((line) => {
      count += 1;
      return count === 5 ? Buffer.concat([line, line]) : line;
    }),
  'flips-one-bit': () =>
    overLines((line) => {
      count += 1;
      const copy = Buffer.from(line);
      if (count === 4) copy[copy.length >> 1] ^= 1;
      return copy;
    }),
  /** Parses every line and dies of one that is no JSON. */
  'dies-of-garbage': () =>
    overLines((line) => {
      JSON.parse(line.toString());
      return line;
    }),
};

const fault = process.env.STAND_IN_FAULT ?? process.argv[2];
const args = process.argv.slice(process.argv.indexOf('--') + 1);
const agent = spawn(args[0], args.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(faults[fault]()).pipe(agent.stdin);
agent.stdout.pipe(faults[fault]()).pipe(process.stdout);
agent.stdin.on('error', () => process.exit(1));
agent.on('close', (code) => process.exit(code ?? 143));
