/** The tests that do more in the soak than every day: they say so by importing soak.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const growing = /from '(?:\.\.?\/)+soak\.ts'/;

export function listGrowing(): string[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => growing.test(readFileSync(join(import.meta.dirname, name), 'utf8')))
    .map((name) => join('test', name))
    .sort();
}
