/** One of several processes that write into one state store: `writing-child.ts FILE NAME COUNT`. */
import { openStateStore } from '../../../src/store/state/open-state-store.ts';

const [path = '', name = '', count = '0'] = process.argv.slice(2);
const store = await openStateStore(path);
const space = store.space('one', { version: 1 });
for (let n = 0; n < Number(count); n += 1) await space.set(`${name} ${n}`, n);
await store.close();
