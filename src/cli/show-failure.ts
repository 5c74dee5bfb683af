/** Says on standard error what went wrong, for people or for programs. */
import { Failure } from '../errors.ts';
import { showBlock, showJson, showLine } from './printable.ts';

export function showFailure(error: unknown, json: boolean): string {
  const { code, rpc, message, hint, data } = describe(error);
  if (json) {
    const said = { code, rpc, message, ...(hint === undefined ? {} : { hint }), data };
    return `${showJson({ error: said })}\n`;
  }
  const lines = [`clew: ${showBlock(message)}`];
  for (const it of candidatesIn(data)) lines.push(`  ${showBlock(it)}`);
  for (const it of [...refusalsIn(data), ...flawsIn(data)]) lines.push(`  ${showLine(it)}`);
  if (hint !== undefined) lines.push(`hint: ${showBlock(hint)}`);
  return `${lines.join('\n')}\n`;
}

type Said = {
  code: string;
  rpc: number;
  message: string;
  hint?: string | undefined;
  data: Record<string, unknown>;
};

function describe(error: unknown): Said {
  if (error instanceof Failure) {
    const { code, rpcCode: rpc, message, hint, data } = error;
    return { code, rpc, message, hint, data };
  }
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  // Where it happened, without what it happened with: messages may hold what people wrote.
  const at =
    stack
      .split('\n')
      .find((it) => /^\s+at /.test(it))
      ?.trim() ?? '';
  return {
    code: 'bug',
    rpc: -32603,
    message: `this is a mistake in clew: ${name}: ${message}`,
    hint: `please report it with this line: ${at}`,
    data: {},
  };
}

function candidatesIn({ candidates }: Record<string, unknown>): string[] {
  if (!Array.isArray(candidates)) return [];
  return candidates.map((it: { kind?: unknown; id?: unknown }) => `${it.kind} ${it.id}`);
}

const refusalLimit = 20;

/** What stands in the way of a restore, when it is more than the message says. */
function refusalsIn({ refusals }: Record<string, unknown>): string[] {
  if (!Array.isArray(refusals) || refusals.length < 2) return [];
  const said = refusals.map((it: { path?: unknown; why?: unknown }) => `${it.path}: ${it.why}`);
  const more = said.length - refusalLimit;
  return [...said.slice(0, refusalLimit), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** What is wrong in a file, when it is more than the message says. */
function flawsIn({ flaws }: Record<string, unknown>): string[] {
  if (!Array.isArray(flaws) || flaws.length < 2) return [];
  return flaws.map(
    ({ line, column, message, hint }: Record<string, unknown>) =>
      `${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}
