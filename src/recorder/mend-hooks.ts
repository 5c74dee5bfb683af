/** Puts hooks back that a person had installed and that somebody else took out: never in silence, never unasked. */
import type { Event } from '../contract/types.gen.ts';
import { judgeHook } from '../hooking/judge-hook.ts';
import { hookNames } from '../hooking/layout.ts';
import { planInstall } from '../hooking/plan-install.ts';
import { openHookLayout } from '../repo/open-hook-layout.ts';
import { runHookSteps } from '../repo/run-hook-steps.ts';
import { openHookWish } from '../store/hook-wish.ts';
import { locateWorkspace } from '../workspace/locate.ts';

export type MendPorts = {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  write(event: Event): void;
  say(text: string): void;
};

export function mendHooks(root: string, { home, env, write, say }: MendPorts): void {
  const { gitDir, gitCommonDir: commonDir } = locateWorkspace(root);
  if (gitDir === undefined || commonDir === undefined) return;
  const wished = openHookWish(home, commonDir).read();
  if (wished.length === 0) return;
  const { layout } = openHookLayout({ root, gitDir, commonDir, env });
  const gone = hookNames.filter(
    (it) => wished.includes(it) && ['missing', 'shadowed'].includes(judgeHook(layout, it).state),
  );
  if (gone.length === 0) return;
  const named = `${gone.join(', ')} of ${root}`;
  const plan = planInstall(layout, { hooks: gone, inTree: false });
  const isOurs = layout.folder.ground === 'own' && plan.hooks.every((it) => it.outcome === 'added');
  if (!isOurs) {
    say(
      `somebody has taken out clew\u2019s hooks: ${named}; \`clew hooks install\` tells what can be done`,
    );
    return write({ type: 'hooks-mended', hooks: gone, how: 'left' });
  }
  runHookSteps(plan.steps);
  say(
    `somebody had taken out clew\u2019s hooks: ${named}; they are put back, \`clew hooks uninstall\` takes them out for good`,
  );
  write({ type: 'hooks-mended', hooks: gone, how: 'reinstalled' });
}
