/** Somebody between the editor and the sidecar, to be killed: `node launcher.mjs inherit|pipe COMMAND…`. */
import { spawn } from 'node:child_process';

const [how, program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: [how, how, 'inherit'] });
if (how === 'pipe') {
  process.stdin.pipe(child.stdin);
  child.stdout.pipe(process.stdout);
}
child.on('exit', (code) => process.exit(code ?? 1));
