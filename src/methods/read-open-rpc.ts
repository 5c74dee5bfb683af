/** The OpenRPC document that is generated from schemas/. */
import { readFile } from 'node:fs/promises';
import type { RpcDiscover } from '../contract/types.gen.ts';

/** schemas/ stands beside src/ here and beside dist/ in the published package. */
const place = new URL('../../schemas/openrpc.json', import.meta.url);

export async function readOpenRpc(): Promise<RpcDiscover['result']> {
  return JSON.parse(await readFile(place, 'utf8')) as RpcDiscover['result'];
}
