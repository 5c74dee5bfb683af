/** Writes down that a stale edit was met at a gate, and tells whoever shows such things. */
import type { StaleEditFound } from '../contract/types.gen.ts';
import type { StaleEdit } from '../guard/judge-write.ts';
import type { EditPlaces } from './edit-places.ts';
import type { GatedEdit, GuardPorts } from './stale-guard.ts';

type Found = {
  readonly edit: GatedEdit;
  readonly verdict: StaleEdit;
  readonly is: StaleEditFound['verdict'];
  readonly question?: string;
};

export function noteStaleEdit(
  ports: Pick<GuardPorts, 'write' | 'tell'>,
  places: Pick<EditPlaces, 'placeOf'>,
  { edit, verdict, is, question }: Found,
): void {
  const { session, named, path, gate, wanted } = edit;
  const { seen, found, losses } = verdict;
  const { turn, step } = seen;
  const event: StaleEditFound = {
    type: 'stale-edit-found',
    ...places.placeOf(session, named),
    path,
    gate,
    verdict: is,
    ...(question === undefined ? {} : { question }),
    seen: {
      blob: seen.blob,
      at: seen.at,
      how: seen.how,
      ...(turn === undefined ? {} : { turn }),
      ...(step === undefined ? {} : { step }),
    },
    found: found.blob,
    wanted: wanted.blob,
    lost: losses.lost.map((it) => ({ ...it })),
    revived: losses.revived,
  };
  ports.write({ session, event });
  ports.tell(session, event);
}
