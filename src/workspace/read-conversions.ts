/** Whether, and for which paths, git stores other bytes than those on disk: config and attribute files, read without git. */
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type AttributeRules, isTouched, readAttributeRules } from '../snapshot/attribute-rules.ts';
import { type GitConfig, isTrue, readGitConfig } from '../snapshot/git-config.ts';
import { folderOf, type RawPath } from '../snapshot/raw-path.ts';
import type { OutsideRules } from './ignore-files.ts';
import { readRulesText } from './read-rules-text.ts';
import { placeOf } from './read-seen.ts';

export type Conversions =
  | { readonly kind: 'none' }
  | { readonly kind: 'some'; readonly touches: (path: RawPath) => boolean }
  /** Nothing in the index can be believed. */
  | { readonly kind: 'all'; readonly why: string };

export type ConfigPlace = { readonly gitDir: string; readonly commonDir: string };

/** Every config file git would read, weakest first, with what they include. */
export function readUserConfig({ gitDir, commonDir }: ConfigPlace): GitConfig {
  const home = homedir();
  const files = [
    '/etc/gitconfig',
    join(userConfigFolder(), 'git', 'config'),
    join(home, '.gitconfig'),
    join(commonDir, 'config'),
    join(gitDir, 'config.worktree'),
  ];
  const texts: string[] = [];
  for (const file of files) addConfig(file, texts, 0);
  return readGitConfig(texts);
}

/** A path out of a config file, which was read with one character a byte. */
export function expandPath(named: string): string {
  const path = Buffer.from(named, 'latin1').toString('utf8');
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

export function userConfigFolder(): string {
  const { XDG_CONFIG_HOME: named } = process.env;
  return named === undefined || named === '' ? join(homedir(), '.config') : named;
}

function addConfig(file: string, texts: string[], depth: number): void {
  const text = readRulesText(file);
  if (text === undefined || depth > 10) return;
  // A condition is not judged: an include that may hold counts as one that does.
  for (const path of readGitConfig([text]).includes) {
    const whole = expandPath(path);
    addConfig(isAbsolute(whole) ? whole : resolve(dirname(file), whole), texts, depth + 1);
  }
  texts.push(text);
}

export type ConversionPlace = {
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly config: GitConfig;
  /** The way from the work tree to the workspace, '' or with a slash at its end. */
  readonly prefix: RawPath;
  /** Attribute files of the folders between the two. */
  readonly above: readonly OutsideRules[];
};

/** `attributeFiles`: paths of the .gitattributes files that the index or the disk knows. */
export function readConversions(
  { root, commonDir, config, prefix, above }: ConversionPlace,
  attributeFiles: readonly RawPath[],
): Conversions {
  const crlf = config.get('core.autocrlf');
  if (crlf !== undefined && (isTrue(crlf) || crlf.toLowerCase() === 'input')) {
    return { kind: 'all', why: 'core.autocrlf is set' };
  }
  const rules: AttributeRules[] = [];
  const outside = [
    '/etc/gitattributes',
    readAttributesFile(config),
    join(commonDir, 'info', 'attributes'),
  ];
  for (const { file, lead } of [
    ...outside.map((name) => ({ file: name, lead: prefix })),
    ...above,
  ]) {
    const text = readRulesText(file);
    if (text !== undefined) rules.push(readAttributeRules(text, '', lead));
  }
  for (const path of attributeFiles) {
    const text = readRulesText(placeOf(root, path));
    if (text !== undefined) rules.push(readAttributeRules(text, folderOf(path)));
  }
  const touching = rules.filter((rule) => rule.patterns.length > 0);
  if (touching.length === 0) return { kind: 'none' };
  return { kind: 'some', touches: (path) => touching.some((rule) => isTouched(rule, path)) };
}

function readAttributesFile(config: GitConfig): string {
  const named = config.get('core.attributesfile');
  return named === undefined ? join(userConfigFolder(), 'git', 'attributes') : expandPath(named);
}
