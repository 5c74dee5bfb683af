/** hooks/status: whether git would tell us when HEAD moves. */
import { judgeHook } from '../../hooking/judge-hook.ts';
import { hookNames, spoolPath } from '../../hooking/layout.ts';
import type { Handler } from '../context.ts';
import { openHooks } from '../open-hooks.ts';

export const hooksStatus: Handler<'hooks/status'> = async (context) => {
  const { layout, git } = openHooks(context);
  const { folder, hooksPath, spool, common } = layout;
  return {
    hooks: hookNames.map((it) => {
      const { hook, route, path, state, isCommitted } = judgeHook(layout, it);
      return { hook, route, path, state, committed: isCommitted };
    }),
    folder: {
      path: folder.path,
      ground: folder.ground,
      ...(hooksPath === undefined ? {} : { named: hooksPath }),
    },
    ...(git === undefined ? {} : { git }),
    spool: {
      path: spoolPath(common),
      present: spool !== undefined,
      unread: spool?.length ?? 0,
    },
    off: context.env['CLEW_OFF'] === '1',
  };
};
