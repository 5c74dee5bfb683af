/** Whether git is there, and whether its hooks would tell us, and have told us, when HEAD moves. */
import type { DoctorCheck } from '../contract/types.gen.ts';
import type { RepoEvent } from '../drift/fold-moves.ts';
import { Failure } from '../errors.ts';
import { judgeHook } from '../hooking/judge-hook.ts';
import { hookNames } from '../hooking/layout.ts';
import { type HookCost, measureHook } from '../repo/measure-hook.ts';
import type { Told } from '../repo/open-moves.ts';
import type { HookLayout } from '../repo/read-hook-layout.ts';
import { canReadRefs } from '../repo/read-table-stack.ts';
import type { Context } from './context.ts';
import { openHooks } from './open-hooks.ts';
import { tellMoves } from './tell-moves.ts';

type Result = DoctorCheck['result'];
type Finding = Result['findings'][number];
type Hook = NonNullable<Result['hooks']>[number];

export type HooksExam = {
  readonly findings: readonly Finding[];
  readonly git?: string;
  readonly list?: Hook[];
  readonly bypassed?: number;
  readonly cost?: HookCost;
};

/** Usually, beside what a shell takes anyway: past that a person would notice. The rare worst is the machine’s. */
const costLimitMs = 25;

export async function examineHooks(context: Context): Promise<HooksExam> {
  const { gitCommonDir } = context.workspace;
  if (gitCommonDir === undefined)
    return {
      findings: [
        {
          level: 'fine',
          about: 'repository',
          text: 'this is no git repository: nothing of git is needed',
        },
      ],
    };
  try {
    const { layout, git } = openHooks(context);
    const told = (await tellMoves(context))?.told();
    return examine(context, layout, git, told);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, hint } = error;
    return { findings: [{ level: 'bad', about: 'hooks', text: message, ...(hint && { hint }) }] };
  }
}

function examine(
  context: Context,
  layout: HookLayout,
  git: string | undefined,
  told: Told | undefined,
): HooksExam {
  const list = hookNames.map((it) => showHook(layout, it, told));
  const isWanted = layout.spool !== undefined;
  const isHeard = told !== undefined && 0 < Object.keys(told.heard).length;
  const bypassed = isWanted && isHeard ? countBypassed(told) : undefined;
  const cost = measureHook();
  return {
    findings: [
      examineGit(git),
      ...examineRefs(layout.common),
      ...(isWanted ? examineInstalled(list, bypassed, context) : [notInstalled]),
      ...examineCost(cost),
    ],
    list,
    ...(git === undefined ? {} : { git }),
    ...(bypassed === undefined ? {} : { bypassed }),
    ...(cost === undefined ? {} : { cost }),
  };
}

function showHook(layout: HookLayout, name: Hook['hook'], told: Told | undefined): Hook {
  const { hook, route, path, state } = judgeHook(layout, name);
  const { hooksPath } = layout;
  const heard = told?.heard[name];
  return {
    ...{ hook, route, path, state },
    ...(state === 'shadowed' && hooksPath !== undefined ? { shadowedBy: hooksPath.file } : {}),
    ...(heard === undefined || told === undefined ? {} : { movesSince: told.count - heard }),
  };
}

const notInstalled: Finding = {
  ...{
    level: 'fine',
    about: 'hooks',
    text: 'hooks are not installed: moves of HEAD are seen, but not who made them',
  },
  hint: '`clew hooks install` puts them in',
};

function examineInstalled(
  list: readonly Hook[],
  bypassed: number | undefined,
  { env }: Context,
): Finding[] {
  const findings: Finding[] = [];
  const silent = list.filter((it) => it.state !== 'installed' && it.state !== 'outdated');
  for (const { hook, state, path, shadowedBy } of silent) {
    const why = shadowedBy === undefined ? '' : `, by core.hooksPath in ${shadowedBy}`;
    const text = `${hook} is ${state}${why}: ${path}`;
    findings.push({
      level: 'bad',
      about: 'hooks',
      text,
      hint: '`clew hooks install` puts it right, or says what you must do',
    });
  }
  if (env['CLEW_OFF'] === '1')
    findings.push({
      level: 'odd',
      about: 'hooks',
      text: 'CLEW_OFF=1 is set here: hooks are silent',
    });
  if (bypassed !== undefined && 0 < bypassed) {
    const many = bypassed === 1 ? '1 HEAD move' : `${bypassed} HEAD moves`;
    const hint = 'another git configuration, CLEW_OFF, or a tool that does not run hooks';
    findings.push({
      level: 'odd',
      about: 'hooks',
      text: `${many} since the last hook: hooks are bypassed`,
      hint,
    });
  }
  if (findings.length === 0) {
    const heard = bypassed === undefined ? '; none was heard yet' : '';
    findings.push({ level: 'fine', about: 'hooks', text: `all four hooks are installed${heard}` });
  }
  return findings;
}

/** For these git runs one of our hooks. */
const hooked: ReadonlySet<string> = new Set([
  ...['commit', 'amend', 'merge', 'pull', 'rebase', 'cherry-pick', 'revert', 'checkout', 'bisect'],
]);

/** Since the last that a hook told of, as far back as is known. */
function countBypassed({ recent }: Told): number {
  const isMove = (it: RepoEvent) => it.type === 'head-moved' && hooked.has(it.cause);
  const moves = recent.filter(isMove);
  return moves.length - 1 - moves.findLastIndex((it) => it.type === 'head-moved' && it.heard);
}

function examineGit(git: string | undefined): Finding {
  if (git !== undefined) return { level: 'fine', about: 'git', text: `git ${git}` };
  return { level: 'fine', about: 'git', text: 'git is not on PATH: clew itself does not need it' };
}

function examineRefs(commonDir: string): Finding[] {
  if (canReadRefs(commonDir)) return [];
  const text =
    'this repository keeps its refs in reftables that cannot be read: moves of HEAD are not seen';
  return [{ level: 'odd', about: 'repository', text }];
}

function examineCost(cost: HookCost | undefined): Finding[] {
  if (cost === undefined)
    return [
      {
        level: 'odd',
        about: 'hooks',
        text: 'there is no /bin/sh: hooks would not run as they should',
      },
    ];
  const { p50Ms, p95Ms, emptyP50Ms } = cost;
  const text = `a hook takes ${p50Ms} ms, p95 ${p95Ms} ms (a shell that does nothing: ${emptyP50Ms} ms)`;
  return [{ level: p50Ms - emptyP50Ms <= costLimitMs ? 'fine' : 'odd', about: 'hooks', text }];
}
