/** Rewinds lists of messages for hosts that keep their own conversations. */
import { type RewindOptions, type Rewound, rewindMessages } from '../undo/rewind-messages.ts';

export class MessageRewindManager {
  /** Answers a new list; the one given stays as it was. */
  rewindToIndex<M>(messages: readonly M[], index: number, options: RewindOptions = {}): Rewound<M> {
    return rewindMessages(messages, index, options);
  }
}
