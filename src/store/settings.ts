/** What can be set, for a person or for one workspace; the nearer one counts. */
import { join } from 'node:path';
import type { Setting } from '../contract/types.gen.ts';
import { Failure } from '../errors.ts';
import { readJson, type Shape, shapeOf } from '../journal/json.ts';
import { readIfThere, writeWhole } from './whole-file.ts';

export type SettingsPlace = {
  /** The state home. */
  readonly home: string;
  /** The workspace's state folder; undefined where nothing is recorded. */
  readonly folder: string | undefined;
};

type Value = string | number | boolean;
type Known = {
  readonly about: string;
  /** Undefined for what it cannot be. */
  read(text: string): Value | undefined;
  readonly hint: string;
};

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};
const settingsVersion = 1;

const known: Readonly<Record<string, Known>> = {
  'history.max_bytes': {
    about: 'how large the journals and the index of a workspace may become; no limit unless set',
    hint: 'say how many bytes: 500000, 64M, 1G',
    read(text) {
      const [, digits, unit = ''] = /^(\d{1,15})([kmgt]?)b?$/i.exec(text) ?? [];
      return digits === undefined ? undefined : Number(digits) * (units[unit.toLowerCase()] ?? 1);
    },
  },
  resume: {
    about:
      'tell an agent, before the first prompt of a new session, where earlier ones left the work',
    hint: 'say true or false',
    read: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  },
};

const settingKeys: readonly string[] = Object.keys(known);

export function readSettings(place: SettingsPlace): Setting[] {
  const own = readFile(fileOf(place.folder));
  const user = readFile(fileOf(place.home));
  return Object.entries(known).map(([key, { about }]): Setting => {
    if (isValue(own[key])) return { key, value: own[key], from: 'workspace', about };
    if (isValue(user[key])) return { key, value: user[key], from: 'user', about };
    return { key, from: 'default', about };
  });
}

export function readSetting(place: SettingsPlace, key: string): Setting {
  const found = readSettings(place).find((it) => it.key === key);
  if (found !== undefined) return found;
  throw new Failure('invalid-params', `there is no setting ${key}`, {
    data: { method: 'config', field: 'key', key },
    hint: `there are ${settingKeys.join(', ')}`,
  });
}

/** Answers the file that was written. Without a text it is set no longer. */
export function writeSetting(folder: string, key: string, text: string | undefined): string {
  const path = fileOf(folder) ?? '';
  const setting = known[key];
  const value = text === undefined ? undefined : setting?.read(text.trim());
  if (text !== undefined && value === undefined)
    throw new Failure('invalid-params', `${key} cannot be ${text}`, {
      data: { method: 'config/set', field: 'value', key },
      hint: setting?.hint ?? `there are ${settingKeys.join(', ')}`,
    });
  const { [key]: _, v: _v, ...others } = readFile(path);
  const all = { v: settingsVersion, ...others, ...(value === undefined ? {} : { [key]: value }) };
  writeWhole(path, `${JSON.stringify(all, null, 2)}\n`);
  return path;
}

function fileOf(folder: string | undefined): string | undefined {
  return folder === undefined ? undefined : join(folder, 'config.json');
}

function isValue(value: unknown): value is Value {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** One that cannot be read sets nothing: a person who broke it finds it so, and nothing is dropped for it. */
function readFile(path: string | undefined): Shape {
  const text = path === undefined ? undefined : readIfThere(path)?.toString('utf8');
  return shapeOf(text === undefined ? undefined : readJson(text));
}
