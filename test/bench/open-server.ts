/** A server on JSON-RPC as a process, and a host's end of the connection to it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { clew } from './link.ts';

export type Server = {
  readonly pid: number;
  readonly connection: MessageConnection;
  close(): Promise<void>;
};

type Place = { readonly workspace: string; readonly env: NodeJS.ProcessEnv };

/** `clew serve` on a workspace, or whatever program is given. */
export async function openServer({ workspace, env }: Place, program?: string): Promise<Server> {
  if (!existsSync(clew)) throw new Error(`${clew} is not there: npm run build`);
  const args = program === undefined ? [clew, 'serve', '--stdio', '--workspace', '.'] : [program];
  const child = spawn(process.execPath, args, { cwd: workspace, env, stdio: 'pipe' });
  child.stderr.pipe(process.stderr);
  const connection = createMessageConnection(child.stdout, child.stdin);
  connection.listen();
  await connection.sendRequest('initialize', {});
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  return {
    pid: child.pid ?? -1,
    connection,
    async close() {
      await connection.sendRequest('shutdown', {});
      await connection.sendNotification('exit');
      await ended;
      connection.dispose();
    },
  };
}
