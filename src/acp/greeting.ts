/** `initialize`: which protocol, who is who, and what the editor serves. */
import type { Party } from '../contract/types.gen.ts';
import { known } from '../journal/known.ts';
import { isObject, numberOf, type Shape, shapeOf, wordOf } from './shape.ts';
import { type Ask, sayAside } from './talk.ts';

export const askInitialize: Ask = (talk, params) => {
  const asked = numberOf(params.protocolVersion);
  const client = partyOf(params.info) ?? partyOf(params.clientInfo);
  const capabilities = shapeOf(
    isObject(params.clientCapabilities) ? params.clientCapabilities : params.capabilities,
  );
  const fs = shapeOf(capabilities.fs);
  return {
    take(answer) {
      if (answer.kind !== 'result') return;
      const result = shapeOf(answer.result);
      const protocol = numberOf(result.protocolVersion) ?? asked ?? 1;
      const agent = partyOf(result.info) ?? partyOf(result.agentInfo);
      talk.protocol = protocol;
      talk.agentName = agent?.name;
      sayAside(talk, {
        type: 'agent-connected',
        protocol,
        ...known({ agent, client, asked: asked === protocol ? undefined : asked }),
        files: fs.readTextFile === true || fs.writeTextFile === true,
        terminals: capabilities.terminal === true,
        ...(isObject(shapeOf(capabilities.session).notices) ? { notices: true } : {}),
        ...(takesResources(result) ? { embeds: true } : {}),
      });
    },
  };
};

/** v1 has a yes for it, v2 an object. */
function takesResources(result: Shape): boolean {
  const prompt = shapeOf(shapeOf(shapeOf(result.capabilities).session).prompt);
  const { embeddedContext } = shapeOf(shapeOf(result.agentCapabilities).promptCapabilities);
  return embeddedContext === true || isObject(prompt.embeddedContext);
}

function partyOf(value: unknown): Party | undefined {
  const party: Shape = shapeOf(value);
  const name = wordOf(party.name);
  return name === undefined
    ? undefined
    : { name, ...known({ title: wordOf(party.title), version: wordOf(party.version) }) };
}
