/** Notices a client that asks for clew's own methods when it says hello, and watches for them from then on. */
import type { Gate } from './gates.ts';
import type { Watch } from './passage.ts';

const helloAnswer: Gate = {
  name: 'initialize-answer',
  from: 'agent',
  deadlineMs: 1_000,
  overdue: 'pass',
  needle: '"id"',
};

const ownMethods: Gate = {
  name: '_clew',
  from: 'editor',
  deadlineMs: 1_000,
  overdue: 'absorb',
  needle: '_clew',
};

export type Greeting = {
  /** For the direction from the editor. */
  readonly hello: Watch;
};

/**
 * `optIn` is called once, when a hello asks for clew. Nothing is held for it: the hello itself goes
 * on as it came, and only a client that asked has its later lines looked at for `_clew/`.
 */
export function openGreeting(optIn: (watches: { editor: Watch; agent: Watch }) => void): Greeting {
  let isDone = false;
  return {
    hello: {
      needle: 'clew"',
      answers: false,
      gateOf(method, line) {
        if (isDone || method !== 'initialize') return undefined;
        const id = askedFor(line);
        if (id === undefined) return undefined;
        isDone = true;
        optIn({ editor: watchOwnMethods(), agent: watchAnswer(id) });
        return undefined;
      },
    },
  };
}

function watchOwnMethods(): Watch {
  const gateOf: Watch['gateOf'] = (method) =>
    method?.startsWith('_clew/') === true ? ownMethods : undefined;
  return { needle: ownMethods.needle, answers: false, gateOf };
}

function watchAnswer(id: unknown): Watch {
  let isDone = false;
  return {
    needle: helloAnswer.needle,
    answers: true,
    gateOf(method, line) {
      if (isDone || method !== undefined) return undefined;
      const answer = parse(line);
      if (answer === undefined || answer.id !== id) return undefined;
      isDone = true;
      // A refusal has no place to announce anything in.
      return answer.result === undefined ? undefined : helloAnswer;
    },
  };
}

/** The hello's id if its sender asked for clew in `_meta`, at the top or in its capabilities. */
function askedFor(line: Buffer): unknown {
  const message = parse(line);
  const params = message?.params as Record<string, unknown> | undefined;
  const places = [params, params?.clientCapabilities, params?.capabilities];
  const asked = places.some((it) => (it as { _meta?: { clew?: unknown } })?._meta?.clew);
  return asked ? message?.id : undefined;
}

function parse(line: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  } catch {
    // Not for us to judge here: it is forwarded as it is, and the recorder says what it was.
    return undefined;
  }
}
