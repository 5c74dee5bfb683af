/** The tables of `session/update`: which kind of update goes where, for each version by itself. */

import { hearCall, hearContentChunk } from './calls.ts';
import { hearChunk, hearWhole } from './messages.ts';
import { hearPlan, hearPlanRemoved, hearPlanUpdate } from './plans.ts';
import { hearState } from './prompts.ts';
import {
  hearCommands,
  hearCompaction,
  hearInfo,
  hearMode,
  hearNotice,
  hearOptions,
  hearSubagent,
} from './session-updates.ts';
import type { HearUpdate } from './talk.ts';
import { hearTerminal, hearTerminalOutput } from './terminals.ts';
import type { Manner } from './tool-steps.ts';
import { addCallUsage, hearUsage } from './usage.ts';

type Table = ReadonlyMap<unknown, HearUpdate>;

const hearUser: HearUpdate = (talk, session, update) => hearChunk(talk, session, 'user', update);
const hearThought: HearUpdate = (talk, session, update) =>
  hearChunk(talk, session, 'thought', update);
const hearAgent: HearUpdate = (talk, session, update) => {
  if (update._meta !== undefined) addCallUsage(session, update);
  return hearChunk(talk, session, 'agent', update);
};

const hearCallAs =
  (manner: Manner): HearUpdate =>
  (talk, session, update) =>
    hearCall(talk, session, update, manner) !== undefined || session.replay !== undefined;

const both: readonly (readonly [string, HearUpdate])[] = [
  ['agent_message_chunk', hearAgent],
  ['agent_thought_chunk', hearThought],
  ['user_message_chunk', hearUser],
  ['plan_update', hearPlanUpdate],
  ['plan_removed', hearPlanRemoved],
  ['available_commands_update', hearCommands],
  ['config_option_update', hearOptions],
  ['session_info_update', hearInfo],
  ['usage_update', hearUsage],
  ['notice', hearNotice],
  ['compaction_update', hearCompaction],
  ['compaction_summary_chunk', () => true],
  ['subagent_update', hearSubagent],
];

const version1: Table = new Map([
  ...both,
  ['tool_call', hearCallAs('announced')],
  ['tool_call_update', hearCallAs('update')],
  ['plan', hearPlan],
  ['current_mode_update', hearMode],
]);

const version2: Table = new Map([
  ...both,
  ['user_message', (talk, session, update) => hearWhole(talk, session, 'user', update)],
  ['agent_message', (talk, session, update) => hearWhole(talk, session, 'agent', update)],
  ['agent_thought', (talk, session, update) => hearWhole(talk, session, 'thought', update)],
  ['state_update', hearState],
  ['tool_call_update', hearCallAs('upsert')],
  ['tool_call_content_chunk', hearContentChunk],
  ['terminal_update', hearTerminal],
  ['terminal_output_chunk', hearTerminalOutput],
]);

/** The drafts change and agents mix them: what one version does not know may be of the other. */
export function updateHandler(protocol: number | undefined, kind: unknown): HearUpdate | undefined {
  if (protocol === 2) return version2.get(kind) ?? version1.get(kind);
  return version1.get(kind) ?? version2.get(kind);
}
