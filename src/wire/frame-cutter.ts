/** Cuts a byte stream into the bodies that Content-Length headers announce; believes no header blindly. */

export type Frame =
  /** A whole body. The bytes are only good until the next call. */
  | { readonly kind: 'body'; readonly bytes: Buffer }
  /** One that is passed over; what comes after it is understood. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Nobody knows where the next one begins: nothing more is understood. */
  | { readonly kind: 'broken'; readonly why: string };

export type FrameCutter = {
  feed(chunk: Buffer, take: (frame: Frame) => void): void;
  /** The stream is over. */
  end(take: (frame: Frame) => void): void;
};

export type FrameLimits = {
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** A longer body is not even waited for. */
  readonly skipBytes: number;
};

export const frameLimits: FrameLimits = {
  headerBytes: 8 << 10,
  bodyBytes: 16 << 20,
  skipBytes: 1 << 30,
};

const blankLine = Buffer.from('\r\n\r\n');
const [cr, lf] = [13, 10];

type Length = { readonly bytes: number } | { readonly why: string };

export function openFrameCutter(limits: FrameLimits): FrameCutter {
  let header = Buffer.alloc(0);
  /** Of the body that is being gathered. */
  let wanted: number | undefined;
  let gathered: Buffer | undefined;
  let held = 0;
  let skipping = 0;
  let isBroken = false;

  function breakOff(why: string, take: (frame: Frame) => void): Buffer {
    isBroken = true;
    header = Buffer.alloc(0);
    take({ kind: 'broken', why });
    return header;
  }

  /** Each answers what is left of the chunk. */
  function readHeader(chunk: Buffer, take: (frame: Frame) => void): Buffer {
    const known = header.length;
    const all = known === 0 ? chunk : Buffer.concat([header, chunk]);
    const end = all.indexOf(blankLine, Math.max(0, known - blankLine.length));
    const size = end === -1 ? all.length : end;
    if (limits.headerBytes < size)
      return breakOff(`a header is longer than ${limits.headerBytes} bytes`, take);
    // With the break that ends it: a CR before that one is bare too.
    const bare = findBareBreak(all.subarray(0, end === -1 ? size : end + 2));
    if (bare) return breakOff('header lines end with CRLF, not with LF or CR alone', take);
    if (end === -1) {
      // A copy: it is short, and the chunk's memory is used again.
      header = Buffer.from(all);
      return Buffer.alloc(0);
    }
    header = Buffer.alloc(0);
    const length = readLength(all.toString('latin1', 0, end));
    if ('why' in length) return breakOff(length.why, take);
    const rest = all.subarray(end + blankLine.length);
    return beginBody(length.bytes, rest, take);
  }

  function beginBody(bytes: number, rest: Buffer, take: (frame: Frame) => void): Buffer {
    if (bytes <= limits.bodyBytes) {
      wanted = bytes;
      return rest;
    }
    const why = `a message of ${bytes} bytes is over the limit of ${limits.bodyBytes}`;
    if (limits.skipBytes < bytes) return breakOff(why, take);
    take({ kind: 'refused', why });
    skipping = bytes;
    return rest;
  }

  function readBody(chunk: Buffer, length: number, take: (frame: Frame) => void): Buffer {
    const part = chunk.subarray(0, length - held);
    const isWhole = part.length === length;
    // Reserved at once: however small the pieces are, each is copied once, and none is kept.
    if (!isWhole) gathered ??= Buffer.allocUnsafe(length);
    gathered?.set(part, held);
    held += part.length;
    if (held < length) return Buffer.alloc(0);
    const bytes = gathered ?? part;
    gathered = undefined;
    held = 0;
    wanted = undefined;
    take({ kind: 'body', bytes });
    return chunk.subarray(part.length);
  }

  function skip(chunk: Buffer): Buffer {
    const passed = Math.min(skipping, chunk.length);
    skipping -= passed;
    return chunk.subarray(passed);
  }

  return {
    feed(chunk, take) {
      let rest = chunk;
      // An empty body is a frame too, also when the chunk ends with its header.
      while (!isBroken && (0 < rest.length || wanted === 0)) {
        if (0 < skipping) rest = skip(rest);
        else if (wanted === undefined) rest = readHeader(rest, take);
        else rest = readBody(rest, wanted, take);
      }
    },
    end(take) {
      const isWhole = header.length === 0 && wanted === undefined && skipping === 0;
      if (!isWhole && !isBroken) breakOff('the stream ended in the middle of a message', take);
    },
  };
}

/** Of CR and LF, one without the other. A CR at the end may be waiting for its LF. */
function findBareBreak(header: Buffer): boolean {
  for (let at = header.indexOf(lf); at !== -1; at = header.indexOf(lf, at + 1))
    if (header[at - 1] !== cr) return true;
  for (let at = header.indexOf(cr); at !== -1; at = header.indexOf(cr, at + 1))
    if (at + 1 < header.length && header[at + 1] !== lf) return true;
  return false;
}

function readLength(header: string): Length {
  let bytes: number | undefined;
  for (const line of header.split('\r\n')) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)$/.exec(line) ?? [];
    if (name === '') return { why: 'a header line has no name and colon' };
    const told = value.trim();
    if (name.toLowerCase() === 'content-type' && !isOurs(told))
      return { why: 'the Content-Type is not JSON in UTF-8' };
    if (name.toLowerCase() !== 'content-length') continue;
    if (bytes !== undefined) return { why: 'there are two Content-Length headers' };
    if (!/^\d+$/.test(told)) return { why: 'the Content-Length is no number of bytes' };
    bytes = Number(told);
  }
  return bytes === undefined ? { why: 'there is no Content-Length header' } : { bytes };
}

/** `utf8` is what old clients of language servers say. */
function isOurs(type: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)"?/i.exec(type)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
