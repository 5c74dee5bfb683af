/** The lines to paste into editors and clients, with the paths of this very installation. */
import { bold, faint, say, sayHeading } from './paint.ts';

const agent = ['npx', '-y', '@agentclientprotocol/codex-acp'];

export function saySettings(main: string): void {
  const args = [main, 'acp', '--', ...agent];
  const server = { command: process.execPath, args, env: {} };
  sayHeading('To record an agent of yours');
  say(
    'Start it through clew: the same words, with `clew acp --` before them. For Codex, for example:\n',
  );

  say(`${bold('Zed')}, in ~/.config/zed/settings.json ${faint('(zed: open settings file)')}`);
  sayJson({ agent_servers: { 'Codex (clew)': { type: 'custom', ...server } } });

  say(`${bold('JetBrains')}, in ~/.jetbrains/acp.json ${faint('(AI Chat: Add Custom Agent)')}`);
  sayJson({ agent_servers: { 'Codex (clew)': server } });

  say(`${bold('acpx')}, in ~/.acpx/config.json, or .acpxrc.json in a project`);
  sayJson({ agents: { codex: { command: process.execPath, args } } });

  say('Any other client that starts an ACP agent by a command line:\n');
  say(`  ${['clew', 'acp', '--', ...agent].join(' ')}`);
  say(faint(`  where clew is: ${process.execPath} ${main}\n`));
}

/** Objects broken up, lists of words kept on their line, as people write settings. */
function sayJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(/\[[^\][{}]*\]/g, (list) =>
    list
      .replace(/\s*\n\s*/g, ' ')
      .replace('[ ', '[')
      .replace(' ]', ']'),
  );
  say(`\n${text.replace(/^/gm, '  ')}\n`);
}
