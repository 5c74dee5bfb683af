/** config/set: sets something for this workspace or for its person, or takes it back. */
import { readSetting, writeSetting } from '../../store/settings.ts';
import type { Handler } from '../context.ts';

export const configSet: Handler<'config/set'> = async (context, { key, value, user = false }) => {
  const { home } = context;
  // First, so that a name that is none makes no folder.
  readSetting({ home, folder: undefined }, key);
  const file = writeSetting(user ? home : context.makeFolder().path, key, value);
  return { setting: readSetting({ home, folder: context.findFolder()?.path }, key), file };
};
