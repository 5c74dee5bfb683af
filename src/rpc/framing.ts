/** The two ways in which messages stand in a stream: behind a Content-Length header, or one a line. */
import { type FrameCutter, frameLimits, openFrameCutter } from '../wire/frame-cutter.ts';
import { eachLine, openLineCutter } from '../wire/line-cutter.ts';

export type FramingName = 'content-length' | 'ndjson';

type Framing = {
  openCutter(bodyBytes: number): FrameCutter;
  frame(body: string): string;
};

const carriageReturn = 13;

export const framings: Readonly<Record<FramingName, Framing>> = {
  'content-length': {
    openCutter: (bodyBytes) => openFrameCutter({ ...frameLimits, bodyBytes }),
    frame: (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  },
  ndjson: { openCutter: openLines, frame: (body) => `${body}\n` },
};

/** Where a line ends is always known, so that nothing breaks this stream. */
function openLines(bodyBytes: number): FrameCutter {
  const lines = openLineCutter(bodyBytes);
  const takeAll =
    (take: Parameters<FrameCutter['feed']>[1]): Parameters<typeof lines.feed>[1] =>
    (cut) => {
      if (cut.kind === 'long') {
        const why = `a line of ${cut.bytes} bytes is over the limit of ${bodyBytes}`;
        take({ kind: 'refused', why });
        return;
      }
      const whole = cut.kind === 'line' ? [cut.bytes] : eachLine(cut.bytes);
      for (const line of whole) {
        const bytes = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
        if (0 < bytes.length) take({ kind: 'body', bytes });
      }
    };
  return {
    feed: (chunk, take) => lines.feed(chunk, takeAll(take)),
    end: (take) => lines.end(takeAll(take)),
  };
}
