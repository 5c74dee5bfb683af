/** doctor/check: whether everything that clew needs is there and works. */
import { arch } from 'node:os';
import type { DoctorCheck } from '../../contract/types.gen.ts';
import { Failure } from '../../errors.ts';
import { readVersion } from '../../store/clew-version.ts';
import type { Context, Handler } from '../context.ts';
import { examineHooks } from '../examine-hooks.ts';
import { examineState } from '../examine-state.ts';
import { openDriftLook } from '../open-drift-look.ts';
import { workspaceStatus } from '../workspace/status.ts';

type Result = DoctorCheck['result'];
type Finding = Result['findings'][number];

/** As package.json says under `engines`. */
const wanted = [20, 17] as const;

export const doctorCheck: Handler<'doctor/check'> = async (context) => {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = wanted[0] < major || (major === wanted[0] && wanted[1] <= minor);
  const node = { version, wanted: `>=${wanted.join('.')}`, ok };
  const state = await examineState(context);
  const index = await examineIndex(context);
  const hooks = await examineHooks(context);
  const findings: Finding[] = [
    ok
      ? { level: 'fine', about: 'node', text: `Node ${version}` }
      : {
          level: 'bad',
          about: 'node',
          text: `Node ${version} is too old`,
          hint: `clew needs Node ${node.wanted}`,
        },
    ...state.findings,
    ...index.findings,
    ...hooks.findings,
    ...(await examineDrift(context)),
  ];
  const { git, list, bypassed, cost } = hooks;
  return {
    clew: readVersion(),
    ...{ node, platform: `${process.platform} ${arch()}`, state: state.state },
    recorders: index.recorders,
    ...(git === undefined ? {} : { git }),
    ...(list === undefined ? {} : { hooks: list }),
    ...(bypassed === undefined ? {} : { bypassed }),
    ...(cost === undefined ? {} : { cost }),
    findings: findings.sort((a, b) => ranks.indexOf(a.level) - ranks.indexOf(b.level)),
  };
};

const ranks: readonly Finding['level'][] = ['bad', 'odd', 'fine'];

/** What a status says is unavailable is what is wrong. */
async function examineIndex(context: Context) {
  const findings: Finding[] = [];
  const { index, recorders, checkpoints } = await workspaceStatus(context, {});
  if (index.state === 'unavailable')
    findings.push({
      level: 'bad',
      about: 'sqlite',
      text: 'the index cannot be asked',
      ...hintOf(index.hint),
    });
  else if (context.findFolder() !== undefined)
    findings.push({ level: 'fine', about: 'index', text: `the index is ${index.state}` });
  if (checkpoints.state === 'unavailable')
    findings.push({
      level: 'bad',
      about: 'recording',
      text: 'checkpoints cannot be reached',
      ...hintOf(checkpoints.hint),
    });
  const many =
    recorders.length === 1 ? 'one sidecar records' : `${recorders.length} sidecars record`;
  findings.push({
    level: 'fine',
    about: 'recording',
    text: recorders.length === 0 ? 'nobody records here now' : `${many} here now`,
  });
  const told = recorders.map(({ writer, pid, label }) => ({
    ...{ writer, pid },
    ...(label === undefined ? {} : { label }),
  }));
  return { findings, recorders: told };
}

const hintOf = (hint: string | undefined) => (hint === undefined ? {} : { hint });

async function examineDrift(context: Context): Promise<Finding[]> {
  try {
    const { sessions } = await openDriftLook(context);
    const open = sessions.filter((it) => it.open !== undefined).length;
    if (open === 0) return [];
    const text = `${open === 1 ? 'a session has an alert' : `${open} sessions have alerts`}: its ground has moved`;
    return [
      {
        level: 'odd',
        about: 'drift',
        text,
        hint: '`clew drift` tells which, and what can be done',
      },
    ];
  } catch (error) {
    // Without a repository, or without anything recorded, there is no ground to move.
    if (error instanceof Failure) return [];
    throw error;
  }
}
