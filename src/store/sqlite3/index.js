/**
 * Stands in for the package sqlite3, which nobody maintains any more, wherever @keyv/sqlite asks for it: the
 * five calls that it makes, over better-sqlite3. Loaded as a package of its own, so it is plain JavaScript.
 */
/** Answers come later, as the original's do: a caller that holds a promise must never be called back at once. */
function answer(callback, act) {
  let result;
  try {
    result = act();
  } catch (error) {
    setImmediate(callback, error);
    return;
  }
  setImmediate(callback, null, result);
}

class Database {
  #open;

  constructor(path, callback) {
    answer(callback, () => {
      const Driver = require('better-sqlite3');
      this.#open = new Driver(path);
      // Small values, asked for by key: the driver's usual sixteen megabytes would only be held.
      this.#open.pragma('cache_size = -512');
    });
  }

  configure(option, value) {
    if (option === 'busyTimeout') this.#open.pragma(`busy_timeout = ${Number(value)}`);
  }

  all(sql, ...rest) {
    const callback = rest.pop();
    answer(callback, () => {
      const statement = this.#open.prepare(sql);
      const values = rest.flat();
      if (statement.reader) return statement.all(...values);
      statement.run(...values);
      return [];
    });
  }

  run(sql, ...rest) {
    const callback = rest.pop();
    answer(callback, () => {
      this.#open.prepare(sql).run(...rest.flat());
    });
  }

  close(callback) {
    answer(callback, () => this.#open.close());
  }
}

module.exports = { Database };
