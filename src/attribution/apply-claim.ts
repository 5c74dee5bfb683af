/** What a text would be if a claim were true. */

/** Texts, not ids. */
export type Claim = {
  readonly before?: string;
  /** Left out: the file goes. */
  readonly after?: string;
  readonly isWhole: boolean;
};

/** Of a text that a claim fits in several places, so many are tried. */
const tryLimit = 16;

/** Undefined where the claim does not fit. `end` is what the text became: it tells which of several places was meant. */
export function applyClaim(text: string, claim: Claim, end: string): string | undefined {
  const { before, after = '' } = claim;
  if (claim.isWhole || (before === undefined && text === '')) return after;
  if (before === undefined || before === '' || before === after) return undefined;
  const places = listPlaces(text, before).filter((at) => !isDone(text, at, claim));
  const [first] = places;
  if (first === undefined) return undefined;
  const exact = places.find((at) => isMade(text, at, { before, after, end }));
  if (exact !== undefined) return end;
  if (places.length > 1) return applyByLines(text, claim, end);
  return text.slice(0, first) + after + text.slice(first + before.length);
}

/** Whether that is the end: found without making a text of that size. */
function isMade(
  text: string,
  at: number,
  { before, after, end }: { readonly before: string; readonly after: string; readonly end: string },
): boolean {
  return (
    end.length === text.length - before.length + after.length &&
    end.startsWith(after, at) &&
    end.slice(0, at) === text.slice(0, at) &&
    end.slice(at + after.length) === text.slice(at + before.length)
  );
}

function listPlaces(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0 && places.length < tryLimit; ) {
    places.push(at);
    at = text.indexOf(part, at + 1);
  }
  return places;
}

/** A claim that only adds to what it found is not true a second time where it is true already. */
function isDone(text: string, at: number, { before = '', after = '' }: Claim): boolean {
  for (let in_ = after.indexOf(before); in_ >= 0; in_ = after.indexOf(before, in_ + 1))
    if (text.startsWith(after, at - in_)) return true;
  return false;
}

/** The place whose lines stand in the end as the claim has them. */
function applyByLines(text: string, { before = '', after = '' }: Claim, end: string) {
  const good = listPlaces(text, before).filter((at) => {
    const lineStart = text.lastIndexOf('\n', text.lastIndexOf('\n', at - 1) - 1) + 1;
    const near = text.slice(Math.max(0, lineStart), at) + after;
    return end.includes(near);
  });
  const [only] = good;
  if (only === undefined || good.length > 1) return undefined;
  return text.slice(0, only) + after + text.slice(only + before.length);
}
