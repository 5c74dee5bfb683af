/** Catches up and asks again and again, as several commands at once would: `tsx ask-child.ts FOLDER TIMES`. */
import { join } from 'node:path';
import { openIndex } from '../../../src/store/index/trace-index.ts';
import { askAll } from './asking.ts';

const [folder = '', times = '1'] = process.argv.slice(2);
const place = { path: join(folder, 'index.db'), journal: join(folder, 'journal'), lockWaitMs: 5 };
let behind = 0;
for (let n = 0; n < Number(times); n += 1) {
  const index = await openIndex({ ...place, entriesPerBatch: 20 });
  if ((await index.catchUp()).behind) behind += 1;
  await askAll(index);
  if (n % 7 === 3) await index.rebuild();
  index.close();
}
process.stdout.write(JSON.stringify({ behind }));
