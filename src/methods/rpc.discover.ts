/** rpc.discover: the OpenRPC document of everything that can be asked. */
import type { Handler } from './context.ts';
import { readOpenRpc } from './read-open-rpc.ts';

export const rpcDiscover: Handler<'rpc.discover'> = readOpenRpc;
