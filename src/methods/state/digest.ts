/** state/digest: what came of a session, for people and for the next session. */
import { Failure } from '../../errors.ts';
import { makeDigest } from '../../layers/make-digest.ts';
import { spellDigest } from '../../layers/spell-digest.ts';
import { writeResume } from '../../layers/write-resume.ts';
import { findStale } from '../../workspace/find-stale.ts';
import { chooseAfterHere } from '../choose-after-here.ts';
import type { Handler } from '../context.ts';
import { countAuthors } from '../count-authors.ts';
import { findSessionHead } from '../find-session-head.ts';
import { openProject } from '../open-project.ts';
import { openShelf } from '../open-shelf.ts';
import { tellLayer } from '../tell-layer.ts';

const usualBytes = 4096;

export const stateDigest: Handler<'state/digest'> = async (context, params) => {
  const { session: asked, resume = false, maxBytes = usualBytes } = params;
  const shelf = openShelf(context);
  const heads = shelf.heads();
  // Whom a new session goes on from depends on the branch; whom a person asks about, on when.
  const after = resume && asked === undefined ? chooseAfterHere(context, heads) : undefined;
  const head = findSessionHead(heads, after?.session ?? asked ?? '@last', after?.branch);
  const kept = shelf.read(head.file);
  if (kept === undefined)
    throw new Failure('unknown-id', `the layer of ${head.session} cannot be read`, {
      data: { id: head.session, file: head.file },
      hint: 'a newer clew may have written it',
    });
  const layer = tellLayer(kept, context);
  const paths = layer.edited.map((it) => it.path);
  const counted = resume ? new Map() : await countAuthors(context, layer.session, paths);
  const digest = makeDigest(layer, counted);
  const answer = { digest, markdown: spellDigest(digest) };
  if (!resume) return answer;
  const project = (await openProject(context)).fold.layer();
  const stale = findStale(context.workspace.root, layer);
  const text = writeResume(
    { digest, after, project, stale, here: context.head() },
    maxBytes,
    (it) => Buffer.byteLength(it),
  );
  return { ...answer, resume: text, stale };
};
