/** What steps said and which files they named, for the rows of the live trace. */
import type { Attachment, Claim, TraceLocation } from '../../contract/types.gen.ts';
import { type AboutStep, contentLimit, partLimit, showLocation } from '../../trace/trace-row.ts';
import type { Database } from './driver.ts';
import { textsPerTurn } from './tables.ts';

type Details = Pick<AboutStep, 'content' | 'isCut' | 'attachments' | 'locations'>;
type Gathered = {
  content: string | undefined;
  isCut: boolean;
  readonly attachments: Attachment[];
  readonly locations: TraceLocation[];
};
type FoundText = [step: string, text: string, cut: number, attached: string | null, part: number];
type FoundClaim = [step: string, path: string, claim: Claim];

const nothing: Details = { content: undefined, isCut: false, attachments: [], locations: [] };

const sql = {
  texts: `SELECT step, substr(text, 1, ${contentLimit}), length(text) > ${contentLimit}, attachments,
      part FROM texts WHERE no >= ? AND no < ? AND step IS NOT NULL
    AND (part <= ${partLimit} OR attachments IS NOT NULL) ORDER BY part, seq`,
  // In one piece, as the claims stand there: SQLite would read and write each one anew.
  claims: `SELECT '[' || coalesce(group_concat('[' || json_quote(step) || ',' || json_quote(path)
      || ',' || claim || ']'), '') || ']'
    FROM (SELECT step, path, claim FROM claims WHERE "turnNo" = ? AND n % 2 = 0
      AND step IS NOT NULL ORDER BY seq, n)`,
} as const;

/** A turn's texts and claims are read once, when its first step asks for them. */
export function openDetails(database: Database): (turnNo: number, step: string) => Details {
  const findTexts = database.prepare(sql.texts).raw();
  const findClaims = database.prepare(sql.claims).pluck();
  const turns = new Map<number, ReadonlyMap<string, Details>>();

  function read(turnNo: number): ReadonlyMap<string, Details> {
    const steps = new Map<string, Gathered>();
    const first = turnNo * textsPerTurn;
    for (const text of findTexts.all(first, first + textsPerTurn) as FoundText[])
      addText(gatheredOf(steps, text[0]), text);
    for (const [step, path, claim] of JSON.parse(findClaims.get(turnNo) as string) as FoundClaim[])
      gatheredOf(steps, step).locations.push(showLocation({ path, claim }));
    turns.set(turnNo, steps);
    return steps;
  }

  return (turnNo, step) => (turns.get(turnNo) ?? read(turnNo)).get(step) ?? nothing;
}

function gatheredOf(steps: Map<string, Gathered>, step: string): Gathered {
  const known = steps.get(step);
  if (known !== undefined) return known;
  const fresh = { content: undefined, isCut: false, attachments: [], locations: [] };
  steps.set(step, fresh);
  return fresh;
}

function addText(own: Gathered, [, text, cut, attached, part]: FoundText): void {
  if (part < partLimit) {
    const whole = (own.content ?? '') + text;
    own.isCut ||= cut === 1 || contentLimit < whole.length;
    own.content = whole.slice(0, contentLimit);
  } else own.isCut = true;
  if (attached !== null) own.attachments.push(...(JSON.parse(attached) as Attachment[]));
}
