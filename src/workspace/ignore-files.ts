/** The ignore rules that hold in each folder of a workspace, read when first asked for. */
import { existsSync } from 'node:fs';
import { type IgnoreRules, readIgnoreRules } from '../snapshot/ignore-rules.ts';
import { folderOf, joinPath, type RawPath } from '../snapshot/raw-path.ts';
import { readRulesText } from './read-rules-text.ts';
import { placeOf } from './read-seen.ts';

export type RulesOf = (folder: RawPath) => IgnoreRules | undefined;

/** A file of rules outside the workspace, and the way from the folder it speaks of to the workspace. */
export type OutsideRules = { readonly file: string; readonly lead: RawPath };

/** `excludes`: weakest first (the user's own, `info/exclude`, then the folders above). */
export function openIgnoreFiles(root: string, excludes: readonly OutsideRules[]): RulesOf {
  const known = new Map<RawPath, IgnoreRules | undefined>();
  const outside = readOutsideRules(excludes);
  function rulesOf(folder: RawPath): IgnoreRules | undefined {
    if (known.has(folder)) return known.get(folder);
    // A repository inside the workspace has rules of its own only.
    const nested = folder !== '' && existsSync(placeOf(root, joinPath(folder, '.git')));
    const above = nested || folder === '' ? outside : rulesOf(folderOf(folder));
    const text = readRulesText(placeOf(root, joinPath(folder, '.gitignore')));
    const rules = text === undefined ? above : readIgnoreRules(text, folder, above);
    known.set(folder, rules);
    return rules;
  }
  return rulesOf;
}

/** Those of no tree. */
export function readOutsideRules(excludes: readonly OutsideRules[]): IgnoreRules | undefined {
  let outside: IgnoreRules | undefined;
  for (const { file, lead } of excludes) {
    const text = readRulesText(file);
    if (text !== undefined) outside = readIgnoreRules(text, '', outside, lead);
  }
  return outside;
}
