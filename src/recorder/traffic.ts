/** Turns the records that come through the queue back into whole lines, and says what cannot be read as one. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Event } from '../contract/types.gen.ts';
import { type Cut, eachLine, type LineCutter, openLineCutter } from '../wire/line-cutter.ts';

export type Side = 'editor' | 'agent';

export type Traffic = {
  bytes(from: Side, chunk: Buffer, mono: number): void;
  /** Some bytes of this side went missing. */
  lost(from: Side, isMidLine: boolean): void;
  /** Both streams are over. */
  end(mono: number): void;
};

export type TrafficPorts = {
  line(line: { from: Side; text: string; bytes: number; mono: number }): void;
  /** Several whole lines at once. False if they are to be handed over one by one. */
  lines(from: Side, text: string, mono: number): boolean;
  event(event: Event): void;
};

const shownBytes = 200;
const replacement = '\ufffd';

export function openTraffic(limitBytes: number, ports: TrafficPorts): Traffic {
  const cutters = { editor: openLineCutter(limitBytes), agent: openLineCutter(limitBytes) };

  function takeLine(from: Side, bytes: Buffer, mono: number): void {
    const text = bytes.toString('utf8');
    if (text.includes(replacement) && !isUtf8(bytes))
      return ports.event(describeBinary(from, bytes));
    ports.line({ from, text, bytes: bytes.length, mono });
  }

  function takeLines(from: Side, bytes: Buffer, mono: number): void {
    const text = bytes.toString('utf8');
    if (!text.includes(replacement) && ports.lines(from, text, mono)) return;
    for (const line of eachLine(bytes)) takeLine(from, line, mono);
  }

  function take(from: Side, mono: number): (cut: Cut) => void {
    return (cut) => {
      if (cut.kind === 'long') ports.event(describeLong(from, cut));
      else if (cut.kind === 'lines') takeLines(from, cut.bytes, mono);
      else takeLine(from, cut.bytes, mono);
    };
  }

  return {
    bytes(from, chunk, mono) {
      cutters[from].feed(chunk, take(from, mono));
    },
    lost(from, isMidLine) {
      forget(cutters[from], isMidLine);
    },
    end(mono) {
      for (const from of ['editor', 'agent'] as const) cutters[from].end(take(from, mono));
    },
  };
}

function forget(cutter: LineCutter, isMidLine: boolean): void {
  cutter.skip();
  // The loss ended with a line's end, so the next byte begins a line.
  if (!isMidLine) cutter.feed(Buffer.from('\n'), () => {});
}

function describeLong(from: Side, cut: Cut & { kind: 'long' }): Event {
  const { bytes, sha256, head } = cut;
  return { type: 'line-kept-opaque', from, why: 'too-long', bytes, sha256, ...beginning(head) };
}

function describeBinary(from: Side, bytes: Buffer): Event {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const size = bytes.length;
  return {
    type: 'line-kept-opaque',
    from,
    why: 'not-utf8',
    bytes: size,
    sha256,
    base64: Buffer.from(bytes.subarray(0, shownBytes)).toString('base64'),
  };
}

function beginning(head: Buffer): { text: string } | { base64: string } {
  const shown = head.subarray(0, shownBytes);
  const text = shown.toString('utf8');
  // The cut may fall inside a character; anything worse means that it is no text.
  const trimmed = text.replace(/\ufffd{1,3}$/, '');
  return trimmed.includes(replacement) ? { base64: shown.toString('base64') } : { text: trimmed };
}
