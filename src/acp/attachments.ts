/** What is in a prompt or a message besides text: named and measured, its bytes left out. */
import type { Attachment } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { type Shape, shapeOf, shapesOf, textOf, wordOf } from './shape.ts';
import type { Talk } from './talk.ts';

export function readAttachment(talk: Talk, block: Shape): Attachment {
  const resource = shapeOf(block.resource);
  const body = textOf(block.data) ?? textOf(resource.text) ?? textOf(resource.blob);
  return {
    kind: wordOf(block.type) ?? 'unknown',
    ...known({
      uri: wordOf(block.uri) ?? wordOf(resource.uri),
      mime: wordOf(block.mimeType) ?? wordOf(resource.mimeType),
      name: wordOf(block.name) ?? wordOf(block.title),
      bytes: body === undefined ? undefined : talk.gifts.sizeOf(body),
      sha256: body === undefined ? undefined : talk.gifts.sha256(body),
    }),
  };
}

export type Prompt = {
  /** For people: with the names of what is attached. */
  readonly text: string;
  /** The texts as they were, for comparing. */
  readonly plain: string;
  readonly attachments: Attachment[];
};

export function readPrompt(talk: Talk, blocks: unknown): Prompt {
  let text = '';
  let plain = '';
  const attachments: Attachment[] = [];
  for (const block of shapesOf(blocks)) {
    const words = block.type === 'text' ? textOf(block.text) : undefined;
    if (words === undefined) {
      const attachment = readAttachment(talk, block);
      attachments.push(attachment);
      text = joinWords(text, attachment.name === undefined ? '' : `@${attachment.name}`);
    } else {
      plain += words;
      text = joinWords(text, words);
    }
  }
  return { text, plain, attachments };
}

/** Blocks are sentences of their own unless they say otherwise with a space. */
function joinWords(before: string, after: string): string {
  if (before === '' || after === '') return before + after;
  return /\s$/.test(before) || /^\s/.test(after) ? before + after : `${before}\n${after}`;
}
