/** What goes back to the one who asked: each answer with the id as it was written, those of a batch together. */
import { Failure, problemOf } from '../errors.ts';

export type Batch = {
  /** One of its messages gets no answer. */
  leave(): void;
  take(answer: string): void;
};

export type Answers = {
  send(body: string): void;
  /** `body` is the result or the error, with its name. */
  answer(id: string, body: string, batch?: Batch): void;
  refuse(id: string, failure: Failure, batch?: Batch): void;
  /** Of so many messages; sent when the last of them is dealt with, if there is anything to say. */
  openBatch(size: number): Batch;
};

export function openAnswers(send: (body: string) => void): Answers {
  function answer(id: string, body: string, batch?: Batch): void {
    const text = `{"jsonrpc":"2.0","id":${id},${body}}`;
    if (batch === undefined) send(text);
    else batch.take(text);
  }

  return {
    send,
    answer,
    refuse(id, failure, batch) {
      answer(id, `"error":${JSON.stringify(problemOf(failure))}`, batch);
    },
    openBatch(size) {
      const texts: string[] = [];
      let left = size;
      function leave(): void {
        left -= 1;
        if (left === 0 && 0 < texts.length) send(`[${texts.join(',')}]`);
      }
      return {
        leave,
        take(text) {
          texts.push(text);
          leave();
        },
      };
    },
  };
}

const hints = {
  unreadable: 'send JSON in UTF-8 behind a Content-Length header, or one message a line',
  'invalid-request': 'see https://www.jsonrpc.org/specification',
} as const;

/** Something that is no message, or not one that may be sent. */
export function misformed(code: keyof typeof hints, why: string, data = {}): Failure {
  return new Failure(code, why, { data, hint: hints[code] });
}
