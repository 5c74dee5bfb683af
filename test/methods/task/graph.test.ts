/** task/graph: which waits for which, as a picture. */
import { expect, test } from 'vitest';
import { ask } from '../recorded.ts';
import { openProject, three } from './project.ts';

test('what must come before points to what comes after', async () => {
  const { mermaid, tasks } = await ask(openProject(three).context, 'task/graph', {});
  expect(tasks).toHaveLength(3);
  expect(mermaid).toBe(`flowchart LR
  n1["✓ Write the spool<br/>t-aaa1111"]:::done
  n2["Read the spool<br/>t-aab2222"]
  n3["Ship it<br/>t-ccc3333"]
  n1 --> n2
  n2 --> n3
  classDef done opacity:0.6
`);
});

test('a title is only ever text', async () => {
  const title = `"] --> x; click n1 "javascript:1" <img src=x onerror=y> %%{init}%% #35; end`;
  const { context } = openProject(`version: 1\ntasks:\n  - id: end\n    title: '${title}'\n`);
  const { mermaid } = await ask(context, 'task/graph', {});
  const text = mermaid.split('\n')[1] ?? '';
  const inside = text.slice(text.indexOf('"') + 1, text.lastIndexOf('"')).replaceAll('<br/>', '');
  // What is left of signs that mean something are their numbers.
  expect(inside.replace(/#\d+;/g, '')).not.toMatch(/["<>[\]{};%#&|`\\]/);
});
