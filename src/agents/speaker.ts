/** Says in the words of ACP v1 what an agent without ACP has done, so that one room understands them all. */
import type { Shape } from '../journal/json.ts';

export type Spoken = { readonly from: 'editor' | 'agent'; readonly message: object };

export type Opened = {
  readonly session: string;
  readonly cwd: string;
  readonly model?: string | undefined;
  /** It goes on with what an earlier run began. */
  readonly isResumed: boolean;
};

export type Speaker = {
  greet(agent: { name: string; title: string; version?: string | undefined }): Spoken[];
  /** Nothing if it is open already. */
  open(opened: Opened): Spoken[];
  /** A turn begins. */
  prompt(text: string): Spoken[];
  /** Says something in the session. */
  update(update: Shape): Spoken[];
  endTurn(result: Shape): Spoken[];
  failTurn(message: string): Spoken[];
  /** Something that nobody knows, to be kept as it is. */
  keep(name: string, params: Shape): Spoken[];
};

export function openSpeaker(): Speaker {
  let session: string | undefined;
  let lastId = 0;
  /** Ids of prompts that have no answer yet. */
  const prompts: string[] = [];

  function ask(method: string, params: object): { id: string; spoken: Spoken } {
    lastId += 1;
    const id = `clew:${lastId}`;
    return { id, spoken: { from: 'editor', message: { jsonrpc: '2.0', id, method, params } } };
  }

  function answer(id: string, body: object): Spoken {
    return { from: 'agent', message: { jsonrpc: '2.0', id, ...body } };
  }

  function askFor(method: string, params: object, result: object): Spoken[] {
    const { id, spoken } = ask(method, params);
    return [spoken, answer(id, { result })];
  }

  function endPrompt(body: object): Spoken[] {
    const id = prompts.shift();
    return id === undefined ? [] : [answer(id, body)];
  }

  return {
    greet: (agentInfo) =>
      askFor('initialize', { protocolVersion: 1 }, { protocolVersion: 1, agentInfo }),
    open({ session: sessionId, cwd, model, isResumed }) {
      if (session === sessionId) return [];
      session = sessionId;
      const about = model === undefined ? {} : { models: { currentModelId: model } };
      if (isResumed) return askFor('session/resume', { sessionId, cwd }, about);
      return askFor('session/new', { cwd }, { sessionId, ...about });
    },
    prompt(text) {
      if (session === undefined) return [];
      const content = [{ type: 'text', text }];
      const { id, spoken } = ask('session/prompt', { sessionId: session, prompt: content });
      prompts.push(id);
      return [spoken];
    },
    update(update) {
      // Whoever begins to listen in the middle has missed the name.
      session ??= 'unnamed';
      const params = { sessionId: session, update };
      return [{ from: 'agent', message: { jsonrpc: '2.0', method: 'session/update', params } }];
    },
    endTurn: (result) => endPrompt({ result }),
    failTurn: (message) => endPrompt({ error: { code: -32603, message } }),
    keep: (name, params) => [{ from: 'agent', message: { jsonrpc: '2.0', method: name, params } }],
  };
}

/** Text of a message, a thought, or of what a tool printed. */
export function contentOf(text: string): Shape {
  return { type: 'text', text };
}

export function outputOf(text: string): Shape {
  return { type: 'content', content: contentOf(text) };
}
