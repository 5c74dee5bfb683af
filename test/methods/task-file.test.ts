/** The file of tasks when somebody else writes it between our look and our writing. */
import { expect, test } from 'vitest';
import { changeTaskFile } from '../../src/methods/task-file.ts';
import type { Change } from '../../src/tasks/change.ts';
import { openProject, three } from './task/project.ts';

/** Changes t-ccc3333, while somebody else makes the file `theirs` just before it is replaced. */
function changeWhile(theirs: string, change: Change) {
  const project = openProject(three);
  let looks = 0;
  const written = () =>
    changeTaskFile(project.context, 'ccc', change, () => {
      looks += 1;
      if (looks === 1) project.write(theirs);
    });
  return { ...project, written, looks: () => looks };
}

const well = three.replace('title: Ship it', 'title: Ship it well # so');

test('what they changed stays, and ours comes to it', () => {
  const { written, text, looks } = changeWhile(well, {
    set: { status: 'dropped' },
    add: { files: ['a'] },
  });
  expect(written().read.tasks[2]?.task).toMatchObject({ title: 'Ship it well', status: 'dropped' });
  expect(text()).toBe(
    well
      .replace('status: open', 'status: dropped')
      .replace(/\n$/, '\n    evidence:\n      files: [a]\n'),
  );
  expect(looks()).toBe(2);
});

test('what both changed is refused with both sides, and theirs stays', () => {
  const { written, text } = changeWhile(well, { set: { title: 'Ship it soon' } });
  expect(written).toThrow(
    expect.objectContaining({
      code: 'task-conflict',
      message:
        'somebody else made the title of t-ccc3333 Ship it well meanwhile, and you Ship it soon',
      data: expect.objectContaining({
        conflicts: [
          { field: 'title', before: 'Ship it', theirs: 'Ship it well', ours: 'Ship it soon' },
        ],
      }),
    }),
  );
  expect(text()).toBe(well);
});

test('what they took out, they took out', () => {
  const theirs = three.slice(0, three.indexOf('  - id: t-ccc'));
  const { written, text } = changeWhile(theirs, { set: { status: 'done' } });
  expect(written).toThrow(expect.objectContaining({ code: 'task-conflict' }));
  expect(text()).toBe(theirs);
});

test('what they broke is not written over', () => {
  const { written, text } = changeWhile(`${three}  - [`, { set: { status: 'done' } });
  expect(written).toThrow(expect.objectContaining({ code: 'tasks-broken' }));
  expect(text()).toBe(`${three}  - [`);
});

test('a circle that only both together make is refused', () => {
  const theirs = three.replace('title: Write the spool', 'title: x\n    depends_on: [t-ccc3333]');
  const without = theirs.replace('    depends_on: [t-aaa1111]\n', '');
  const { written, text } = changeWhile(without, { add: { dependsOn: ['t-aaa1111'] } });
  expect(written).toThrow(expect.objectContaining({ code: 'task-refused' }));
  expect(text()).toBe(without);
});
