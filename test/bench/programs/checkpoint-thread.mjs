/** The engine in a thread of its own, as the program has it: what the main thread feels of it, and the memory of both: `node checkpoint-thread.mjs DIST ROOT STATE PATHS…`. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

async function work({ dist, root, state, paths }) {
  const load = (name) => import(pathToFileURL(join(dist, name)).href);
  const { openWorkspace } = await load('workspace/open-workspace.js');
  const { openRestorer } = await load('workspace/open-restorer.js');
  const { openShadow } = await load('shadow/open-shadow.js');
  const workspace = openWorkspace({ root, gitDir: join(root, '.git') });
  const openRest = (place) => openRestorer({ root, ...place });
  const shadow = openShadow({ stateFolder: state, workspace, openRestorer: openRest });
  let count = 0;
  const order = (rest) => {
    count += 1;
    return { id: `01THREAD${String(count).padStart(18, '0')}`, at: Date.now(), ...rest };
  };
  const first = shadow.take(order());
  for (let round = 0; round < 5; round += 1) {
    for (const path of paths) appendFileSync(join(root, path), `// ${round}\n`);
    shadow.take(order({ paths }));
    shadow.take(order());
  }
  const safety = order();
  const plan = shadow.plan(safety, first.id);
  await shadow.apply(safety.id, plan.steps);
  shadow.close();
  await workspace.close();
}

if (isMainThread) {
  const [dist, root, state, ...paths] = process.argv.slice(2);
  const url = new URL(import.meta.url);
  let longestMs = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last - 1);
    last = now;
  }, 1);
  // The start of a thread is paid once, before anything is taken.
  const worker = new Worker(url, { workerData: { dist, root, state, paths } });
  worker.once('message', () => {
    longestMs = 0;
  });
  worker.once('exit', (code) => {
    clearInterval(beat);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(`${JSON.stringify({ longestMs, peakMb })}\n`);
    process.exitCode = code;
  });
} else {
  parentPort.postMessage('started');
  await work(workerData);
}
