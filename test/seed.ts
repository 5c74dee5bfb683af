/**
 * Random tests take the same path on every run of the suite, so that a change is judged by what it
 * changed. The soak walks a new path each time; CLEW_SEED walks any path again.
 */
import fc from 'fast-check';

const asked = process.env['CLEW_SEED'];
if (asked !== undefined) fc.configureGlobal({ seed: Number(asked) });
else if (process.env['CLEW_SOAK'] !== '1') fc.configureGlobal({ seed: 20_261_121 });
