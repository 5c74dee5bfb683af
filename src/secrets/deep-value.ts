/** Redacts a value as JSON knows it, where the key tells what the value is. */
import { markerStart } from './hit.ts';
import { judgeName, type KeyName } from './key-names.ts';
import { isPossible, looksSecret } from './likeness.ts';

type Redact = (text: string) => string;
type Fields = Readonly<Record<string, unknown>>;

/** Deeper than the reader of the wire lets anything through. */
const deepest = 512;

export function openDeepRedactor(redact: Redact): <T>(value: T) => T {
  const readKey = openKeys(redact);

  /** `open` holds what is being visited, so that a value inside itself ends. */
  function visit(it: unknown, name: KeyName | undefined, open: Set<unknown>): unknown {
    if (typeof it === 'string') return name ? redactNamed(it, name, redact) : redact(it);
    if (it === null || typeof it !== 'object') return it;
    if (open.has(it) || open.size === deepest) return `${markerStart}too-deep]`;
    open.add(it);
    const visited = Array.isArray(it) ? visitItems(it, name, open) : visitFields(it, name, open);
    open.delete(it);
    return visited;
  }

  function visitItems(items: readonly unknown[], name: KeyName | undefined, open: Set<unknown>) {
    const visited = items.map((it, i) => visit(it, name ?? flagBefore(items, i), open));
    return visited.some((it, i) => it !== items[i]) ? visited : items;
  }

  function visitFields(fields: object, name: KeyName | undefined, open: Set<unknown>) {
    const called = pairName(fields as Fields, readKey) ?? name;
    const visited: [string, unknown][] = [];
    let isSame = true;
    for (const key of Object.keys(fields)) {
      const own = readKey(key);
      const it = (fields as Fields)[key];
      const after = visit(it, key === 'value' ? (called ?? own.name) : own.name, open);
      visited.push([own.redacted, after]);
      isSame &&= own.redacted === key && after === it;
    }
    return isSame ? fields : Object.fromEntries(keepApart(visited));
  }

  return <T>(value: T) => visit(value, undefined, new Set()) as T;
}

type ReadKey = (key: string) => Key;
type Key = { readonly name: KeyName | undefined; readonly redacted: string };

const keyLimit = 2000;
const longestKey = 64;

/** The same few keys come again and again; what is found about them is remembered. */
function openKeys(redact: Redact): ReadKey {
  const known = new Map<string, Key>();
  return (key) => {
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const redacted = redact(key);
    const name = redacted.includes(markerStart) ? undefined : judgeName(key);
    const found = { name, redacted };
    if (known.size < keyLimit && key.length < longestKey) known.set(key, found);
    return found;
  };
}

/** Under a telling name even what looks like a word is taken out. */
function redactNamed(text: string, { reason, strength }: KeyName, redact: Redact): string {
  const redacted = redact(text);
  if (!isPossible(redacted)) return redacted;
  const isSecret =
    strength === 'weak'
      ? looksSecret({ value: redacted, strength, place: 'quoted' })
      : 4 <= redacted.length;
  return isSecret ? `${markerStart}${reason}]` : redacted;
}

/** `{ name: 'API_KEY', value: '…' }`: how ACP and others list variables and headers. */
function pairName(fields: Fields, readKey: ReadKey): KeyName | undefined {
  if (typeof fields['value'] !== 'string') return undefined;
  const name = fields['name'] ?? fields['key'];
  return typeof name === 'string' ? readKey(name).name : undefined;
}

/** `['--token', '…']`: a command line. */
function flagBefore(items: readonly unknown[], at: number): KeyName | undefined {
  const flag = items[at - 1];
  return typeof flag === 'string' && /^--?[A-Za-z][\w-]*$/.test(flag) ? judgeName(flag) : undefined;
}

/** Two names may have become one; the second gets a number. */
function keepApart(fields: readonly [string, unknown][]): [string, unknown][] {
  const taken = new Map<string, number>();
  return fields.map(([key, value]) => {
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    return [count === 1 ? key : `${key} (${count})`, value];
  });
}
