/** Plays one side of a script in lockstep: sends its own steps, waits for the other side's, stops at the first wrong byte. */

/** Listens to a stream and compares what comes with what should. */
export function openEar(input, wanted) {
  const heard = [];
  let count = 0;
  let wrongAt = -1;
  let over = false;
  let wake = () => {};
  input.on('data', (chunk) => {
    if (wrongAt < 0) wrongAt = differsAt(chunk, wanted, count);
    heard.push(chunk);
    count += chunk.length;
    wake();
  });
  const end = () => {
    over = true;
    wake();
  };
  input.on('end', end);
  input.on('close', end);
  input.on('error', end);

  /** True when so many bytes have come and all are right; false when that can no longer be. */
  async function hears(bytes) {
    while (count < bytes && wrongAt < 0 && !over) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
    return count >= bytes && wrongAt < 0;
  }
  async function ends() {
    while (!over && wrongAt < 0) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  }
  return { hears, ends, heard: () => Buffer.concat(heard), wrongAt: () => wrongAt };
}

function differsAt(chunk, wanted, at) {
  if (chunk.equals(wanted.subarray(at, at + chunk.length))) return -1;
  for (let i = 0; i < chunk.length; i += 1) {
    if (at + i >= wanted.length || chunk[i] !== wanted[at + i]) return at + i;
  }
  return -1;
}

/** Writes in the given pieces, each in a turn of the event loop of its own, waiting when the pipe is full. */
async function speak(output, bytes, cuts = []) {
  let at = 0;
  for (const cut of cuts) {
    if (at >= bytes.length) return;
    await put(output, bytes.subarray(at, at + cut));
    await new Promise((resolve) => setImmediate(resolve));
    at += cut;
  }
  if (at < bytes.length) await put(output, bytes.subarray(at));
}

async function put(output, bytes) {
  if (output.destroyed || output.write(bytes)) return;
  await new Promise((resolve) => {
    const free = () => {
      for (const event of ['drain', 'close', 'error']) output.off(event, free);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) output.on(event, free);
  });
}

/** What a side has to hear in the whole script. */
export function wantedBy(side, script) {
  const other = side === 'editor' ? 'agent' : 'editor';
  const said = script.steps.filter((step) => step.from === other).map((step) => step.bytes);
  return Buffer.concat([...said, script.tails?.[other] ?? Buffer.alloc(0)]);
}

/** Returns the step at which it got stuck, or -1 when the side has said everything. */
export async function play(side, script, { ear, output }) {
  let due = 0;
  for (const [index, step] of script.steps.entries()) {
    if (step.from === side) await speak(output, step.bytes, step.cuts);
    else {
      due += step.bytes.length;
      if (!(await ear.hears(due))) return index;
    }
  }
  return -1;
}
