/** Adds lines to a file that others add to at the same time. */
import { readSeenFile, swapFile } from '../../src/workspace/swap-file.ts';

const [path = '', name = '', count = '0'] = process.argv.slice(2);
for (let n = 0; n < Number(count); ) {
  const seen = readSeenFile(path);
  const before = seen?.bytes ?? Buffer.alloc(0);
  if (swapFile(path, seen, Buffer.concat([before, Buffer.from(`${name}${n}\n`)]))) n += 1;
}
