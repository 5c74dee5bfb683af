/** Notices a client that asks for clew's own methods when it says hello, and watches for them from then on. */
import type { Gate } from './gates.ts';
import type { Watch } from './passage.ts';

const helloAnswer: Gate = {
  name: 'initialize-answer',
  judge: 'hello',
  from: 'agent',
  // Only a client that asked for clew waits, and at the very start, when the back thread starts too.
  deadlineMs: 5_000,
  overdue: 'pass',
  needle: '"id"',
};

const ownMethods: Gate = {
  name: '_clew',
  judge: 'own',
  from: 'editor',
  deadlineMs: 1_000,
  overdue: 'absorb',
  needle: '_clew',
};

/** What cancels a request of clew's own must not reach the agent, which may have one by the same id. */
const cancelling: Gate = {
  name: '$/cancel_request',
  judge: 'cancel',
  from: 'editor',
  deadlineMs: 1_000,
  overdue: 'pass',
  needle: 'cancel_request"',
};

/** No greeting is longer, and whatever else looks like one must not hold up the traffic. */
const greetingLimitBytes = 1 << 20;

/**
 * `optIn` is called once, when a hello asks for clew. Nothing is held for it: the hello itself goes
 * on as it came, and only a client that asked has its later lines looked at for `_clew/`.
 */
export function watchHello(optIn: (watches: { editor: Watch[]; agent: Watch }) => void): Watch {
  const asked: { id: unknown; isOpen: boolean; isIn: boolean } = {
    id: undefined,
    isOpen: false,
    isIn: false,
  };
  return {
    needle: 'clew"',
    answers: false,
    gateOf(method, line) {
      const id = method === 'initialize' ? askedFor(line) : undefined;
      if (id === undefined) return undefined;
      // Also the second hello, after an agent has refused the first one's version.
      asked.id = id;
      asked.isOpen = true;
      const editor = [watchOwnMethods(), watchCancelling()];
      if (!asked.isIn) optIn({ editor, agent: watchAnswer(asked) });
      asked.isIn = true;
      return undefined;
    },
  };
}

function watchOwnMethods(): Watch {
  const gateOf: Watch['gateOf'] = (method) =>
    method?.startsWith('_clew/') === true ? ownMethods : undefined;
  return { needle: ownMethods.needle, answers: false, gateOf };
}

function watchCancelling(): Watch {
  const gateOf: Watch['gateOf'] = (method) => (method === cancelling.name ? cancelling : undefined);
  return { needle: cancelling.needle, answers: false, gateOf };
}

function watchAnswer(asked: { id: unknown; isOpen: boolean }): Watch {
  return {
    needle: helloAnswer.needle,
    get answers() {
      return asked.isOpen;
    },
    gateOf(method, line) {
      if (!asked.isOpen || method !== undefined) return undefined;
      const answer = parse(line);
      if (answer === undefined || answer.id !== asked.id) return undefined;
      asked.isOpen = false;
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
  if (line.length > greetingLimitBytes) return undefined;
  try {
    return JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  } catch {
    // Not for us to judge here: it is forwarded as it is, and the recorder says what it was.
    return undefined;
  }
}
