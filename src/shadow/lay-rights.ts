/** Lays down the rights of a table's rows as a record: what is usual, and whoever has others, folder by folder. */
import { readFolderPath, readName } from '../snapshot/find-rows.ts';
import { joinPath } from '../snapshot/raw-path.ts';
import { noteRights, spellRights, writeRights } from '../snapshot/rights.ts';
import { type Columns, kinds, type Table, type UsualRights } from '../snapshot/table.ts';

/** Only folders where something changed are gone over again. */
export function layRights(table: Table): Buffer {
  const { columns } = table;
  const known = table.rightsUsual;
  const usual = known === undefined || isOpen(known) ? findUsual(table) : known;
  if (known === undefined || !isSame(known, usual)) columns.folderRightsStale.fill(1);
  table.rightsUsual = usual;
  for (let folder = 0; folder < table.folders; folder += 1) {
    if (columns.folderRightsStale[folder] === 0 || columns.folderParent[folder] === -2) continue;
    columns.folderRightsStale[folder] = 0;
    const notes = noteFolder(table, folder, usual);
    if (notes.length === 0) table.rightsNotes.delete(folder);
    else table.rightsNotes.set(folder, notes.join('\0'));
  }
  return Buffer.from(writeRights(usual, [...table.rightsNotes.values()].sort()), 'latin1');
}

/** Begun before all was looked at. */
function isOpen({ file, program, folder }: UsualRights): boolean {
  return file === 0 || program === 0 || folder === 0;
}

function isSame(one: UsualRights, other: UsualRights): boolean {
  return one.file === other.file && one.program === other.program && one.folder === other.folder;
}

function findUsual(table: Table): UsualRights {
  const { columns } = table;
  const [files, programs, folders] = [
    new Uint32Array(limit),
    new Uint32Array(limit),
    new Uint32Array(limit),
  ];
  const { kind, rights } = columns;
  // Rows that a folder left behind are counted too: what is usual need only be so mostly.
  for (let row = 0; row < table.rows; row += 1) {
    if (kind[row] !== kinds.file && kind[row] !== kinds.program) continue;
    const counts = kind[row] === kinds.file ? files : programs;
    counts[rights[row] ?? 0] = (counts[rights[row] ?? 0] ?? 0) + 1;
  }
  for (let folder = 1; folder < table.folders; folder += 1) {
    if (columns.folderParent[folder] === -2) continue;
    const own = columns.folderRights[folder] ?? 0;
    folders[own] = (folders[own] ?? 0) + 1;
  }
  return {
    file: findMost(files) ?? noteRights(0o644),
    program: findMost(programs) ?? noteRights(0o755),
    folder: findMost(folders) ?? noteRights(0o755),
  };
}

const limit = noteRights(0o7777) + 1;

function findMost(counts: Uint32Array): number | undefined {
  let most = -1;
  for (let rights = 0; rights < counts.length; rights += 1)
    if ((counts[rights] ?? 0) > (most < 0 ? 0 : (counts[most] ?? 0))) most = rights;
  return most < 0 ? undefined : most;
}

function noteFolder(table: Table, folder: number, usual: UsualRights): string[] {
  const { columns } = table;
  const notes: string[] = [];
  if (isPlain(columns, folder, usual)) return notes;
  const own = columns.folderRights[folder] ?? 0;
  const files = listOdd(table, folder, kinds.file, usual.file);
  const programs = listOdd(table, folder, kinds.program, usual.program);
  const isOdd = folder !== 0 && own !== usual.folder;
  if (!isOdd && files.length + programs.length === 0) return notes;
  const path = readFolderPath(columns, folder);
  if (isOdd) notes.push(`d${spellRights(own)} ${path}`);
  for (const [letter, kind, odd, most] of [
    ['f', kinds.file, files, usual.file],
    ['x', kinds.program, programs, usual.program],
  ] as const) {
    if (odd.length === 0) continue;
    const here = findMostHere(table, folder, kind) ?? most;
    if (here !== most) notes.push(`${letter}${spellRights(here)} ${path}`);
    for (const row of here === most ? odd : listOdd(table, folder, kind, here))
      notes.push(
        `=${spellRights(columns.rights[row] ?? 0)} ${joinPath(path, readName(columns, row))}`,
      );
  }
  return notes;
}

/** The usual case, told without making anything. */
function isPlain(columns: Columns, folder: number, usual: UsualRights): boolean {
  const { kind, rights, folderFirst, folderCount, folderRights } = columns;
  if (folder !== 0 && folderRights[folder] !== usual.folder) return false;
  const first = folderFirst[folder] ?? 0;
  const end = first + (folderCount[folder] ?? 0);
  for (let row = first; row < end; row += 1) {
    if (kind[row] === kinds.file && rights[row] !== usual.file) return false;
    if (kind[row] === kinds.program && rights[row] !== usual.program) return false;
  }
  return true;
}

function listOdd({ columns }: Table, folder: number, kind: number, usual: number): number[] {
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  const odd: number[] = [];
  for (let row = first; row < end; row += 1)
    if (columns.kind[row] === kind && columns.rights[row] !== usual) odd.push(row);
  return odd;
}

/** Where many in one folder have the same, one note is enough for them. */
function findMostHere({ columns }: Table, folder: number, kind: number): number | undefined {
  const first = columns.folderFirst[folder] ?? 0;
  const end = first + (columns.folderCount[folder] ?? 0);
  const counts = new Map<number, number>();
  let most: number | undefined;
  for (let row = first; row < end; row += 1) {
    if (columns.kind[row] !== kind) continue;
    const rights = columns.rights[row] ?? 0;
    const count = (counts.get(rights) ?? 0) + 1;
    counts.set(rights, count);
    if (most === undefined || count > (counts.get(most) ?? 0)) most = rights;
  }
  return most;
}

/**
 * For a second look on behalf of a checkpoint that was taken: what a folder has got since is none of its business.
 * Answers what gives back what was known; the next look finds the rest again.
 */
export function holdFolderRights(table: Table): () => void {
  const known = table.columns.folderRights.slice(0, table.folders);
  return () => {
    const { columns } = table;
    known.forEach((rights, folder) => {
      if (rights === 0 || columns.folderRights[folder] === rights) return;
      columns.folderRights[folder] = rights;
      columns.folderMtime[folder] = 0n;
    });
  };
}
