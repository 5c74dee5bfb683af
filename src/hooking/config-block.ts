/** The marked block in a repository's config that names our scripts, for a git that reads hooks there. */
import { hasBlock, removeBlock } from './block.ts';
import { type HookName, hookNames, scriptPath } from './layout.ts';

/** Which hooks our block names; none when there is no block. */
export function readConfiguredHooks(config: string): HookName[] {
  if (!hasBlock(config)) return [];
  return hookNames.filter((it) => config.includes(`[hook "clew-${it}"]\n\tevent = ${it}\n`));
}

/** At the top, so that whatever the file ends with stays as it is. */
export function withConfigBlock(
  config: string,
  common: string,
  hooks: readonly HookName[],
): string {
  const rest = removeBlock(config);
  const sections = hooks.map((it) => {
    const command = quoteForConfig(quoteForShell(spellBytes(scriptPath(common, it))));
    return `[hook "clew-${it}"]\n\tevent = ${it}\n\tcommand = ${command}\n`;
  });
  return `# --- BEGIN clew v1 ---\n${sections.join('')}# --- END clew ---\n${rest}`;
}

const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const quoteForConfig = (text: string) =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** One character per byte, as all texts here are. */
const spellBytes = (text: string) =>
  encodeURIComponent(text).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
