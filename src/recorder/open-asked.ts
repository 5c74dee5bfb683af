/** Tells of each step that asked for permission when it has its answer: until then it has not begun. */
import type { Event } from '../contract/types.gen.ts';

export type Asked = {
  /** The step that is answered with this event. */
  read(event: Event): string | undefined;
};

const limit = 2_000;

export function openAsked(): Asked {
  /** Open questions, with the steps that they are about. */
  const asking = new Map<string, string>();
  return {
    read(event) {
      if (event.type === 'permission-asked' && event.on !== undefined) {
        asking.set(event.step, event.on);
        const [oldest] = asking.keys();
        if (asking.size > limit && oldest !== undefined) asking.delete(oldest);
      }
      if (event.type !== 'permission-answered') return undefined;
      const step = asking.get(event.step);
      asking.delete(event.step);
      return step;
    },
  };
}
