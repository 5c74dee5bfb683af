/** file/judge-write: whether a write would lose what somebody else did since its agent saw the file. */
import type { FileJudgeWrite } from '../../contract/types.gen.ts';
import { judgeWrite, type WriteVerdict } from '../../guard/judge-write.ts';
import type { Sighting } from '../../guard/sighting.ts';
import { tellRefusal } from '../../guard/tell-stale.ts';
import { openRedactor } from '../../secrets/redactor.ts';
import type { Calls } from '../../shadow/calls.ts';
import { findMaker } from '../../shadow/find-maker.ts';
import type { Context, Handler } from '../context.ts';
import { nameText } from '../name-text.ts';
import { orderLook } from '../order-look.ts';
import { readContext } from '../read-context.ts';
import { readFound } from '../read-found.ts';
import { relativePath } from '../relative-path.ts';

type Params = FileJudgeWrite['params'];
type Result = FileJudgeWrite['result'];

export const fileJudgeWrite: Handler<'file/judge-write'> = async (context, params) => {
  const path = relativePath(context, params.path);
  const { root } = context.workspace;
  const { policy = 'refuse' } = params;
  const keeper = await context.keeper();
  // What would be written over may have no other copy.
  await keeper.take({ ...orderLook(context), paths: [path] });
  const { session, seen } = await findSeen(context, params, path);
  const found = readFound(root, path);
  if (found === undefined) return { kind: 'pass', why: 'off', path, found: null };
  const wanted = textVersion(params.content);
  const seenText = await readText(keeper, seen?.blob);
  const question = { session, path, seen: seen?.blob ?? null, found: found.blob };
  const maker = await findMaker(keeper, { ...question, wasOnDisk: params.seen !== undefined });
  return tell({
    path,
    seenText,
    redact: openRedactor({ environment: context.env }).text,
    verdict: judgeWrite({ policy, seen, seenText, found, wanted, maker }),
  });
};

async function findSeen(
  context: Context,
  { session: asked, seen }: Params,
  path: string,
): Promise<{ session: string; seen: Sighting | undefined }> {
  if (asked === undefined) return { session: '', seen: seen && sightingOf(context, seen) };
  const { session, files } = await readContext(context, { session: asked, paths: [path] });
  return { session, seen: seen === undefined ? files[0] : sightingOf(context, seen) };
}

function sightingOf(context: Context, { blob, how = 'disk' }: NonNullable<Params['seen']>) {
  return { blob, how, at: context.mint().at };
}

function textVersion(content: string): { blob: string; text: string } {
  const text = Buffer.from(content, 'utf8').toString('latin1');
  return { blob: nameText(text), text };
}

async function readText(
  keeper: Pick<Calls, 'readBlob'>,
  blob: string | null | undefined,
): Promise<string | undefined> {
  const kept = typeof blob === 'string' ? await keeper.readBlob(blob) : null;
  return kept === null ? undefined : Buffer.from(kept, 'base64').toString('latin1');
}

type Judged = {
  readonly path: string;
  readonly verdict: WriteVerdict;
  readonly seenText: string | undefined;
  readonly redact: (text: string) => string;
};

function tell({ path, verdict, seenText, redact }: Judged): Result {
  const { kind, seen, found } = verdict;
  const about = { kind, path, found: found.blob, ...(seen && { seen: plain(seen) }) };
  if (verdict.kind === 'pass') return { ...about, why: verdict.why };
  const { message, data } = tellRefusal(path, verdict, seenText);
  const { diff } = data as { diff?: string };
  const { lost, revived } = verdict.losses;
  return {
    ...about,
    code: 'CONFLICT',
    message,
    ...(diff === undefined ? {} : { diff: redact(Buffer.from(diff, 'latin1').toString('utf8')) }),
    lost: lost.map((it) => ({ ...it })),
    revived,
  };
}

function plain({ blob, at, how, turn, step }: Sighting): NonNullable<Result['seen']> {
  return { blob, at, how, ...(turn && { turn }), ...(step && { step }) };
}
