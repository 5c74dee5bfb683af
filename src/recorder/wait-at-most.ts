/** Waits for work, but not for ever: false when patience ended first, and the work goes on by itself. */
import { stretchWait } from '../wire/stretch-wait.ts';

export async function waitAtMost(ms: number, work: Promise<unknown> | undefined): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), stretchWait(ms));
  });
  try {
    return await Promise.race([Promise.resolve(work).then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
