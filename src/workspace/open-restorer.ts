/** Carries out restores so that a crash at any moment leaves the way forward: checks, intent, steps, record. */
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { RestoreReport, RestoreStep } from '../snapshot/restore-step.ts';
import { checkRestore, type RestorePlace } from './check-restore.ts';
import { runRestore } from './run-restore.ts';
import { dropFile, syncFolder, writeSynced } from './write-file.ts';

export type Restorer = {
  /** All checks first; what a crash then interrupts is finished by `rollForward`. */
  apply(id: string, steps: readonly RestoreStep[]): RestoreReport;
  /** Finishes what a dead process began. */
  rollForward(): RestoreReport[];
};

export type RestorerPlace = RestorePlace & {
  /** In the state folder: intents, their records, and the trash. */
  readonly folder: string;
  readonly failpoint?: (name: string) => void;
};

type Intent = {
  readonly v: 1;
  readonly id: string;
  readonly root: string;
  readonly steps: readonly RestoreStep[];
};

export function openRestorer(place: RestorerPlace): Restorer {
  const { folder, failpoint = () => {} } = place;
  const trash = join(folder, 'trash');
  mkdirSync(trash, { recursive: true, mode: 0o700 });
  const intentFile = (id: string) => join(folder, `${id}.intent`);

  function run(intent: Intent): RestoreReport {
    const numbers = new Map(intent.steps.map((step, number) => [step, number]));
    const numberOf = (step: RestoreStep) => numbers.get(step) ?? -1;
    const work = { ...place, id: intent.id, trash, numberOf, failpoint };
    const report = runRestore(work, intent.steps);
    failpoint('restore-done');
    renameSync(intentFile(intent.id), join(folder, `${intent.id}.done`));
    syncFolder(folder);
    return report;
  }

  return {
    apply(id, steps) {
      checkRestore(place, steps);
      failpoint('restore-checked');
      const intent: Intent = { v: 1, id, root: place.root, steps };
      const temp = `${intentFile(id)}.tmp`;
      dropFile(temp);
      writeSynced(temp, Buffer.from(JSON.stringify(intent)), 0o600);
      renameSync(temp, intentFile(id));
      syncFolder(folder);
      failpoint('restore-intended');
      return run(intent);
    },
    rollForward() {
      const reports: RestoreReport[] = [];
      for (const name of readdirSync(folder).sort()) {
        if (!name.endsWith('.intent')) continue;
        const intent = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Intent;
        if (intent.root === place.root) reports.push(run(intent));
      }
      return reports;
    },
  };
}
