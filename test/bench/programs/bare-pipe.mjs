/** What everything is measured against: node between two programs, doing nothing: `node bare-pipe.mjs -- AGENT…`. */
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(process.argv.indexOf('--') + 1);
const agent = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(agent.stdin);
agent.stdout.pipe(process.stdout);
agent.on('close', (code) => process.exit(code ?? 1));
