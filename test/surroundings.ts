/** What surrounds every test is the same for everybody: nobody's home, nobody's settings, and time enough. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of these, others come from how the tests are run. */
const forClew =
  /^CLEW_(?:HOME|STALE|ANY_FOLDER|COPY_BASE|RESUME|DRIFT_CONTEXT|ACTOR|RUN|\w+_MS|LINE_LIMIT|FAILPOINT)$/;

for (const name of Object.keys(process.env))
  if (/^(?:GIT_|XDG_|FORCE_COLOR$|NO_COLOR$)/.test(name) || forClew.test(name))
    delete process.env[name];

/** What git and clew would read at home is not there. */
process.env['HOME'] = join(tmpdir(), 'clew-test-nobody');
/** A busy machine is no reason to go on without what a test is about; how late is too late, others test. */
process.env['CLEW_PATIENCE'] = '20';
