/** The marked block in a hook: how it is put in, found, and taken out so that nothing else changes. */

/** Any version's, so that a newer clew takes out what an older one put in. */
const block = /^# --- BEGIN clew v\d+ ---\n(?:.*\n)*?# --- END clew ---\n/m;
const wholeLine = '# This whole file is from clew.\n';
const shebang = '#!/bin/sh\n';

export function hasBlock(text: string): boolean {
  return block.test(text);
}

/** The block as it goes into somebody else's file. */
export function blockOf(template: string): string {
  return (block.exec(template)?.[0] ?? '').replace(wholeLine, '');
}

/**
 * At the top: there it runs whatever the rest does (an `exec`, an early `exit`), and what the rest
 * ends with is what the hook ends with.
 */
export function addBlock(text: string, template: string): string {
  const head = /^#!.*\n/.exec(text)?.[0] ?? '';
  return head + blockOf(template) + text.slice(head.length);
}

export function removeBlock(text: string): string {
  return text.replace(block, '');
}

/** A file of ours as it stands, whatever the version; undefined for one that is somebody else's. */
export function isWhollyOurs(text: string): boolean {
  return text.includes(wholeLine) && removeBlock(text) === shebang;
}

/** With this version's block in the place of the one that is there. */
export function renewBlock(text: string, template: string): string {
  const old = block.exec(text)?.[0] ?? '';
  if (!old.includes(wholeLine)) return text.replace(block, () => blockOf(template));
  const fresh = old.includes(handOver) ? dispatcherOf(template) : template;
  return text.replace(block, () => block.exec(fresh)?.[0] ?? '');
}

/** Runs what stood in its place before, in its own process: so its exit code stays. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
const kept = '"${0%/*}/clew-kept/${0##*/}"';
const handOver = `test -x ${kept} && exec ${kept} "$@"\nexit 0\n`;
const end = '# --- END clew ---\n';

/** For a hook that no block can be written into: it is put aside, and this stands in its place. */
export function dispatcherOf(template: string): string {
  return template.replace(end, () => handOver + end);
}
