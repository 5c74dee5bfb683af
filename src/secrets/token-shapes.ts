/** Finds tokens that services hand out by their shapes, wherever they stand. */
import type { Hit } from './hit.ts';
import { looksRandom } from './likeness.ts';
import { shapes } from './shapes.ts';

const sourceOf = (common: boolean) =>
  shapes
    .flatMap((it, i) => ((it.common ?? false) === common ? [`(?<s${i}>${it.pattern})`] : []))
    .join('|');

const distinctive = new RegExp(sourceOf(false), 'g');
/** At the edge of a word, after an escape as in JSON (`\n`), or after a terminal's colour code. */
const edge = '(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt])|(?<=\\[[\\d;]{0,8}m))';
const common = new RegExp(`${edge}(?:${sourceOf(true)})`, 'g');

/** How one of them may begin, without the parts that make a match slow. */
const beginning = new RegExp(
  [
    '[a-z][a-z0-9]_|[a-z]{2}-|[a-z]\\d-|e2b_|p8e-|github_pat_|vercel_|AIza|A[KSBCQ][CDIQV][ADNp.]|A[3G]E?-|ATATT|ATCTT|ATBB|GR13|GOCSPX-',
    'LTAI|EAA|ABSK|AAAA|BSA|FwoG|IQoJ|PMAK-|NR[AIJ]|HRKU-|KGAT_|CCIP|CFPAT-|CLOJARS_|FLWSECK|EZ[AT]K|cmVmdGtu|IncomingWebhook',
    'dapi|dose|pat[A-Z0-9]|SK[0-9a-f]{2}|S[UAOC][A-Z2-7]{9}|SG\\.|ya29|1//0|hv[sbr]\\.|dp\\.|AQ\\.|st\\.|sl\\.|sk\\.|[sp]at\\.|v1\\.0|:AA|dt0',
    'NRAL|atlasv1|JQQJ99|Q~|256~|_mmk|msh|oy2|cio|nsec1|[xyz]prv|sk\\w{60}|[MNO].{23,25}\\.|[123]\\w{26}_|-us\\d|==$|[0-9a-f]{32}\\.',
  ].join('|'),
);

/** Of these the end is where no base64 goes on. */
export const endless: ReadonlySet<string> = new Set(
  shapes.filter((it) => it.endless).map((it) => it.reason),
);

/** `text` is short or one long run, so that every pattern reads it once. */
export function findShapes(text: string, offset: number, hits: Hit[]): void {
  if (!beginning.test(text)) return;
  findAll(distinctive, text, offset, hits);
  findAll(common, text, offset, hits);
}

function findAll(pattern: RegExp, text: string, offset: number, hits: Hit[]): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const shape = shapes[indexOfShape(match.groups ?? {})];
    const [token] = match;
    if (shape === undefined || (shape.wordy && !looksRandom(token))) continue;
    const from = offset + match.index;
    hits.push({ from, to: from + token.length, reason: shape.reason });
  }
}

function indexOfShape(groups: Record<string, string | undefined>): number {
  const name = Object.keys(groups).find((it) => groups[it] !== undefined);
  return Number(name?.slice(1));
}
