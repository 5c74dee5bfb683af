/** Draws the tasks as a flowchart in the language of Mermaid: what must come before is on the left. */
import type { Task } from './task.ts';

const shapes = {
  open: ['[', ']'],
  active: ['([', '])'],
  blocked: ['[[', ']]'],
  done: ['[', ']'],
  dropped: ['[', ']'],
} as const;

const looks = [
  'classDef active stroke-width:3px',
  'classDef blocked stroke-dasharray:5 5',
  'classDef done opacity:0.6',
  'classDef dropped opacity:0.4,stroke-dasharray:2 4',
];

export function drawMermaid(tasks: readonly Task[]): string {
  // Ids of people may hold signs that mean something to Mermaid.
  const names = new Map(tasks.map(({ id }, at) => [id, `n${at + 1}`]));
  const nodes = tasks.map(({ id, title, status }) => {
    const [opening, closing] = shapes[status];
    const mark = status === 'done' ? '✓ ' : '';
    const text = spellOut(`${mark}${title}`);
    const look = status === 'open' ? '' : `:::${status}`;
    return `${names.get(id)}${opening}"${text}<br/>${spellOut(id)}"${closing}${look}`;
  });
  const edges = tasks.flatMap(({ id, dependsOn }) =>
    [...new Set(dependsOn)].map((it) => `${names.get(it)} --> ${names.get(id)}`),
  );
  const used = looks.filter((it) =>
    tasks.some(({ status }) => it.startsWith(`classDef ${status} `)),
  );
  return `${['flowchart LR', ...[...nodes, ...edges, ...used].map((it) => `  ${it}`)].join('\n')}\n`;
}

/** Mermaid reads HTML and its own signs in texts; a title is only ever text. */
function spellOut(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(
      /[^\p{L}\p{N}\p{M}\p{Emoji_Presentation} .,:!?/+=✓()-]/gu,
      (it) => `#${it.codePointAt(0)};`,
    );
}
