/** Careful reading of JSON that nobody has checked: every answer is of the type asked for, or undefined. */
import { isShape } from '../journal/json.ts';

/** `'a b c'` as `'a' | 'b' | 'c'`. */
type Words<T extends string> = T extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : T;

/**
 * Every field of ACP messages that clew reads. An object from the wire shows only these names, so that
 * a misspelt one is a compile error, and the list is the index of what this room understands.
 */
type FieldName =
  | Words<'id method params result error code message data requestId _meta'>
  | Words<'protocolVersion clientInfo agentInfo info clientCapabilities capabilities'>
  | Words<'fs readTextFile writeTextFile terminal name title version'>
  | Words<'sessionId cwd additionalDirectories sessions modes models currentModeId currentModelId'>
  | Words<'modeId modelId configOptions configId category currentValue value availableCommands'>
  | Words<'promptCapabilities embeddedContext agentCapabilities prompt stopReason usage state messageId totalTokens inputTokens outputTokens'>
  | Words<'thoughtTokens cachedReadTokens cachedWriteTokens quota token_count input_tokens'>
  | Words<'output_tokens model_usage model used size cost amount currency'>
  | Words<'type text content uri mimeType resource blob'>
  | Words<'update sessionUpdate entries todos status priority plan planId severity description'>
  | Words<'toolCallId kind locations rawInput rawOutput path line oldText newText'>
  | Words<'changes patch format operation oldPath'>
  | Words<'file_path filePath filepath notebook_path absolute_path command'>
  | Words<'exit_code exitCode exit output stdout stderr aggregated_output metadata'>
  | Words<'claudeCode toolName toolResponse parentToolUseId file originalFile oldString newString'>
  | Words<'replaceAll userModified jetbrains air diffPatch'>
  | Words<'terminal_output terminal_output_delta terminal_exit'>
  | Words<'toolCall subject options optionId outcome action'>
  | Words<'offset limit args terminalId exitStatus signal'>
  | Words<'session notices clew'>;

export type Shape = { readonly [Name in FieldName]?: unknown };

export const nothing: Shape = Object.freeze(Object.create(null) as Shape);

export function isObject(value: unknown): value is Shape {
  return isShape(value);
}

/** The object, or an empty one, so that a chain of fields can be followed without asking at each. */
export function shapeOf(value: unknown): Shape {
  return isObject(value) ? value : nothing;
}

export function shapesOf(value: unknown): Shape[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text that is not empty: ids, paths and names are never empty. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function integerOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
