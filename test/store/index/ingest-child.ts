/** Builds the index of a folder over and over, until somebody ends it: `tsx ingest-child.ts FOLDER [once]`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openIndex } from '../../../src/store/index/trace-index.ts';

const [folder = '', often] = process.argv.slice(2);
const path = join(folder, 'index.db');
const place = { path, journal: join(folder, 'journal'), entriesPerBatch: 50 };
process.stdout.write('at it\n');
for (;;) {
  const index = await openIndex(place);
  await index.catchUp();
  index.close();
  if (often === 'once') break;
  for (const it of ['', '-wal', '-shm', '-seal']) rmSync(`${path}${it}`, { force: true });
}
