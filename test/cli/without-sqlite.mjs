/** Loaded before the program: better-sqlite3 is then as good as not installed. */
import { register } from 'node:module';

const hooks = `
  export async function resolve(name, context, next) {
    if (name === 'better-sqlite3') throw new Error("Cannot find package 'better-sqlite3'");
    return next(name, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
