/** config/get: what is set, for this workspace or for its person. */
import { readSetting, readSettings } from '../../store/settings.ts';
import type { Handler } from '../context.ts';

export const configGet: Handler<'config/get'> = async (context, { key }) => {
  const place = { home: context.home, folder: context.findFolder()?.path };
  return { settings: key === undefined ? readSettings(place) : [readSetting(place, key)] };
};
