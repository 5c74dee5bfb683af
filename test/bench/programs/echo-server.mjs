/** The least that a server on vscode-jsonrpc can be: every request is answered with its parameters. */
import { createMessageConnection } from 'vscode-jsonrpc/node';

const connection = createMessageConnection(process.stdin, process.stdout);
connection.onRequest((_method, params) => params);
connection.onNotification('exit', () => process.exit(0));
connection.listen();
