/** Differences between checkpoints with the contents on both sides, as hosts show them. */
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as letOthers } from 'node:timers/promises';
import { Failure } from '../errors.ts';
import type { Version } from '../snapshot/restore-step.ts';

export type FileDiff = {
  readonly path: { readonly relative: string; readonly absolute: string };
  /** Empty where there is no file; a link's content is where it points. */
  readonly content: { readonly before: string; readonly after: string };
  /** One side is no text, and its content here only resembles it. */
  readonly binary?: true;
};

type Changed = {
  readonly path: string;
  readonly before?: Version;
  readonly after?: Version;
};

/** git looks that far for a NUL. */
const binaryLookBytes = 8000;

export async function readDiff(
  changes: readonly Changed[],
  root: string,
  readBlob: (oid: string) => Promise<string | null>,
): Promise<FileDiff[]> {
  const diffs: FileDiff[] = [];
  for (const { path, before, after } of changes) {
    const [old, now] = [await readSide(before, path), await readSide(after, path)];
    const isBinary = [old, now].some((bytes) => !isText(bytes));
    diffs.push({
      path: { relative: path, absolute: join(root, path) },
      content: { before: await decodeText(old), after: await decodeText(now) },
      ...(isBinary ? { binary: true } : {}),
    });
  }
  return diffs;

  async function readSide(version: Version | undefined, path: string): Promise<Buffer> {
    if (version === undefined) return Buffer.alloc(0);
    const content = await readBlob(version.oid);
    if (content !== null) return decodeBase64(content);
    throw new Failure('damaged', `the bytes of ${path} are missing or damaged`, {
      data: { path, blob: version.oid },
      hint: 'other checkpoints may be whole',
    });
  }
}

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, binaryLookBytes).includes(0) && isUtf8(bytes);
}

/** Large contents are decoded in pieces, and the host's thread does other things in between. */
const pieceLength = 2 ** 20;

async function decodeBase64(content: string): Promise<Buffer> {
  if (content.length <= pieceLength) return Buffer.from(content, 'base64');
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(content, 'base64'));
  let filled = 0;
  // Four characters stand for three bytes, so each piece is whole.
  for (let at = 0; at < content.length; at += pieceLength) {
    filled += bytes.write(content.slice(at, at + pieceLength), filled, 'base64');
    await letOthers();
  }
  return bytes;
}

async function decodeText(bytes: Buffer): Promise<string> {
  if (bytes.length <= pieceLength) return bytes.toString('utf8');
  const decoder = new StringDecoder('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; at += pieceLength) {
    text += decoder.write(bytes.subarray(at, at + pieceLength));
    await letOthers();
  }
  return text + decoder.end();
}
