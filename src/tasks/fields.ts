/** Reads the fields of YAML maps, and says with their place which are not what they should be. */
import { isMap, isScalar, isSeq, type Node, type ParsedNode, type YAMLMap } from 'yaml';
import type { Place } from './read-yaml.ts';
import type { Flaw } from './task.ts';

type Found = Node | ParsedNode | null | undefined;

export type Fields = {
  readonly flaws: Flaw[];
  readonly doubts: Flaw[];
  refuse(node: Found, message: string, hint?: string): void;
  isEmpty(node: Found): boolean;
  placeIn(node: Found): Place;
  /** What stands behind each known key; a word about the others. */
  keysOf(map: YAMLMap, known: readonly string[], whose: string): Map<string, ParsedNode | null>;
  of(map: YAMLMap, known: readonly string[], whose: string): Own;
};

/** The fields of one map. */
export type Own = {
  refuse(key: string, message: string, hint?: string): void;
  has(key: string): boolean;
  text(key: string): string | undefined;
  word<T extends string>(key: string, among: readonly T[]): T | undefined;
  texts(key: string): string[];
  inner(key: string, known: readonly string[]): Own | undefined;
};

export function openFields(placeOf: (offset: number) => Place): Fields {
  const flaws: Flaw[] = [];
  const doubts: Flaw[] = [];
  const placeIn = (node: Found) => placeOf(node?.range?.[0] ?? 0);
  const say = (to: Flaw[], node: Found, [message, hint]: readonly [string, string?]) =>
    to.push({ ...placeIn(node), message, ...(hint === undefined ? {} : { hint }) });

  function keysOf(map: YAMLMap, known: readonly string[], whose: string) {
    const found = new Map<string, ParsedNode | null>();
    for (const { key, value } of map.items) {
      const name = String((key as { value?: unknown }).value);
      if (known.includes(name)) found.set(name, value as ParsedNode | null);
      else
        say(doubts, key as Node, [
          `${whose} has no ${name}; it is left alone`,
          nearest(name, known),
        ]);
    }
    return found;
  }

  function of(map: YAMLMap, known: readonly string[], whose: string): Own {
    const keys = keysOf(map, known, whose);
    const refuse = (key: string, message: string, hint?: string) =>
      say(flaws, keys.get(key) ?? map, [message, hint]);

    function text(key: string): string | undefined {
      const value = keys.get(key);
      if (isEmpty(value)) return undefined;
      if (isScalar(value) && typeof value.value === 'string') return value.value;
      refuse(key, `${key} is no text`, isScalar(value) ? 'put it in quotes' : 'write one text');
      return undefined;
    }

    return {
      refuse,
      has: (key) => !isEmpty(keys.get(key)),
      text,
      word(key, among) {
        const said = text(key);
        if (said === undefined) return undefined;
        const known = among.find((it) => it === said);
        if (known === undefined)
          refuse(key, `there is no ${key} ${said}`, `there are ${among.join(', ')}`);
        return known;
      },
      texts(key) {
        const value = keys.get(key);
        if (isEmpty(value)) return [];
        if (!isSeq(value)) {
          refuse(key, `${key} is no list`, 'write it in brackets: [one, two]');
          return [];
        }
        return value.items.flatMap((it) => {
          if (isScalar(it) && typeof it.value === 'string') return [it.value];
          say(flaws, it as Node, [`${key} has something that is no text`, 'put it in quotes']);
          return [];
        });
      },
      inner(key, inside) {
        const value = keys.get(key);
        if (isEmpty(value)) return undefined;
        if (isMap(value)) return of(value, inside, key);
        refuse(key, `${key} is not what it should be`, `it has ${inside.join(', ')}`);
        return undefined;
      },
    };
  }

  return {
    flaws,
    doubts,
    refuse: (node, message, hint) => say(flaws, node, [message, hint]),
    isEmpty,
    placeIn,
    keysOf,
    of,
  };
}

function isEmpty(node: Found): boolean {
  return node === undefined || node === null || (isScalar(node) && node.value === null);
}

/** The known key that was perhaps meant: `dependsOn` or `depend_on` for `depends_on`. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const bare = (it: string) => it.toLowerCase().replace(/[^a-rt-z]/g, '');
  const meant = known.find((it) => bare(it) === bare(name));
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}
