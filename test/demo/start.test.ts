/** The demo is what a newcomer sees first: it must run to its end, tell the truth, and leave nothing behind. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

async function runDemo(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/demo/start.ts'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, problems] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, output, problems };
}

/** What comes after a heading, up to the next one. */
const part = (output: string, heading: string) =>
  output.slice(output.indexOf(heading)).split(/\n(?=\$ clew|To record)/)[0] ?? '';

test('it shows three turns, what clew knows of them, and the settings; and cleans up', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clew-demo-test-')));
  try {
    const { code, output, problems } = await runDemo({ TMPDIR: folder });
    expect({ code, problems }).toEqual({ code: 0, problems: '' });
    expect(output.match(/journal {2}turn-ended/g)).toHaveLength(3);
    expect(part(output, '$ clew log')).toMatch(
      /3 turns[\s\S]*src\/cart\.js[\s\S]*Add it, please\./,
    );
    expect(part(output, '$ clew show @session')).toContain('allowed');
    const settings = [...output.matchAll(/^ {2}\{\n[\s\S]*?\n {2}\}$/gm)].map(([text]) =>
      JSON.parse(text),
    );
    expect(settings).toHaveLength(3);
    for (const it of settings.flatMap((all) => Object.values<object>(all))) {
      const [server] = Object.values<{ command: string; args: string[] }>(it as never);
      expect(existsSync(server?.command ?? '')).toBe(true);
      expect(existsSync(server?.args[0] ?? '')).toBe(true);
      expect(server?.args.slice(1, 3)).toEqual(['acp', '--']);
    }
    expect(output).not.toContain('\u001b');
    expect(readdirSync(folder).filter((it) => it.startsWith('clew-demo-'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
