/** A bare Node pipe with the sidecar's command line: what the sidecar is measured against, and proof that the tests can pass. */
import { spawn } from 'node:child_process';

const args = process.argv.slice(process.argv.indexOf('--') + 1);
const agent = spawn(args[0], args.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(agent.stdin);
agent.stdout.pipe(process.stdout);
agent.stdin.on('error', () => {});
agent.on('close', (code, signal) => {
  process.exit(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15));
});
