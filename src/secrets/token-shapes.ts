/** The shapes of tokens that services hand out: known by their beginnings, wherever they stand. */
import type { Hit } from './hit.ts';
import { looksRandom } from './likeness.ts';

type Shape = {
  readonly reason: string;
  readonly pattern: string;
  /** So short a beginning that it must not stand inside a word. */
  readonly common?: boolean;
  /** Words begin like this too, so the rest must look random. */
  readonly wordy?: boolean;
};

const body = (shortest: number) => `[A-Za-z0-9]{${shortest},}`;
const open = (shortest: number) => `[A-Za-z0-9_-]{${shortest},}`;
const hex = (length: number) => `[0-9a-fA-F]{${length}}`;

const shapes: readonly Shape[] = [
  { reason: 'github-token', pattern: `gh[pousr]_${body(30)}|github_pat_[A-Za-z0-9_]{22,}` },
  {
    reason: 'gitlab-token',
    pattern: `gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-${open(20)}|GR1348941${open(20)}`,
  },
  { reason: 'anthropic-key', pattern: `sk-ant-${open(20)}` },
  { reason: 'openai-key', pattern: `sk-(?:proj|svcacct|admin|None)-${open(20)}` },
  { reason: 'google-key', pattern: `AIza${open(35)}|GOCSPX-${open(20)}` },
  { reason: 'slack-token', pattern: `xox[abeoprs]-${open(10)}|xapp-\\d-${open(20)}` },
  { reason: 'stripe-key', pattern: `[sr]k_(?:live|test)_${body(10)}|whsec_${body(24)}` },
  { reason: 'npm-token', pattern: `npm_${body(30)}` },
  { reason: 'pypi-token', pattern: `pypi-AgE${open(30)}` },
  { reason: 'hugging-face-token', pattern: `hf_${body(30)}|api_org_${body(30)}` },
  { reason: 'digitalocean-token', pattern: `do[opr]_v1_${hex(64)}` },
  { reason: 'shopify-token', pattern: `shp(?:at|ca|pa|ss)_${hex(32)}` },
  { reason: 'linear-key', pattern: `lin_(?:api|oauth)_${body(30)}` },
  { reason: 'docker-token', pattern: `dckr_(?:pat|oat)_${open(20)}` },
  { reason: 'sentry-token', pattern: `sntry[su]_${open(30)}` },
  { reason: 'rubygems-key', pattern: `rubygems_${hex(48)}` },
  { reason: 'groq-key', pattern: `gsk_${body(40)}` },
  { reason: 'perplexity-key', pattern: `pplx-${body(40)}` },
  { reason: 'xai-key', pattern: `xai-${body(60)}` },
  { reason: 'replicate-token', pattern: `r8_${body(36)}` },
  { reason: 'figma-token', pattern: `figd_${open(36)}` },
  { reason: 'supabase-key', pattern: `sbp_${hex(40)}|sb_secret_${open(20)}` },
  { reason: 'postman-key', pattern: `PMAK-${hex(24)}-${hex(34)}` },
  { reason: 'grafana-token', pattern: `gl(?:c|sa)_${open(32)}` },
  { reason: 'atlassian-token', pattern: `ATATT3x${open(100)}|ATBB${body(28)}` },
  { reason: 'airtable-token', pattern: `pat[A-Za-z0-9]{14}\\.[0-9a-f]{40,64}` },
  { reason: 'sendgrid-key', pattern: `SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}` },
  { reason: 'google-token', pattern: `ya29\\.${open(20)}|1//0${open(30)}` },
  { reason: 'vault-token', pattern: `hv[sbr]\\.${open(24)}` },
  { reason: 'doppler-token', pattern: `dp\\.(?:pt|st|ct|sa|scim)\\.${body(30)}` },
  { reason: 'telegram-token', pattern: `\\d{8,10}:AA${open(33)}` },
  { reason: 'notion-token', pattern: `ntn_${body(40)}|secret_[A-Za-z0-9]{43}` },
  { reason: 'age-key', pattern: 'AGE-SECRET-KEY-1[A-Z0-9]{58}' },
  { reason: 'aws-key', pattern: 'A(?:KI|SI|BI|CC)A[A-Z0-9]{16}(?![A-Za-z0-9])', common: true },
  { reason: 'openai-key', pattern: `sk-${open(20)}`, common: true, wordy: true },
  { reason: 'databricks-token', pattern: `dapi${hex(32)}`, common: true },
  { reason: 'twilio-key', pattern: `SK[0-9a-f]{32}(?![A-Za-z0-9])`, common: true },
];

const sourceOf = (common: boolean) =>
  shapes
    .flatMap((it, i) => ((it.common ?? false) === common ? [`(?<s${i}>${it.pattern})`] : []))
    .join('|');

const distinctive = new RegExp(sourceOf(false), 'g');
/** At the edge of a word, after an escape as in JSON (`\n`), or after a terminal's colour code. */
const edge = '(?:(?<![A-Za-z0-9])|(?<=\\\\[bfnrt])|(?<=\\[[\\d;]{0,8}m))';
const common = new RegExp(`${edge}(?:${sourceOf(true)})`, 'g');

/** How one of them may begin, without the parts that make a match slow. */
const beginning =
  /[a-z][a-z0-9]_|github_pat_|gl[a-z]{2,4}-|sk-|pypi-|xox[a-z]-|xapp-|pplx-|xai-|PMAK-|GOCSPX-|AIza|A[KSBC][IC]A|AGE-|ATATT|ATBB|GR13|dapi|pat[A-Z0-9]|SK[0-9a-f]{2}|SG\.|ya29|1\/\/0|hv[sbr]\.|dp\.|:AA/;

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
