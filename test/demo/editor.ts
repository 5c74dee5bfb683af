/** The editor of the demo: the real client of the ACP SDK, which serves files and answers questions. */

import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';
import { green, say } from './paint.ts';

export type Editor = { prompt(text: string): Promise<acp.PromptResponse> };

/** Connects, opens a session, and closes the connection when `use` is done. */
export async function withEditor(
  sidecar: ChildProcess,
  cwd: string,
  use: (editor: Editor) => Promise<void>,
): Promise<void> {
  if (sidecar.stdin === null || sidecar.stdout === null) throw new Error('no pipes');
  const stream = acp.ndJsonStream(
    Writable.toWeb(sidecar.stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(sidecar.stdout) as ReadableStream<Uint8Array>,
  );
  const client = acp
    .client({ name: 'demo-editor' })
    .onNotification('session/update', () => {
      // What the agent says is shown as the journal has it.
    })
    .onRequest('fs/read_text_file', ({ params }) => ({
      content: readFileSync(params.path, 'utf8'),
    }))
    .onRequest('fs/write_text_file', ({ params }) => {
      writeFileSync(params.path, params.content);
      return {};
    })
    .onRequest('session/request_permission', ({ params }) => {
      say(`  ${green('you')}      allow "${params.toolCall.title}"`);
      const allow = params.options.find((it) => it.kind === 'allow_once');
      return { outcome: { outcome: 'selected', optionId: allow?.optionId ?? '' } };
    });
  await client.connectWith(stream, async (agent) => {
    await agent.request('initialize', {
      protocolVersion: acp.PROTOCOL_VERSION,
      clientInfo: { name: 'demo-editor', version: '1.0.0' },
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true } },
    });
    const { sessionId } = await agent.request('session/new', { cwd, mcpServers: [] });
    await use({
      prompt: (text) =>
        agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] }),
    });
  });
}
