/** Compares what the client saw with what the agent saw: between them may be nothing but clew. */
import { existsSync, readFileSync } from 'node:fs';

type Side = 'c2a' | 'a2c';

function readLines(path: string, side: Side): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((it) => it !== '')
    .map((it) => JSON.parse(it) as { dir: string; raw: string })
    .filter((it) => it.dir === side)
    .map((it) => it.raw);
}

/** The first difference in each direction. */
export function compareTranscripts(client: string, agent: string): string[] {
  return (['c2a', 'a2c'] as const).flatMap((side) => {
    const [sent, seen] = [readLines(client, side), readLines(agent, side)];
    if (sent.length === 0) return [`no lines ${side} in ${client}`];
    const at = sent.findIndex((line, i) => line !== seen[i]);
    if (at === -1 && sent.length === seen.length) return [];
    const where = at === -1 ? Math.min(sent.length, seen.length) : at;
    return [`line ${where + 1} of ${sent.length} ${side} differs: ${sent[where]?.slice(0, 120)}`];
  });
}
