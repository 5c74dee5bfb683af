/** The tables of methods: what each side may ask and tell, and who takes note of it. */
import { askRead, askWrite } from './files.ts';
import { askInitialize } from './greeting.ts';
import type { Side } from './line.ts';
import { askFork, askLoad, askNew, askResume } from './openings.ts';
import { askPermission } from './permissions.ts';
import { askPrompt } from './prompts.ts';
import { askUser } from './questions.ts';
import {
  askClose,
  askDelete,
  askList,
  askMode,
  askModel,
  askOption,
  askTitle,
} from './session-requests.ts';
import { askCallCancel, hearCancel, hearWithdrawal } from './stops.ts';
import type { Ask, Hear } from './talk.ts';
import { askTerminal, askTerminalKill, askTerminalRelease, askTerminalState } from './terminals.ts';

/** Requests, by who asks. v1 and v2 ask for the same things by the same names; their answers differ. */
export const requests: Readonly<Record<Side, ReadonlyMap<string, Ask>>> = {
  editor: new Map([
    ['initialize', askInitialize],
    ['session/new', askNew],
    ['session/load', askLoad],
    ['session/resume', askResume],
    ['session/fork', askFork],
    ['session/list', askList],
    ['session/close', askClose],
    ['session/delete', askDelete],
    ['session/set_mode', askMode],
    ['session/set_model', askModel],
    ['session/set_config_option', askOption],
    ['session/set_title', askTitle],
    ['session/prompt', askPrompt],
    ['tool_call/cancel', askCallCancel],
    ['terminal/cancel', askCallCancel],
  ]),
  agent: new Map([
    ['fs/read_text_file', askRead],
    ['fs/write_text_file', askWrite],
    ['session/request_permission', askPermission],
    ['elicitation/create', askUser],
    ['terminal/create', askTerminal],
    ['terminal/output', askTerminalState],
    ['terminal/wait_for_exit', askTerminalState],
    ['terminal/kill', askTerminalKill],
    ['terminal/release', askTerminalRelease],
  ]),
};

/** Notifications, by who tells; `session/update` has tables of its own. */
export const notifications: Readonly<Record<Side, ReadonlyMap<string, Hear>>> = {
  editor: new Map([
    ['session/cancel', hearCancel],
    ['$/cancel_request', hearWithdrawal],
  ]),
  agent: new Map([['$/cancel_request', hearWithdrawal]]),
};
