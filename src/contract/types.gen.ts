/* Generated from schemas/ by `npm run generate`. Do not edit. */
/**
 * A line of `clew tail --json`: one journal entry, or with --progress how far a step is that is going on.
 */
export type TailLine = (TailLine1 & TailLine2)
export type TailLine1 = ({
writer: unknown
seq: unknown
at: unknown
mono: unknown
event: unknown
} | {
progress: unknown
})

/**
 * What a command with --json prints on standard error when it fails.
 */
export interface FailureLine {
error: {
/**
 * Such as unknown-id; the exit code follows from it.
 */
code: string
/**
 * The same as a JSON-RPC error code.
 */
rpc: number
message: string
/**
 * What a person should do next.
 */
hint?: string
/**
 * What a program needs.
 */
data: {

}
}
}
export interface TailLine2 {
/**
 * ULID of the run that wrote it.
 */
writer?: string
/**
 * Counted from 1 in each writer.
 */
seq?: number
/**
 * Milliseconds since 1970.
 */
at?: number
/**
 * Milliseconds since the writer began.
 */
mono?: number
session?: string
/**
 * See schemas/event.
 */
event?: {

}
progress?: {
session: string
step: string
/**
 * The end of its text so far.
 */
content: string
/**
 * So many characters come before.
 */
from: number
}
}
/**
 * A line of `clew trace --json`: a row or the session's card, first as they are and then whenever they change; a file that is stale; with --progress how far a step is.
 */
export interface TraceLine {
row?: TraceRow
card?: TraceCard
stale?: {
path: string
}
progress?: {
step: string
/**
 * The end of its text so far.
 */
content: string
}
}
/**
 * A turn, a step, or what stands between steps, as it is now. It is sent anew, whole, whenever it changes: of two with one id the one with the greater revision counts; of two with the same revision the one that came by itself, not the one that was asked for.
 */
export interface TraceRow {
id: string
/**
 * Grows with each change. It is twice the number of the entry that changed it last, and one more if it was closed because its writer is gone.
 */
revision: number
/**
 * Who wrote it.
 */
writer: string
/**
 * The entry it began with. Rows stand in the order of startedAt, writer, seq.
 */
seq: number
session: string
/**
 * The turn it belongs to; a turn's own id in its own row.
 */
turn?: string
/**
 * The step that it is a part of, for sub-agents.
 */
parent?: string
kind: ("turn" | "tool" | "terminal" | "question" | "thought" | "message" | "permission" | "plan" | "checkpoint")
/**
 * interrupted: it was stopped, or nobody said how it ended and its writer is gone.
 */
status: ("running" | "completed" | "failed" | "interrupted")
/**
 * How it ended, more closely: end_turn, cancelled, rejected, allowed …
 */
outcome?: string
/**
 * Milliseconds since 1970.
 */
startedAt: number
endedAt?: number
durationMs?: number
/**
 * Of a turn the first line of its prompt.
 */
title?: string
toolKind?: string
toolName?: string
/**
 * The agent's id for the call.
 */
call?: string
role?: string
/**
 * What was said, or was printed, so far: its beginning.
 */
content?: string
/**
 * There is more than that; `log/show` has it.
 */
cut?: boolean
/**
 * The agent's or the host's id of the message that it is, or is about.
 */
message?: string
/**
 * For permissions: the step that they are about.
 */
on?: string
choice?: string
/**
 * Id of the checkpoint.
 */
checkpoint?: string
/**
 * The plan after the change.
 */
entries?: PlanEntry[]
exitCode?: number
problem?: string
/**
 * It came after its turn had ended.
 */
late?: boolean
/**
 * What it drew on, and what was attached.
 */
sources?: Attachment[]
/**
 * Files that it names; at most 50.
 */
locations?: TraceLocation[]
}
/**
 * One entry of an agent's plan.
 */
export interface PlanEntry {
content: string
/**
 * pending, in_progress, completed or what the wire said.
 */
status: string
priority?: string
id?: string
}
/**
 * Something in a prompt or a message that is not text.
 */
export interface Attachment {
/**
 * image, audio, resource, resource_link or what the wire said.
 */
kind: string
uri?: string
mime?: string
name?: string
/**
 * Of its text or base64, as the wire had it.
 */
bytes?: number
/**
 * Of its text or base64, as the wire had it.
 */
sha256?: string
}
/**
 * A file that a step names.
 */
export interface TraceLocation {
/**
 * Relative to the workspace where it is inside.
 */
path: string
operation: string
line?: number
added?: number
removed?: number
/**
 * Best effort: only the text of a command says so.
 */
guess?: true
}
/**
 * A session at a glance: what it is at, and what it has done. Sent anew, whole, whenever it changes; the greater revision counts.
 */
export interface TraceCard {
id: string
/**
 * Grows with every entry about the session or its sub-sessions.
 */
revision: number
/**
 * Of its newest turn; idle when it has none.
 */
status: ("idle" | "running" | "completed" | "failed" | "interrupted")
title?: string
agent?: string
label?: string
client?: string
/**
 * The session whose sub-session it is.
 */
parent?: string
startedAt: number
lastAt: number
/**
 * The newest turn.
 */
turn?: string
/**
 * The first line of what was asked in it.
 */
prompt?: string
/**
 * How it ended.
 */
outcome?: string
/**
 * The step that it is at.
 */
current?: {
id: string
kind: string
title?: string
startedAt: number
}
/**
 * Sub-sessions and sub-agents of it that are at work.
 */
thinking?: {
/**
 * The sub-session, where it has one of its own.
 */
session?: string
/**
 * The step that the sub-agent works for, where it works in the same session.
 */
step?: string
/**
 * The sub-agent's name, or what it was asked for.
 */
name: string
since: number
}[]
counts: {
turns: number
steps: number
tools: number
/**
 * Tool calls that failed.
 */
failed: number
}
}
/**
 * The two sides have agreed on a protocol version.
 */
export interface AgentConnected {
type: "agent-connected"
protocol: number
agent?: Party
client?: Party
/**
 * The client serves fs/*.
 */
files: boolean
terminals: boolean
/**
 * The version that the client asked for, if another.
 */
asked?: number
/**
 * The client shows notices; left out where it does not say so.
 */
notices?: boolean
/**
 * The agent takes resources in prompts; left out where it does not say so.
 */
embeds?: boolean
}
/**
 * A program at one end of the connection, as it names itself.
 */
export interface Party {
name: string
title?: string
version?: string
}
/**
 * An answer to a request that nobody had made, or that was answered already.
 */
export interface AnswerUnmatched {
type: "answer-unmatched"
/**
 * Who answered.
 */
from: ("editor" | "agent")
/**
 * The id's text as it was on the wire.
 */
id: string
}
/**
 * A branch that HEAD does not name was made, moved, renamed or deleted.
 */
export interface BranchMoved {
type: "branch-moved"
branch: string
/**
 * Its name before, when it was renamed.
 */
was?: string
cause: ("created" | "moved" | "renamed" | "deleted")
from?: string
to?: string
/**
 * What git's log says, cut.
 */
message?: string
actor: Actor
}
/**
 * Who moved a repository's HEAD, as far as a hook was a witness of it; never guessed.
 */
export interface Actor {
/**
 * own: an agent behind the sidecar that wrote this. other: one behind another. person: somebody at a terminal, and no agent that we know. unknown: no hook told, or hooks told different things.
 */
kind: ("own" | "other" | "person" | "unknown")
/**
 * The writer whose agent it was, for own and other.
 */
run?: string
}
/**
 * The editor asked the agent to stop.
 */
export interface CancelAsked {
type: "cancel-asked"
turn?: string
/**
 * If it is only about this tool call or terminal.
 */
step?: string
}
/**
 * A checkpoint could not be taken: there is no way back to that moment.
 */
export interface CheckpointFailed {
type: "checkpoint-failed"
/**
 * prompt: before it was handed to the agent. turn, step: when it had ended. late: after work that came after its turn. write: before an announced write. safety, undone: before and after an undo or a restore. look: to compare with.
 */
reason: ("opened" | "prompt" | "turn" | "step" | "late" | "write" | "asked" | "safety" | "undone" | "import" | "look")
turn?: string
step?: string
why: string
}
/**
 * The workspace as it was is kept.
 */
export interface CheckpointTaken {
type: "checkpoint-taken"
checkpoint: string
/**
 * prompt: before it was handed to the agent. turn, step: when it had ended. late: after work that came after its turn. write: before an announced write. safety, undone: before and after an undo or a restore. look: to compare with. import: to keep what an agent's own log says.
 */
reason: ("opened" | "prompt" | "turn" | "step" | "late" | "write" | "asked" | "safety" | "undone" | "look" | "import")
turn?: string
step?: string
undo?: string
label?: string
/**
 * Of the shadow repository.
 */
commit: string
tree: string
/**
 * Paths that were read anew.
 */
changed?: number
/**
 * Paths that are not kept yet.
 */
uncaptured?: number
/**
 * Why it is less than whole.
 */
degraded?: string
tookMs?: number
}
/**
 * Old checkpoints were forgotten.
 */
export interface CheckpointsPruned {
type: "checkpoints-pruned"
dropped: number
bytesBefore: number
bytesAfter: number
}
/**
 * The agent said which slash commands it has.
 */
export interface CommandsOffered {
type: "commands-offered"
names: string[]
}
/**
 * Words were put before a prompt so that the agent knows: the only bytes of a prompt that are not the person's.
 */
export interface ContextAdded {
type: "context-added"
turn?: string
/**
 * The alert that they tell of.
 */
drift?: string
/**
 * Exactly as the agent got it.
 */
text: string
/**
 * The earlier session that they tell of.
 */
resumes?: string
/**
 * They went as a resource of this name; left out where they went as text.
 */
uri?: string
}
/**
 * The ground has moved under a session. Before a prompt it is written down before the agent gets that.
 */
export interface DriftFound {
type: "drift-found"
found: FoundDrift
/**
 * The one whose prompt waited; left out when it was seen between turns.
 */
turn?: string
/**
 * An alert that nobody had resolved, and that this one goes on from.
 */
replaces?: string
}
/**
 * That the ground has moved under a session, and what that means for it.
 */
export interface FoundDrift {
/**
 * Its id.
 */
drift: string
/**
 * notice: somebody moved HEAD, and the session's files are the same. alert: what it knows is not so any more.
 */
level: ("notice" | "alert")
before: Ground
after: Ground
/**
 * base-gone: the commit that it builds on is no longer part of the history. on-default-branch: what it does lands there from now on.
 */
reasons: ("files-differ" | "base-gone" | "branch-deleted" | "on-default-branch" | "branch-switched" | "head-moved")[]
/**
 * The last of them; none where nothing is known of them.
 */
causes: DriftCause[]
files: FileDrift[]
/**
 * So many more differ.
 */
filesLeftOut?: number
}
/**
 * Where a repository is, as far as a session builds on it.
 */
export interface Ground {
/**
 * Its root.
 */
worktree: string
/**
 * Left out when HEAD is detached.
 */
branch?: string
/**
 * Left out when there is no commit yet.
 */
head?: string
/**
 * It is going on; what it does is told at its end.
 */
operation?: ("rebase" | "merge" | "cherry-pick" | "revert" | "bisect")
}
/**
 * What moved the ground, and who did it.
 */
export interface DriftCause {
/**
 * The event that tells of it.
 */
what: ("head-moved" | "branch-moved" | "stash-changed")
/**
 * As that event says.
 */
cause: string
actor: Actor
from?: string
to?: string
fromBranch?: string
branch?: string
message?: string
}
/**
 * A file that a session knows, and that is not as it knows it.
 */
export interface FileDrift {
/**
 * Relative to the workspace.
 */
path: string
/**
 * What the session did with it.
 */
known: ("read" | "edited")
now: ("changed" | "removed" | "appeared")
}
/**
 * Somebody decided what becomes of a session whose ground had moved.
 */
export interface DriftResolved {
type: "drift-resolved"
/**
 * The alert; left out when there was none.
 */
drift?: string
/**
 * fork: its state goes on under the new branch. fast-forward: it takes the new ground for its own. rebuild: it should read files again. returned: the ground is as it was before, by itself.
 */
how: ("fork" | "fast-forward" | "rebuild" | "ignore" | "returned")
before: Ground
after: Ground
/**
 * That the alert named.
 */
files: FileDrift[]
}
/**
 * So many entries stood just before this one, until the history had to be shortened.
 */
export interface EntriesDropped {
type: "entries-dropped"
entries: number
}
/**
 * The agent read a file through the editor.
 */
export interface FileRead {
type: "file-read"
turn?: string
step?: string
path: string
bytes?: number
/**
 * When the whole file was read.
 */
blob?: string
line?: number
limit?: number
problem?: Problem
}
/**
 * An error as JSON-RPC carries it.
 */
export interface Problem {
code: number
message: string
}
/**
 * A session has seen a file, and the wire did not tell its content: this is what lay on the disk then.
 */
export interface FileSeen {
type: "file-seen"
turn?: string
step?: string
/**
 * Relative to the workspace, with slashes.
 */
path: string
/**
 * Null: it was not there.
 */
blob: (string | null)
/**
 * disk: the wire told of a read. own: the session changed it. part: only some lines were read. guess: best effort, from a command.
 */
how: ("disk" | "own" | "part" | "guess")
}
/**
 * The agent wrote a file through the editor.
 */
export interface FileWritten {
type: "file-written"
turn?: string
step?: string
path: string
bytes: number
blob: string
problem?: Problem
}
/**
 * The wire named files that a step reads or changes.
 */
export interface FilesClaimed {
type: "files-claimed"
turn: string
step: string
claims: Claim[]
}
/**
 * What the wire says was done to one path. A claim, not the truth: the truth is on the disk.
 */
export interface Claim {
/**
 * As the wire gave it; absolute in nearly all cases.
 */
path: string
/**
 * write: changed in a way that the wire does not tell.
 */
operation: ("read" | "write" | "add" | "modify" | "delete" | "move" | "copy")
/**
 * Where in the message the path was found.
 */
source: ("diff" | "changes" | "location" | "raw-input" | "permission" | "tool-response" | "fs" | "command")
/**
 * Where it was, for a move or a copy.
 */
oldPath?: string
line?: number
/**
 * Only some of its lines were read.
 */
part?: boolean
/**
 * Git blob id of the old text in the claim: of the whole file if `whole`, of a part of it if not.
 */
before?: string
/**
 * Git blob id of the new text in the claim.
 */
after?: string
/**
 * The texts of the claim are whole files.
 */
whole?: boolean
/**
 * Lines in the new text that are not in the old.
 */
added?: number
removed?: number
}
/**
 * Files went back: an undo, a restore, or one that a crash had interrupted.
 */
export interface FilesRestored {
type: "files-restored"
undo: string
of?: {
kind: ("session" | "turn" | "step" | "undo" | "checkpoint" | "lost")
id: string
}
/**
 * The checkpoint taken before it.
 */
safety?: string
written: string[]
removed: string[]
/**
 * Left as they were, because somebody else wrote them.
 */
kept?: string[]
/**
 * Changed at that very moment, and so left alone.
 */
skipped?: string[]
rolledForward?: boolean
}
/**
 * A message had waited for a judgement until its deadline, and was forwarded without one.
 */
export interface GateTimedOut {
type: "gate-timed-out"
gate: string
afterMs: number
}
/**
 * HEAD was moved by one operation of git, whoever did it.
 */
export interface HeadMoved {
type: "head-moved"
/**
 * As git's own log says. orphan: to a branch without a commit. unlogged: git's log says nothing of it.
 */
cause: ("commit" | "amend" | "merge" | "pull" | "rebase" | "cherry-pick" | "revert" | "reset" | "checkout" | "orphan" | "bisect" | "rename" | "am" | "clone" | "update-ref" | "other" | "unlogged")
/**
 * Left out when there was no commit.
 */
from?: string
/**
 * Left out when there is no commit yet.
 */
to?: string
/**
 * Left out when HEAD was detached.
 */
fromBranch?: string
/**
 * Left out when HEAD is detached.
 */
branch?: string
/**
 * Of operations of several steps; done where it is left out. left: it was neither finished nor taken back.
 */
ended?: ("done" | "aborted" | "left")
/**
 * What git's log says, cut.
 */
message?: string
actor: Actor
/**
 * A hook told of it, too.
 */
heard: boolean
}
/**
 * What was said in old sessions was dropped to keep the history within its budget.
 */
export interface HistoryShortened {
type: "history-shortened"
/**
 * Journal files that were written anew.
 */
files: number
/**
 * Whose.
 */
writers: string[]
/**
 * Entries that lost what was said in them.
 */
bodies: number
/**
 * Entries that were dropped altogether.
 */
entries: number
/**
 * Journals and index.
 */
bytesBefore: number
/**
 * Journals.
 */
bytesAfter: number
limitBytes: number
}
/**
 * Hooks that a person had installed were gone when a session began, as some hook managers leave it.
 */
export interface HooksMended {
type: "hooks-mended"
hooks: ("post-checkout" | "post-commit" | "post-merge" | "post-rewrite")[]
/**
 * left: it is not ours to put them back, and it was said so.
 */
how: ("reinstalled" | "left")
}
/**
 * A decision or a question was written down in a session.
 */
export interface ItemNoted {
type: "item-noted"
section: ("decisions" | "questions")
id: string
text: string
by: ("person" | "agent" | "clew")
turn?: string
}
/**
 * A line that was forwarded but not understood: no JSON, too long, too deep, too many values, not UTF-8.
 */
export interface LineKeptOpaque {
type: "line-kept-opaque"
from: ("editor" | "agent")
why: ("too-long" | "too-deep" | "too-many" | "not-utf8" | "not-json" | "not-a-message")
bytes: number
sha256: string
/**
 * Its beginning, redacted.
 */
text?: string
/**
 * Its beginning, when it is not UTF-8.
 */
base64?: string
}
/**
 * Lines of somebody else that the agent had not seen went by its write. They can be given back.
 */
export interface LinesOverwritten {
type: "lines-overwritten"
alert: string
turn?: string
step?: string
path: string
lines: number
/**
 * Where they stood in the version before.
 */
lost: LostLines[]
/**
 * The version that the agent knew; null for none.
 */
known: (string | null)
before: string
/**
 * null: the file is gone.
 */
after: (string | null)
/**
 * The one before the loss, which still has them.
 */
checkpoint: string
/**
 * The step named the file; or nobody else was at work, as far as we know.
 */
evidence: ("claimed" | "during")
}
/**
 * Lines of somebody else that are, or would be, gone: where they stood.
 */
export interface LostLines {
/**
 * The first one.
 */
line: number
count: number
}
/**
 * A message that clew has no meaning for, kept as it came if it is small.
 */
export interface MessageKept {
type: "message-kept"
from: ("editor" | "agent")
method: string
kind: ("request" | "notification" | "update")
bytes: number
/**
 * Its parameters, redacted; left out past 4 KB.
 */
data?: {
[k: string]: unknown
}
turn?: string
}
/**
 * A part of a message or thought; its parts joined are the whole.
 */
export interface MessageSaid {
type: "message-said"
turn: string
step: string
role: ("user" | "agent" | "thought")
/**
 * Counted from 0 in each step.
 */
part: number
text: string
attachments?: Attachment[]
}
/**
 * The recorder could not keep up, and this much of the traffic was forwarded without being recorded.
 */
export interface NotesDropped {
type: "notes-dropped"
from: ("editor" | "agent")
lines: number
bytes: number
}
/**
 * A permission question was answered.
 */
export interface PermissionAnswered {
type: "permission-answered"
step: string
outcome: ("allowed" | "rejected" | "cancelled" | "failed")
/**
 * Id of the chosen answer.
 */
choice?: string
always?: boolean
by: ("editor" | "clew" | "agent")
afterMs: number
}
/**
 * The agent asked before doing something.
 */
export interface PermissionAsked {
type: "permission-asked"
turn: string
/**
 * The permission's own step.
 */
step: string
/**
 * The tool step that it is about.
 */
on?: string
title?: string
choices: Choice[]
}
/**
 * One answer that a permission question offers.
 */
export interface Choice {
id: string
name: string
/**
 * allow_once, allow_always, reject_once, reject_always or what the wire said.
 */
kind: string
}
/**
 * Where the workspace was when a turn of the session had ended, written when it differs from the last time.
 */
export interface PlaceNoted {
type: "place-noted"
/**
 * Left out when HEAD is detached, and without a repository.
 */
branch?: string
/**
 * Left out when there is no commit.
 */
head?: string
tree?: TreeStatus
after?: LayerOrigin
}
/**
 * What differs on the disk from the index of git, as far as sizes and times tell.
 */
export interface TreeStatus {
/**
 * Tracked files that differ.
 */
changed: number
/**
 * Tracked files that are gone.
 */
missing: number
/**
 * Of their paths, sizes and times: the same as long as nothing more changes.
 */
digest: string
}
/**
 * Which earlier session a session goes on from, and how near that is.
 */
export interface LayerOrigin {
session: string
/**
 * same-commit: it ended on this branch and commit. ancestor: on this branch, at a commit that HEAD grew out of. parent-branch: the same on another branch. rewritten: on this branch, at a commit that HEAD did not grow out of, as far as git's logs tell. no-repository: the last one here.
 */
how: ("same-commit" | "ancestor" | "parent-branch" | "rewritten" | "no-repository")
branch?: string
head?: string
/**
 * How many moves of HEAD lie between, as git's logs tell.
 */
moves?: number
}
/**
 * The agent's plan, whole, after a change.
 */
export interface PlanChanged {
type: "plan-changed"
turn?: string
/**
 * The agent's id for the plan.
 */
plan?: string
entries: PlanEntry[]
removed?: boolean
/**
 * A plan that is a text.
 */
text?: string
/**
 * A plan that is a file.
 */
uri?: string
}
/**
 * A session has read a file of which no version was taken note of.
 */
export interface ReadSkipped {
type: "read-skipped"
turn?: string
step?: string
/**
 * Relative to the workspace, with slashes.
 */
path: string
/**
 * restless: it was written all the while. busy: too many others waited.
 */
reason: ("too-large" | "unreadable" | "restless" | "busy")
bytes?: number
}
/**
 * The back thread died and was started again; what went by meanwhile is not recorded.
 */
export interface RecorderRestarted {
type: "recorder-restarted"
why: string
}
/**
 * The sidecar closed its journal in good order.
 */
export interface RecordingEnded {
type: "recording-ended"
/**
 * Who ended it.
 */
reason: ("editor-left" | "agent-left" | "signal" | "failure")
/**
 * The agent's exit code.
 */
code?: number
signal?: string
}
/**
 * Recording had stopped because the disk refused, and goes on.
 */
export interface RecordingResumed {
type: "recording-resumed"
why: string
/**
 * Events that could not be kept.
 */
lost: number
afterMs: number
}
/**
 * A sidecar began to record this workspace.
 */
export interface RecordingStarted {
type: "recording-started"
workspace: string
pid: number
/**
 * clew's version.
 */
clew: string
/**
 * The agent's command line.
 */
command: string[]
label?: string
branch?: string
/**
 * Commit that HEAD names.
 */
head?: string
/**
 * What hooks behind this run's agent know it by: the name of its first writer.
 */
run?: string
platform: string
node: string
/**
 * What is done about stale edits.
 */
stale?: ("refuse" | "ask" | "warn" | "off")
}
/**
 * A request was answered with an error.
 */
export interface RequestFailed {
type: "request-failed"
/**
 * Who had asked.
 */
from: ("editor" | "agent")
method: string
problem: Problem
turn?: string
}
/**
 * A request was cancelled by the side that made it.
 */
export interface RequestWithdrawn {
type: "request-withdrawn"
from: ("editor" | "agent")
method?: string
turn?: string
}
/**
 * The session's title, model, mode or another option changed.
 */
export interface SessionChanged {
type: "session-changed"
title?: string
model?: string
mode?: string
options?: {
id: string
value: string
}[]
}
/**
 * The session was closed or deleted on the wire.
 */
export interface SessionClosed {
type: "session-closed"
how: ("close" | "delete")
}
/**
 * The agent showed a notice.
 */
export interface SessionNoticed {
type: "session-noticed"
text: string
level?: string
}
/**
 * A conversation with the agent began, or was taken up again.
 */
export interface SessionOpened {
type: "session-opened"
/**
 * seen: traffic named a session that was never opened here.
 */
how: ("new" | "load" | "resume" | "fork" | "seen")
/**
 * The agent's own id for it.
 */
agentSession: string
cwd?: string
/**
 * The session it was forked from, or whose sub-agent it is.
 */
parent?: string
model?: string
mode?: string
title?: string
/**
 * Additional directories.
 */
folders?: string[]
/**
 * Other options than model and mode, as they were at first.
 */
options?: {
id: string
value: string
}[]
}
/**
 * Loading a session sent its history again; none of it is recorded twice.
 */
export interface SessionReplayed {
type: "session-replayed"
messages: number
steps: number
}
/**
 * The editor asked the agent for its sessions.
 */
export interface SessionsListed {
type: "sessions-listed"
count: number
}
/**
 * An agent was about to write over a version of a file that it had never seen, and would have lost what somebody else wrote.
 */
export interface StaleEditFound {
type: "stale-edit-found"
turn?: string
step?: string
path: string
/**
 * Where it was met: the write itself, the question for permission, the editor's answer to it, a host that asked.
 */
gate: ("write" | "permission" | "answer" | "host")
verdict: ("refused" | "asked" | "warned")
/**
 * Id of the question to the person.
 */
question?: string
seen: Sighting
/**
 * What is on disk; null for nothing.
 */
found: (string | null)
/**
 * What the agent was about to write.
 */
wanted: string
/**
 * Lines of the version on disk that would be gone.
 */
lost: LostLines[]
/**
 * Lines that somebody took away and that would be back.
 */
revived: number
}
/**
 * What an agent last saw of a file.
 */
export interface Sighting {
/**
 * Git's blob id; null when it saw that there was no such file.
 */
blob: (string | null)
at: number
turn?: string
step?: string
/**
 * The whole text went by; it said that it reads; it wrote this; it saw a part; a command that reads, as far as we can tell.
 */
how: ("wire" | "disk" | "own" | "part" | "guess")
}
/**
 * A person said what is to become of a stale edit, or nobody did.
 */
export interface StaleEditSettled {
type: "stale-edit-settled"
turn?: string
step?: string
question: string
path: string
/**
 * none: the question was cancelled; the edit is refused then.
 */
choice: ("overwrite" | "merge" | "refuse" | "none")
/**
 * What goes to the editor instead of what the agent asked for.
 */
written?: string
}
/**
 * Work was put into the stash, or taken out of it.
 */
export interface StashChanged {
type: "stash-changed"
/**
 * dropped: by pop, drop or clear.
 */
cause: ("pushed" | "dropped")
commits: string[]
/**
 * What git's log says, cut.
 */
message?: string
actor: Actor
}
/**
 * The state of the project was changed: by a command, by an edit of its file, or by what a session left.
 */
export interface StateChanged {
type: "state-changed"
/**
 * import: somebody edited the file. rolled: taken over from a session. resolved: somebody chose between versions.
 */
how: ("set" | "import" | "rolled" | "resolved")
by: ("person" | "agent" | "clew" | "unknown")
/**
 * Of an import: the checksum of the file as it was before.
 */
base?: string
/**
 * Of an import: the checksum of the file that was read.
 */
file?: string
why?: string
changes: ItemChange[]
}
/**
 * One change of one item: which versions of it are replaced, and by what.
 */
export interface ItemChange {
id: string
section: ("purpose" | "milestones" | "checkpoints" | "decisions" | "questions" | "tasks")
/**
 * The versions it was made of; none for a new item.
 */
was: string[]
value?: StateItem
}
/**
 * One item of the project's state. Keys of other names are somebody's own, and kept.
 */
export interface StateItem {
id: string
text?: string
/**
 * Of a milestone: open or done. Of a question: open or answered.
 */
status?: string
answer?: string
/**
 * UTC, as ISO 8601 has it.
 */
at?: string
/**
 * agent, person or clew
 */
by?: string
branch?: string
/**
 * Of a decision: the commit that carries it. Of a checkpoint: where HEAD was.
 */
commit?: string
/**
 * clew's own, to go back to.
 */
checkpoint?: string
why?: string
/**
 * Ids of tasks that belong to it.
 */
tasks?: string[]
/**
 * Where it was rolled from.
 */
origin?: {
session: string
turn?: string
}
[k: string]: unknown
}
/**
 * Something about an open step became known.
 */
export interface StepChanged {
type: "step-changed"
step: string
title?: string
toolKind?: string
toolName?: string
/**
 * As the wire said; of an ended step only if it differs from its outcome.
 */
status?: string
output?: Output
exitCode?: number
/**
 * It came after the step's turn had ended. A late status corrects the outcome that the step was closed with.
 */
late?: boolean
}
/**
 * What a tool printed or answered: its size, its hash, and for commands a shortened, redacted text.
 */
export interface Output {
bytes: number
sha256: string
text?: string
/**
 * The text is only the beginning and the end.
 */
cut?: boolean
/**
 * The hash and the text are of this much only, for more was not held.
 */
hashedBytes?: number
}
/**
 * A step came to its end.
 */
export interface StepEnded {
type: "step-ended"
step: string
/**
 * interrupted: nobody said how it ended.
 */
outcome: ("completed" | "failed" | "cancelled" | "rejected" | "interrupted")
afterMs: number
output?: Output
exitCode?: number
problem?: string
late?: boolean
/**
 * The agent's or the host's own id of the message that it is, or is about.
 */
message?: string
/**
 * What it drew on.
 */
sources?: Attachment[]
}
/**
 * A step of a turn began. Written before it has finished.
 */
export interface StepStarted {
type: "step-started"
turn: string
step: string
kind: ("tool" | "message" | "thought" | "terminal" | "question")
/**
 * For messages.
 */
role?: ("agent" | "user")
title?: string
tool?: {
/**
 * The agent's id for the call.
 */
call: string
/**
 * read, edit, execute … as the wire said.
 */
kind?: string
name?: string
/**
 * False if an update or a permission question came first.
 */
announced: boolean
}
/**
 * It came after its turn had ended.
 */
late?: boolean
/**
 * The step that this one is a part of, for sub-agents.
 */
parent?: string
/**
 * The agent's or the host's own id of the message that it is, or is about.
 */
message?: string
}
/**
 * A task of the project was added or changed by clew. What people write into the file themselves is in the file only.
 */
export interface TaskChanged {
type: "task-changed"
task: string
title: string
how: ("added" | "edited" | "started" | "done" | "promoted")
status: ("open" | "active" | "blocked" | "done" | "dropped")
/**
 * Its status before, where that changed.
 */
before?: ("open" | "active" | "blocked" | "done" | "dropped")
by?: string
evidence?: TaskEvidence
/**
 * The recording behind whose agent the command ran, as its environment said.
 */
run?: string
}
/**
 * What shows that a task is done.
 */
export interface TaskEvidence {
commits: string[]
checkpoints: string[]
sessions: string[]
files: string[]
}
/**
 * A turn came to its end.
 */
export interface TurnEnded {
type: "turn-ended"
turn: string
/**
 * The stop reason (end_turn, max_tokens, refusal, cancelled …), error, interrupted, quiet for a turn that the agent began, idle or unknown if the agent gave no reason.
 */
outcome: string
problem?: Problem
usage?: Usage
afterMs: number
/**
 * Models that worked in it, as the agent told.
 */
models?: string[]
}
/**
 * Tokens that a turn used, as the agent counted them.
 */
export interface Usage {
total?: number
input?: number
output?: number
cachedRead?: number
cachedWrite?: number
thought?: number
}
/**
 * A turn began: a prompt, or work that the agent began by itself.
 */
export interface TurnStarted {
type: "turn-started"
turn: string
origin: ("prompt" | "agent")
/**
 * Past 16 KB only its beginning; the whole then follows as a message of the user.
 */
prompt?: string
attachments?: Attachment[]
}
/**
 * How full the context is, and what it has cost.
 */
export interface UsageReported {
type: "usage-reported"
turn?: string
used?: number
size?: number
cost?: Cost
}
/**
 * What the agent says the session has cost so far.
 */
export interface Cost {
amount: number
currency: string
}
/**
 * An earlier run ended without a word; what it left open is closed as interrupted.
 */
export interface WriterLost {
type: "writer-lost"
writer: string
lastSeq: number
}
/**
 * `config.json` in the state home (for a person) or in a workspace's state folder: only what was set.
 */
export interface Config {
v: number
"history.max_bytes"?: number
resume?: boolean
}
/**
 * identity.json in a workspace's state folder: which folder this state belongs to.
 */
export interface Identity {
v: number
id: string
/**
 * Real path.
 */
path: string
device: string
inode: string
/**
 * When the folder was made, in nanoseconds since 1970, where the file system keeps that: an inode number alone is soon given to another folder.
 */
born?: string
gitCommonDir?: string
}
/**
 * The first line of every journal file.
 */
export interface JournalHeader {
clew: "journal"
/**
 * Format version.
 */
v: number
/**
 * ULID of the run that writes this file.
 */
writer: string
/**
 * 1 for the first file of the writer, then 2, 3 …
 */
file: number
/**
 * Seq of the last entry before this file; 0 in the first.
 */
seq: number
/**
 * Milliseconds since 1970.
 */
at: number
/**
 * Id of the workspace's state folder.
 */
workspace: string
/**
 * sum of the last line of the writer's file before; zeros in the first.
 */
prev: string
/**
 * The file was written anew to keep the history within its budget.
 */
shortened?: {
/**
 * Milliseconds since 1970, when that was last done.
 */
at: number
/**
 * Entries of which what was said was left out: they are here without it.
 */
bodies: number
/**
 * Entries that were left out altogether. Numbers are missing for them.
 */
entries: number
/**
 * By so many the file became shorter.
 */
bytes: number
/**
 * sum of the last line as it was first written: the next file follows that one.
 */
last: string
/**
 * And its seq.
 */
lastSeq: number
}
/**
 * First 16 hex digits of SHA-256 over the line's bytes up to `,"sum":`.
 */
sum: string
}
/**
 * Every other line: one event in its envelope.
 */
export interface JournalLine {
/**
 * Counted from 1 in each writer; numbers are missing only before a recording-resumed that says how many.
 */
seq: number
/**
 * Milliseconds since 1970, by the machine's clock; for people. Order never comes from it.
 */
at: number
/**
 * Milliseconds since the writer began, never going back.
 */
mono: number
session?: string
/**
 * See schemas/event.
 */
event: {

}
/**
 * sum of the line before.
 */
prev: string
sum: string
}
/**
 * `<writer>.live` beside a writer's journal files: which process writes them. Gone when the writer closed in good order.
 */
export interface Lease {
/**
 * Format version.
 */
v: number
writer: string
pid: number
/**
 * Host name.
 */
host: string
/**
 * Linux: the kernel's boot id. Empty elsewhere.
 */
boot: string
/**
 * Linux: the pid namespace, in which alone the pid means something. Empty elsewhere.
 */
space: string
/**
 * When the process started: on Linux clock ticks since boot, elsewhere milliseconds since 1970.
 */
started: string
/**
 * Where this process tells of progress that is in no journal: a socket that only its user may open.
 */
socket?: string
}
/**
 * `project_state.json`: what is known of the project beyond its sessions. One item to a line, so that git can merge it; an item that stands twice is a conflict, and who deletes a line decides it.
 */
export interface LongLayer {
version: 1
purpose: StateItem[]
milestones: StateItem[]
checkpoints: StateItem[]
decisions: StateItem[]
questions: StateItem[]
tasks: StateItem[]
conflicts: StateConflict[]
/**
 * Items that were left out of the file to keep it within its budget; they are in the journal.
 */
earlier?: {
checkpoints?: number
milestones?: number
questions?: number
}
}
/**
 * An item that was changed in two ways at once: both are kept until somebody chooses.
 */
export interface StateConflict {
id: string
section: ("purpose" | "milestones" | "checkpoints" | "decisions" | "questions" | "tasks")
/**
 * Items: Without a value it was removed.
 */
sides: {
version: string
/**
 * UTC, as ISO 8601 has it.
 */
at?: string
how?: string
by?: string
value?: StateItem
}[]
}
/**
 * The file .clew/project_tasks.yaml: what there is to do. People and clew write it; keys that clew does not know are left alone.
 */
export interface ProjectTasks {
version: 1
tasks?: ({
id: string
title: string
/**
 * open where it is left out.
 */
status?: ("open" | "active" | "blocked" | "done" | "dropped")
owner?: (string | null)
/**
 * Ids of tasks that must be done before.
 */
depends_on?: (string[] | null)
evidence?: ({
commits?: (string[] | null)
checkpoints?: (string[] | null)
sessions?: (string[] | null)
files?: (string[] | null)
[k: string]: unknown
} | null)
target?: ({
commit?: string
milestone?: string
[k: string]: unknown
} | null)
notes?: (string | null)
origin?: ({
session?: string
entry?: string
[k: string]: unknown
} | null)
created?: ({
by?: string
/**
 * A moment, as 2026-11-21T10:00:00Z.
 */
at?: string
[k: string]: unknown
} | null)
updated?: ({
by?: string
/**
 * A moment, as 2026-11-21T10:00:00Z.
 */
at?: string
[k: string]: unknown
} | null)
[k: string]: unknown
}[] | null)
[k: string]: unknown
}
/**
 * `sessions/<UTC time>_<branch>.json`: what one session asked for, did, and left open. Derived from the journal, one item to a line.
 */
export interface ShortLayer {
version: 1
session: string
/**
 * The agent's own id for it.
 */
agentSession?: string
/**
 * The session it was forked from, or whose sub-agent it is.
 */
parent?: string
agent?: Party
label?: string
model?: string
title?: string
/**
 * closed: on the wire. ended: its run is over. forked: a person let it go on under another branch, in a layer of its own; this is what it was under this one.
 */
state: ("open" | "closed" | "ended" | "forked")
/**
 * UTC, as ISO 8601 has it.
 */
startedAt: string
/**
 * UTC, as ISO 8601 has it.
 */
updatedAt: string
/**
 * Left out when HEAD is detached, and without a repository.
 */
branch?: string
/**
 * The commit that HEAD named.
 */
head?: string
tree?: TreeStatus
after?: LayerOrigin
/**
 * Which branch its state was brought along from, when a person decided so.
 */
forked?: {
/**
 * UTC, as ISO 8601 has it.
 */
at: string
branch?: string
head?: string
}
/**
 * The last entry of the journal that is in here.
 */
through?: {
writer: string
seq: number
}
/**
 * What was summarised to stay within the budget.
 */
earlier?: {
turns: number
/**
 * UTC, as ISO 8601 has it.
 */
from?: string
/**
 * UTC, as ISO 8601 has it.
 */
to?: string
/**
 * Files whose line was dropped.
 */
edited: number
/**
 * The same for files that were read.
 */
read: number
}
turns: TurnSummary[]
/**
 * What the agent's plan says is not done.
 */
pending: {
text: string
status: string
priority?: string
/**
 * The agent's id for the plan.
 */
plan?: string
}[]
edited: TouchedFile[]
read: TouchedFile[]
/**
 * Commands that look like tests.
 */
tests: {
command: string
/**
 * running, completed, failed, cancelled, rejected or interrupted
 */
outcome: string
exitCode?: number
turn?: string
/**
 * No file was said to be edited after it began.
 */
afterLastEdit: boolean
}[]
alerts: {
/**
 * UTC, as ISO 8601 has it.
 */
at: string
text: string
turn?: string
}[]
checkpoints: {
id: string
/**
 * UTC, as ISO 8601 has it.
 */
at: string
reason: string
turn?: string
}[]
commits: {
commit: string
/**
 * UTC, as ISO 8601 has it.
 */
at: string
cause: string
/**
 * As part/actor says: own, other, person or unknown.
 */
by?: string
branch?: string
message?: string
}[]
/**
 * Tasks of the project that were changed while it was open: each as it was left.
 */
tasks?: LayerTask[]
decisions: SaidItem[]
questions: SaidItem[]
/**
 * What came of it, as lines of Markdown.
 */
digest?: string[]
}
/**
 * One turn in few words.
 */
export interface TurnSummary {
turn: string
/**
 * UTC, as ISO 8601 has it.
 */
at: string
/**
 * Its first line.
 */
prompt?: string
/**
 * Left out while it goes on.
 */
outcome?: string
tookMs?: number
/**
 * The end of what the agent said last.
 */
said?: string
/**
 * Tool calls.
 */
tools?: number
/**
 * Files.
 */
edited?: number
/**
 * Lines, as claimed.
 */
added?: number
/**
 * Lines, as claimed.
 */
removed?: number
}
/**
 * A file that a session read or edited.
 */
export interface TouchedFile {
/**
 * Relative to the workspace where it is inside.
 */
path: string
/**
 * Its version then, where the whole file was seen.
 */
blob?: string
/**
 * Best effort: only the text of a command says that it was read.
 */
guess?: true
/**
 * Lines, as claimed.
 */
added?: number
/**
 * Lines, as claimed.
 */
removed?: number
/**
 * The last turn that did.
 */
turn?: string
}
/**
 * A task of the project that was changed while a session was open, as it was left.
 */
export interface LayerTask {
task: string
title: string
/**
 * added, edited, started, done or promoted: what was done last.
 */
how: string
status: string
/**
 * UTC, as ISO 8601 has it.
 */
at: string
by?: string
/**
 * The session's own agent did it.
 */
own?: boolean
}
/**
 * A decision or a question that somebody wrote down.
 */
export interface SaidItem {
id: string
text: string
/**
 * UTC, as ISO 8601 has it.
 */
at: string
/**
 * agent, person or clew
 */
by?: string
/**
 * The commit that carries it.
 */
commit?: string
}
/**
 * $/cancelRequest, a notification of the client: it does not wait for that answer any more. What only reads is left in the middle, and answered with -32800; what has begun to change something is finished, and answered.
 */
export interface CancelRequest {
params: {
/**
 * Of the request.
 */
id: (string | number)
}
}
/**
 * A notification of the client: the server's process ends, with exit code 0 after shutdown and 1 without it.
 */
export interface Exit {
params: {
[k: string]: unknown
}
}
/**
 * The first request of every connection: which version of this protocol is spoken, who is who, and what there is. Everything else is refused before it.
 */
export interface Initialize {
params: {
/**
 * Those that the client speaks; the newest that both speak is taken. Left out: whatever the server speaks.
 */
protocolVersions?: number[]
clientInfo?: Party
/**
 * The client's process: when it is gone, the server ends.
 */
processId?: (number | null)
/**
 * What the client can do.
 */
capabilities?: {
[k: string]: unknown
}
[k: string]: unknown
}
result: {
protocolVersion: number
serverInfo: Party
/**
 * The handle of the workspace that the server was started with; requests that name none mean it.
 */
workspace?: string
capabilities: {
/**
 * Everything that can be asked; rpc.discover says it in full.
 */
methods: string[]
/**
 * $/cancelRequest is heard.
 */
cancellation: boolean
/**
 * A request with a workDoneToken gets $/progress.
 */
progress: boolean
batches: boolean
limits: {
bodyBytes: number
openRequests: number
/**
 * 0 for none.
 */
timeLimitMs: number
}
}
}
}
/**
 * A notification of the client: it has read the answer to initialize.
 */
export interface Initialized {
params: {
[k: string]: unknown
}
}
/**
 * $/progress, a notification of the server about a request that had a workDoneToken and takes longer than 300 ms.
 */
export interface ProgressMade {
params: {
token: (string | number)
value: {
kind: ("begin" | "report" | "end")
/**
 * At the beginning: the method.
 */
title?: string
cancellable?: boolean
message?: string
}
}
}
/**
 * Ends all sessions and closes all workspaces of this connection. Only exit may follow.
 */
export interface Shutdown {
params: {

}
result: null
}
/**
 * A checkpoint, as lists show it.
 */
export interface CheckpointCard {
id: string
at: number
reason: string
label?: string
session?: string
turn?: string
step?: string
undo?: string
commit: string
tree: string
pinned: boolean
degraded?: string
/**
 * How many paths it changed against the one before it, when asked for.
 */
paths?: number
}
/**
 * What to do with paths that somebody else wrote too. A folder stands for all in it, . for everything.
 */
export interface Choices {
keep?: string[]
overwrite?: string[]
merge?: string[]
}
/**
 * Where an edit comes from, as it is put beside lines and commits: the one form of it.
 */
export interface EditMetadata {
/**
 * unknown: nobody knows; nobody is called human for want of evidence.
 */
source: ("agent" | "contested" | "unknown")
agent?: string
model?: string
session?: string
/**
 * The agent's own id of the session.
 */
thread?: string
turn?: string
/**
 * When the turn began; milliseconds since 1970.
 */
messageAt?: number
/**
 * The tool call.
 */
step?: string
/**
 * Where that is recorded: the journal's file, and the entry's number behind a #.
 */
log?: string
/**
 * The file, relative to the workspace.
 */
path: string
}
/**
 * What one path was before and after, and how its text differs. It says what changed, not who changed it.
 */
export interface FileChange {
/**
 * Relative to the workspace. A byte that is not UTF-8 stands as U+DC80 to U+DCFF.
 */
path: string
/**
 * Where it was, when it was renamed.
 */
oldPath?: string
/**
 * mode: only its rights changed, such as that to run it. type: a file became a link, or the other way round.
 */
status: ("added" | "removed" | "modified" | "renamed" | "mode" | "type")
before?: FileVersion
after?: FileVersion
/**
 * How its content can be told; only text and link have hunks. missing: a version was never captured, or is damaged.
 */
kind: ("text" | "binary" | "link" | "mode" | "too-large" | "missing")
/**
 * Lines.
 */
added: number
removed: number
/**
 * Of a renamed file, in per cent.
 */
similarity?: number
hunks?: Hunk[]
/**
 * Too much to compare line by line: the hunks are right, but not as small as they could be.
 */
coarse?: boolean
/**
 * Why there is less than a whole comparison.
 */
why?: string
}
/**
 * What a path was: a file's bytes or a link's target, by git blob id.
 */
export interface FileVersion {
mode: ("100644" | "100755" | "120000" | "040000")
oid: string
/**
 * As chmod takes them, where they differ by more than the mode says.
 */
rights?: string
/**
 * Its size, where it was looked at.
 */
bytes?: number
}
/**
 * Changes of a text that stand close together, with the lines around them, as in a patch.
 */
export interface Hunk {
/**
 * First line in the text before, from 1; with no lines there, the line it follows.
 */
oldStart: number
oldLines: number
newStart: number
newLines: number
/**
 * Each with ' ', '-' or '+' in front, without its newline; '\ No newline at end of file' after a line that has none. A byte that is not UTF-8 stands as U+DC80 to U+DCFF.
 */
lines: string[]
/**
 * The numbers of its changes, counted through the file from 1, whatever the context: an undo takes one by this number. Each is a run of '-' and '+' lines.
 */
changes: number[]
}
/**
 * What becomes of one hook.
 */
export interface HookPlan {
hook: ("post-checkout" | "post-commit" | "post-merge" | "post-rewrite")
/**
 * file: a file of ours. block: at the top of a shell script. dispatcher: ours in its place, which runs the one that stood there. config: git's config names it. lefthook, outside: a person must put it there. blocked: nothing can be put there.
 */
route: ("file" | "block" | "dispatcher" | "config" | "lefthook" | "outside" | "blocked")
/**
 * The file that has our block.
 */
path: string
/**
 * asks: a person must do what `say` says.
 */
outcome: ("added" | "renewed" | "present" | "asks" | "refused" | "removed" | "absent")
say?: string
}
/**
 * Something wrong in a journal file.
 */
export interface JournalProblem {
file: string
/**
 * Counted from 1.
 */
line?: number
/**
 * Byte where the damage begins.
 */
offset?: number
kind: ("torn-tail" | "bad-line" | "bad-chain" | "bad-header" | "missing-file" | "newer-version" | "unreadable")
message: string
}
/**
 * A session's layer, as lists show it.
 */
export interface LayerCard {
session: string
state: string
/**
 * UTC, as ISO 8601 has it.
 */
startedAt: string
/**
 * UTC, as ISO 8601 has it.
 */
updatedAt: string
branch?: string
head?: string
agent?: string
title?: string
turns: number
/**
 * Things its plan says are not done.
 */
open: number
file: string
}
/**
 * A session that lines come from, by its names.
 */
export interface LineAuthor {
session: string
agent?: string
model?: string
/**
 * The agent's own id of the session.
 */
thread?: string
title?: string
}
/**
 * Lines that stand together and come from the same place.
 */
export interface LineRange {
start: number
/**
 * The last of them.
 */
end: number
/**
 * W: the wire told this very text. L: the agent's own log, or a note, told it. X: nothing told it, and only one agent can have been it. C: more than one can. U: nobody knows.
 */
grade: ("W" | "L" | "X" | "C" | "U")
/**
 * formatter: somebody else set its spaces, quotes or breaks. moved: it stood elsewhere before. file: the file is known as a whole only; this was its last change.
 */
flags?: ("formatter" | "moved" | "file")[]
session?: string
turn?: string
/**
 * The tool call. Left out where several of the turn can have been it.
 */
step?: string
/**
 * The tool calls that can have been it.
 */
among?: string[]
/**
 * The checkpoint that had it first; left out where it was there before, or was never seen.
 */
seen?: string
/**
 * When that tool call began, or else when it was first seen; milliseconds since 1970. For people: nothing is judged by it.
 */
at?: number
}
/**
 * How many lines are known how well.
 */
export interface LineTotals {
lines: number
W: number
L: number
X: number
C: number
U: number
/**
 * Of these, with the flag.
 */
formatter: number
moved: number
}
/**
 * What an undo or a restore means for one path.
 */
export interface PathPlan {
path: string
/**
 * identical: already so. ours: on disk is what the undone range wrote. foreign: somebody wrote in or after it. unknown: there is nothing to go back to. contested: another may have written it. unclaimed: it changed meanwhile, and nobody said to have done it.
 */
kind: ("identical" | "ours" | "foreign" | "unknown" | "contested" | "unclaimed")
outcome: ("none" | "back" | "merged" | "kept" | "asks")
/**
 * What happens on the disk.
 */
does?: ("write" | "create" | "remove")
evidence?: ("claimed" | "during" | "contested" | "unclaimed")
/**
 * Lines on disk now that going back would lose.
 */
lost: string[]
why?: string
}
/**
 * The last version of a file that a session has seen.
 */
export interface SeenFile {
/**
 * Relative to the workspace, with slashes.
 */
path: string
/**
 * Git blob id of what was seen; null: it was not there.
 */
blob: (string | null)
at: number
turn?: string
step?: string
/**
 * wire: the whole text went over the wire. disk: the wire told of a read, and this was on the disk then. own: the session wrote it. part: only some lines were read. guess: best effort, from a command.
 */
how: ("wire" | "disk" | "own" | "part" | "guess")
}
/**
 * A session in a list.
 */
export interface SessionCard {
id: string
agentSession: string
how: string
agent?: string
agentVersion?: string
client?: string
label?: string
branch?: string
cwd?: string
title?: string
model?: string
mode?: string
parent?: string
startedAt: number
lastAt: number
state: ("running" | "ended" | "interrupted")
cost?: Cost
usage?: Usage
/**
 * Changes that nobody claimed and claims that no change bears out, as far as was looked; see log/show.
 */
holes?: number
turnCount: number
turns: TurnCard[]
}
/**
 * A turn in a list.
 */
export interface TurnCard {
id: string
session: string
/**
 * 1 for the session's first turn.
 */
n: number
origin: ("prompt" | "agent")
/**
 * Its first line, at most 200 characters.
 */
prompt?: string
startedAt: number
durationMs?: number
state: ("running" | "ended" | "interrupted")
outcome?: string
steps: number
/**
 * Tool calls.
 */
tools: number
/**
 * Tool calls that failed.
 */
failed: number
/**
 * Paths claimed as changed, relative to the workspace where they are inside.
 */
files: string[]
usage?: Usage
branch?: string
/**
 * Alerts: lines of somebody else that went unseen. Left out for none.
 */
overwritten?: number
/**
 * Edits that were based on an older version. Left out for none.
 */
stale?: number
}
/**
 * What came of a session, made of its layer and of the project's state alone: the same input gives the same digest.
 */
export interface SessionDigest {
session: string
state: string
agent?: string
title?: string
branch?: string
head?: string
/**
 * UTC, as ISO 8601 has it.
 */
startedAt: string
/**
 * UTC, as ISO 8601 has it.
 */
updatedAt: string
after?: LayerOrigin
turns: number
/**
 * What was asked, and what came of it; the last ones.
 */
asked: {
prompt?: string
outcome?: string
said?: string
}[]
lines: {
/**
 * claims: what the agent said it changed, for want of better.
 */
source: ("attribution" | "claims")
added: number
removed: number
}
files: {
path: string
added?: number
removed?: number
/**
 * Lines of the file as it is now, by author.
 */
by?: {
author: string
lines: number
}[]
}[]
decisions: {
text: string
commit?: string
}[]
commits: {
commit: string
message?: string
by?: string
}[]
/**
 * Tasks of the project that were changed meanwhile; left out where there are none.
 */
tasks?: LayerTask[]
tests: {
afterLastEdit: {
command: string
outcome: string
exitCode?: number
}[]
/**
 * Runs before the last edit, which say nothing about what there is now.
 */
before: number
}
open: {
kind: ("plan" | "question" | "turn" | "tree")
text: string
}[]
alerts: string[]
}
/**
 * Where what was told of a session and what the disk has do not meet.
 */
export interface SessionHoles {
/**
 * Changes during its turns that nobody claimed, and that no single agent must have made.
 */
unclaimed: {
path: string
/**
 * The first that has it.
 */
checkpoint: string
/**
 * How many lines nobody is credited with; 0 of a file that went.
 */
lines: number
}[]
/**
 * Claims that no change on the disk bears out.
 */
unchanged: {
path: string
step: string
}[]
/**
 * Tool calls of which neither the wire said how they ended, nor the disk shows what they did.
 */
unconfirmed: string[]
}
/**
 * An entry of an agent's plan, followed over all that the agent said of it.
 */
export interface SessionTaskCard {
/**
 * Made of the session and the words that it had at first.
 */
id: string
title: string
status: ("open" | "active" | "blocked" | "done" | "dropped")
/**
 * It is active, and nobody works in its session any more.
 */
stalled: boolean
/**
 * The agent's plan still has it.
 */
listed: boolean
priority?: string
/**
 * The agent's name for the plan, where it has several.
 */
plan?: string
/**
 * Other words that it had, oldest first.
 */
earlier: string[]
firstAt: number
lastAt: number
firstTurn?: string
lastTurn?: string
/**
 * Changed while it was active, as far as the agent said.
 */
files: string[]
/**
 * The task of the project that it became.
 */
promoted?: string
}
/**
 * One setting, as it counts here.
 */
export interface Setting {
key: string
/**
 * Left out where it has none.
 */
value?: (string | number | boolean)
from: ("workspace" | "user" | "default")
about: string
}
/**
 * A step of a turn.
 */
export interface StepCard {
id: string
turn: string
session: string
/**
 * tool, message, thought, terminal, question or permission.
 */
kind: string
title?: string
toolKind?: string
toolName?: string
call?: string
role?: string
/**
 * running, completed, failed, cancelled, rejected, allowed or interrupted.
 */
state: string
startedAt: number
durationMs?: number
late?: boolean
/**
 * What was said, or the question.
 */
text?: string
/**
 * The text is only the beginning; the step itself shows more.
 */
cut?: boolean
output?: Output
exitCode?: number
problem?: string
claims: Claim[]
on?: string
choice?: string
}
/**
 * A task of the project.
 */
export interface TaskCard {
id: string
title: string
status: ("open" | "active" | "blocked" | "done" | "dropped")
owner?: string
dependsOn: string[]
evidence: TaskEvidence
/**
 * What it is to be in.
 */
target?: {
commit?: string
milestone?: string
}
notes?: string
/**
 * The entry of an agent's plan that it was.
 */
origin?: {
session?: string
entry?: string
}
created?: {
by?: string
/**
 * A moment, as 2026-11-21T10:00:00Z.
 */
at?: string
}
updated?: {
by?: string
/**
 * A moment, as 2026-11-21T10:00:00Z.
 */
at?: string
}
/**
 * Where it stands in the file.
 */
line: number
/**
 * It is open, and all that it depends on is done.
 */
ready: boolean
/**
 * What it depends on and is not done.
 */
blockedBy: string[]
/**
 * Commits that perhaps show that it is done; `accept` takes them.
 */
proposed?: TaskProposal[]
/**
 * It is active, and nobody works any more in the sessions that are named with it.
 */
stalled?: boolean
}
/**
 * A commit that perhaps shows that a task is done.
 */
export interface TaskProposal {
commit: string
title: string
/**
 * named: its message has the task's id. same-files: it changes exactly the files of the task.
 */
why: ("named" | "same-files")
}
/**
 * A place in the file of tasks that cannot be, or was perhaps meant otherwise.
 */
export interface TaskFlaw {
line: number
column: number
message: string
hint?: string
}
/**
 * A record of Agent Trace 0.1.0, as clew writes it.
 */
export interface TraceRecord {
version: "0.1.0"
/**
 * Made of what the record says: the same again has the same id.
 */
id: string
/**
 * RFC 3339, UTC: of the commit, or of the turn.
 */
timestamp: string
/**
 * Left out of a provisional record, which is of a turn.
 */
vcs?: {
type: "git"
revision: string
}
tool: {
name: string
version: string
}
files: {
path: string
conversations: {
url?: string
contributor: {
type: ("ai" | "unknown")
model_id?: string
}
ranges: {
start_line: number
end_line: number
content_hash: string
}[]
related?: {
type: string
url: string
}[]
}[]
}[]
metadata: {
"dev.clew": {
/**
 * What is hashed, and how.
 */
contentHash: string
provisional?: boolean
/**
 * Ids of earlier records that this one takes the place of.
 */
supersedes?: string[]
/**
 * Git blob id of each file.
 */
blobs: {
[k: string]: string
}
evidence: {
path: string
range: LineRange
}[]
edits: EditMetadata[]
excluded?: {
path: string
why: string
}[]
}
}
}
/**
 * How far a trace goes: of each writer the number of the last entry that it has in it. A writer that is not named has none. Two of them are put together by the greater number of each writer, in any order and as often as one likes; so it is exact across writers, processes and machines, and no clock has a say in it.
 */
export interface TraceSeq {
[k: string]: number
}
/**
 * What notifications of the live trace carry, by their names. A row or a card comes whole each time it changes, under the name that says what it is now.
 */
export interface TraceTold {
/**
 * A turn, a step or a mark began, or something of one that is going on changed.
 */
"agent_session:step:started"?: {
subscription: string
row: TraceRow
}
/**
 * The text of a step that is going on: of each step at most one in 50 ms, and whole, so that one may be missed. It is in no journal.
 */
"agent_session:step:progress"?: {
subscription: string
session: string
step: string
/**
 * The end of the text so far, at most 4096 characters, without what may yet turn out to be a secret.
 */
content: string
/**
 * So many characters come before.
 */
from: number
}
/**
 * One came to its end, whatever that was, or something of one that had ended changed.
 */
"agent_session:step:completed"?: {
subscription: string
row: TraceRow
}
/**
 * A session began to work on something.
 */
"agent_session:started"?: {
subscription: string
card: TraceCard
}
/**
 * Something that a session's card shows has changed.
 */
"agent_session:progress"?: {
subscription: string
card: TraceCard
}
/**
 * A session has done what it was asked, or was stopped.
 */
"agent_session:completed"?: {
subscription: string
card: TraceCard
}
/**
 * What a session was asked for failed, or nobody works on it any more.
 */
"agent_session:failed"?: {
subscription: string
card: TraceCard
}
/**
 * A file that the session knows is no longer as it knows it.
 */
"context:file-stale"?: {
subscription: string
session: string
path: string
/**
 * The event that tells of it in the journal.
 */
why: string
/**
 * The step that wrote, or was about to.
 */
step?: string
}
/**
 * Everything up to here was told: where to take it up after a break, as afterSeq.
 */
"trace:reached"?: {
subscription: string
seq: TraceSeq
}
/**
 * One who wrote of this workspace is gone, and what it left open was told to be interrupted. Others may go on with its sessions.
 */
"trace:writer-gone"?: {
subscription: string
writer: string
}
/**
 * The subscription has ended for a fault of ours; begin anew.
 */
"trace:ended"?: {
subscription: string
message: string
}
}
/**
 * Who wrote the lines of commits, or of turns, as records of Agent Trace 0.1.0.
 */
export interface AttributionExport {
params: {
/**
 * Commits, or ranges such as main..HEAD; HEAD unless told.
 */
revs?: string[]
/**
 * Turns: provisional records, of the files as the turn left them.
 */
turns?: string[]
/**
 * A file of records written before: what it has is left out, and what is superseded is said.
 */
earlier?: string
}
result: {
records: TraceRecord[]
/**
 * How many are left out because the earlier file has them.
 */
known: number
}
}
/**
 * Take an agent's own log as a second witness of who wrote what, also of a time when clew was not there.
 */
export interface AttributionImport {
params: {
/**
 * A log of Claude Code, Codex or Qwen Code, as it lies in ~/.claude/projects, ~/.codex/sessions or ~/.qwen/projects.
 */
file: string
}
result: {
agent: string
/**
 * Of files of this workspace.
 */
edits: number
/**
 * Of files elsewhere: passed over.
 */
outside: number
/**
 * Taken before: passed over.
 */
known: number
/**
 * That keeps them; left out where there was nothing new.
 */
checkpoint?: string
}
}
/**
 * Recompute every hash of exported records, and fold everything anew to compare with what is kept.
 */
export interface AttributionVerify {
params: {
/**
 * A file of records; .agent-trace/traces.jsonl of the workspace unless told.
 */
file?: string
}
result: {
records: number
/**
 * Whose hashes were recomputed.
 */
ranges: number
/**
 * Records that a later one takes the place of, of commits that are gone.
 */
superseded: number
/**
 * Ranges without a hash, or with one of a kind that clew does not know.
 */
unknown: number
/**
 * Versions of files that were folded anew.
 */
versions: number
problems: string[]
sound: boolean
}
}
/**
 * Who wrote the lines that a commit added, file by file, with totals.
 */
export interface BlameCommit {
params: {
rev: string
}
result: {
commit: string
title: string
/**
 * As the commit has it: who committed the lines, not who wrote them.
 */
author: string
files: {
path: string
blob: string
/**
 * Only of the lines that the commit added.
 */
ranges: LineRange[]
totals: LineTotals
/**
 * Why its lines are not counted in the totals of the commit.
 */
excluded?: string
}[]
totals: LineTotals
authors: LineAuthor[]
notes?: string[]
}
}
/**
 * Who wrote each line of a file, and how that is known.
 */
export interface BlameFile {
params: {
/**
 * Relative to the workspace, or absolute.
 */
path: string
/**
 * A commit: a branch, a tag, HEAD~2, the beginning of an id. Left out: the file as it is now.
 */
rev?: string
/**
 * The first line wanted.
 */
from?: number
to?: number
}
result: {
path: string
/**
 * Git blob id of the version that this is about.
 */
blob: string
commit?: string
ranges: LineRange[]
/**
 * Their text, from the first line wanted on; without line ends.
 */
lines: string[]
totals: LineTotals
authors: LineAuthor[]
/**
 * What this answer cannot know, for people.
 */
notes?: string[]
}
}
/**
 * Where one line comes from: what was asked, which tool call it was, and the evidence for that.
 */
export interface BlameWhy {
params: {
path: string
line: number
rev?: string
}
result: {
path: string
text: string
blob: string
commit?: string
range: LineRange
metadata: EditMetadata
/**
 * What was asked in that turn.
 */
prompt?: string
step?: StepCard
/**
 * How that is known and how sure it is, for people.
 */
evidence: string[]
notes?: string[]
}
}
/**
 * What differs between two checkpoints, or between one and the files as they are now.
 */
export interface CheckpointDiff {
params: {
/**
 * Id of a checkpoint, or its end; or a turn, step or session: the checkpoint before it; or @checkpoint, @turn~2.
 */
from: string
/**
 * The same; left out: the files as they are now, of which a checkpoint is taken.
 */
to?: string
/**
 * Only these, and what is under them; relative to the workspace, or absolute.
 */
paths?: string[]
/**
 * Lines around each change; 3 unless told.
 */
context?: number
/**
 * How much text of hunks at most; 32 MiB unless told. What is left out says so.
 */
limitBytes?: number
}
result: {
/**
 * Id of the checkpoint.
 */
from: string
to: string
files: FileChange[]
/**
 * Hunks were left out because of limitBytes.
 */
truncated?: boolean
/**
 * What this comparison cannot know, for people.
 */
notes?: string[]
}
}
/**
 * The checkpoints there are, newest first.
 */
export interface CheckpointList {
params: {
limit?: number
session?: string
turn?: string
}
result: {
checkpoints: CheckpointCard[]
more: boolean
}
}
/**
 * Keep a checkpoint whatever its age, or no longer.
 */
export interface CheckpointPin {
params: {
id: string
pinned?: boolean
}
result: {
checkpoint: CheckpointCard
}
}
/**
 * What going back to a checkpoint would do. Changes nothing.
 */
export interface CheckpointPlan {
params: {
checkpoint: string
paths?: string[]
/**
 * Symbolic links that lead out of the workspace are made again too; without it they are refused.
 */
outsideLinks?: boolean
}
result: {
undo?: string
of: {
kind: ("session" | "turn" | "step" | "undo" | "checkpoint")
id: string
}
/**
 * False when a path asks; then nothing was done.
 */
ready: boolean
paths: PathPlan[]
safety?: string
written?: string[]
removed?: string[]
skipped?: string[]
/**
 * What became of the conversation.
 */
conversation?: string
}
}
/**
 * Forget old checkpoints, and give their space back.
 */
export interface CheckpointPrune {
params: {
keepLast?: number
olderThanDays?: number
limitBytes?: number
dryRun?: boolean
}
result: {
dropped: string[]
bytesBefore: number
bytesAfter: number
}
}
/**
 * Go back to a checkpoint.
 */
export interface CheckpointRestore {
params: {
checkpoint: string
paths?: string[]
/**
 * Symbolic links that lead out of the workspace are made again too; without it they are refused.
 */
outsideLinks?: boolean
}
result: {
undo?: string
of: {
kind: ("session" | "turn" | "step" | "undo" | "checkpoint")
id: string
}
/**
 * False when a path asks; then nothing was done.
 */
ready: boolean
paths: PathPlan[]
safety?: string
written?: string[]
removed?: string[]
skipped?: string[]
/**
 * What became of the conversation.
 */
conversation?: string
}
}
/**
 * Keep the workspace as it is now.
 */
export interface CheckpointTake {
params: {
label?: string
pinned?: boolean
/**
 * Only look at these: quicker, and the rest stays as last seen.
 */
paths?: string[]
}
result: {
checkpoint: CheckpointCard
changed: number
uncaptured: number
tookMs: number
}
}
/**
 * What is set, for this workspace or for you.
 */
export interface ConfigGet {
params: {
key?: string
}
result: {
settings: Setting[]
}
}
/**
 * Set something for this workspace or for you, or take it back.
 */
export interface ConfigSet {
params: {
key: string
/**
 * As a person types it; left out: no longer set.
 */
value?: string
/**
 * For all your workspaces.
 */
user?: boolean
}
result: {
setting: Setting
file: string
}
}
/**
 * Holds what a session has seen against what lies on the disk now.
 */
export interface ContextCheck {
params: {
/**
 * Id, or its end, or @session, which it is unless told.
 */
session?: string
/**
 * Only these, relative to the workspace.
 */
paths?: string[]
}
result: {
session: string
/**
 * By path.
 */
files: {
seen: SeenFile
/**
 * stale: another version lies on the disk now, or none. unknown: what lies there cannot be told.
 */
state: ("current" | "stale" | "unknown")
/**
 * What lies on the disk now; null: nothing.
 */
found?: (string | null)
/**
 * Why it is unknown.
 */
why?: string
}[]
/**
 * How many are stale.
 */
stale: number
}
}
/**
 * Which version of which files a session has seen last, in whatever turn or run of it.
 */
export interface ContextRead {
params: {
/**
 * Id, or its end, or @session, which it is unless told.
 */
session?: string
/**
 * Only these, relative to the workspace.
 */
paths?: string[]
}
result: {
session: string
/**
 * By path.
 */
files: SeenFile[]
}
}
/**
 * Looks whether everything that clew needs is there and works: Node, SQLite, the state folder, the index, git and its hooks. Changes nothing.
 */
export interface DoctorCheck {
params: {

}
result: {
/**
 * clew's version.
 */
clew: string
node: {
version: string
wanted: string
ok: boolean
}
platform: string
state: {
path: string
/**
 * Something of this workspace is.
 */
recorded: boolean
freeBytes?: number
}
recorders: {
writer: string
pid: number
label?: string
}[]
/**
 * Its version; left out when it is not on PATH.
 */
git?: string
hooks?: {
hook: ("post-checkout" | "post-commit" | "post-merge" | "post-rewrite")
/**
 * How it is reached: see hooks/status.
 */
route: string
/**
 * The file that should have it.
 */
path: string
/**
 * Whether it would run: see hooks/status.
 */
state: string
/**
 * The file whose core.hooksPath leads git elsewhere.
 */
shadowedBy?: string
/**
 * Events of the repository since it was heard last; left out when it never was.
 */
movesSince?: number
}[]
/**
 * Moves of HEAD since a hook was heard last that a hook should have told of.
 */
bypassed?: number
/**
 * What one run of a hook takes here.
 */
cost?: {
runs: number
p50Ms: number
p95Ms: number
/**
 * The same for a shell that does nothing.
 */
emptyP50Ms: number
}
/**
 * All that was looked at, the worst first.
 */
findings: {
level: ("fine" | "odd" | "bad")
about: ("node" | "sqlite" | "state" | "index" | "recording" | "git" | "hooks" | "repository" | "drift")
text: string
/**
 * What to do about it.
 */
hint?: string
}[]
}
}
/**
 * Decide what becomes of a session whose ground has moved.
 */
export interface DriftResolve {
params: {
/**
 * fork: its state goes on under the branch that is checked out now. fast-forward: it takes the ground as it is now for its own. rebuild: its files are to be read again. ignore: nothing but that the alert is over.
 */
how: ("fork" | "fast-forward" | "rebuild" | "ignore")
/**
 * Its id, the end of it, or the agent's own id for it; it need not be named where only one has an alert.
 */
session?: string
}
result: {
session: string
agentSession: string
/**
 * The alert that is over.
 */
drift?: string
how: ("fork" | "fast-forward" | "rebuild" | "ignore")
before: Ground
after: Ground
/**
 * rebuild: the files to read again.
 */
reread: string[]
/**
 * rebuild: files that it knows, and that are no more.
 */
gone: string[]
}
}
/**
 * Whether sessions stand on the ground that they know: what was found, and what the next prompt would find.
 */
export interface DriftStatus {
params: {
/**
 * Only this one: its id, the end of it, or the agent's own id for it.
 */
session?: string
/**
 * Also sessions that nobody works in.
 */
all?: boolean
}
result: {
ground: Ground
defaultBranch?: string
sessions: {
session: string
agentSession: string
/**
 * Its agent runs behind a sidecar now.
 */
running: boolean
ground: Ground
/**
 * That it has read or edited.
 */
files: number
open?: FoundDrift
ahead?: FoundDrift1
}[]
}
}
/**
 * That the ground has moved under a session, and what that means for it.
 */
export interface FoundDrift1 {
/**
 * Its id.
 */
drift: string
/**
 * notice: somebody moved HEAD, and the session's files are the same. alert: what it knows is not so any more.
 */
level: ("notice" | "alert")
before: Ground
after: Ground
/**
 * base-gone: the commit that it builds on is no longer part of the history. on-default-branch: what it does lands there from now on.
 */
reasons: ("files-differ" | "base-gone" | "branch-deleted" | "on-default-branch" | "branch-switched" | "head-moved")[]
/**
 * The last of them; none where nothing is known of them.
 */
causes: DriftCause[]
files: FileDrift[]
/**
 * So many more differ.
 */
filesLeftOut?: number
}
/**
 * A host's agent has written a file: it is written down, kept, and known to be its own from now on.
 */
export interface FileDidWrite {
params: {
/**
 * Relative to the workspace, or absolute.
 */
path: string
/**
 * Id, or its end, or @session.
 */
session: string
turn?: string
step?: string
}
result: {
path: string
session: string
/**
 * What is there; null when it is gone.
 */
blob: (string | null)
/**
 * The one that has it.
 */
checkpoint: string
}
}
/**
 * Whether a write would lose what somebody else did since its agent saw the file. Writes nothing into the workspace.
 */
export interface FileJudgeWrite {
params: {
/**
 * Relative to the workspace, or absolute.
 */
path: string
/**
 * What is to be written.
 */
content: string
/**
 * Whose write it is: id, or its end; what it has seen is looked up, unless `seen` says it.
 */
session?: string
seen?: {
/**
 * Git's blob id of the version that the agent saw; null when there was no file.
 */
blob: (string | null)
how?: ("wire" | "disk" | "own" | "part" | "guess")
}
/**
 * refuse, unless told.
 */
policy?: ("refuse" | "ask" | "warn")
}
result: {
kind: ("pass" | "refuse" | "ask" | "warn")
/**
 * Why it passes.
 */
why?: ("off" | "unseen" | "guess" | "current" | "identical" | "own" | "unproven" | "keeps")
path: string
seen?: Sighting
/**
 * What is on disk; null for nothing.
 */
found: (string | null)
code?: "CONFLICT"
/**
 * What to tell the agent.
 */
message?: string
/**
 * What changed since it was seen, in short.
 */
diff?: string
lost?: LostLines[]
revived?: number
}
}
/**
 * Drop what was said in the oldest closed sessions until the history is within its budget. Checkpoints and the state stay.
 */
export interface HistoryShorten {
params: {
/**
 * Instead of what is set.
 */
maxBytes?: number
dryRun?: boolean
}
result: {
/**
 * Left out when none is set: then nothing is dropped.
 */
limitBytes?: number
bytesBefore: number
bytesAfter: number
files: number
bodies: number
entries: number
/**
 * Bytes of writers that live, which nobody touches.
 */
held: number
dryRun: boolean
}
}
/**
 * Put clew's hooks into the repository, beside those that are there. Nothing that others share or commit is changed unless asked.
 */
export interface HooksInstall {
params: {
/**
 * Only this one.
 */
hook?: ("post-checkout" | "post-commit" | "post-merge" | "post-rewrite")
dryRun?: boolean
/**
 * Also into files that are committed with the project.
 */
inTree?: boolean
}
result: {
hooks: HookPlan[]
/**
 * What was, or would be, done to files, in order.
 */
steps: {
do: ("make-folder" | "write" | "move" | "link" | "remove" | "remove-folder")
path: string
/**
 * Of move: where to. Of link: what it leads to.
 */
to?: string
}[]
/**
 * Nothing was changed.
 */
dryRun: boolean
}
}
/**
 * Whether git tells us when HEAD moves: per event, which file, and would it run.
 */
export interface HooksStatus {
params: {

}
result: {
hooks: {
hook: ("post-checkout" | "post-commit" | "post-merge" | "post-rewrite")
/**
 * file: a file of ours. block: at the top of a shell script. dispatcher: ours in its place, which runs the one that stood there. config: git's config names it. lefthook, outside: a person must put it there. blocked: nothing can be put there.
 */
route: ("file" | "block" | "dispatcher" | "config" | "lefthook" | "outside" | "blocked")
path: string
/**
 * shadowed: ours stands where git no longer looks. unverified: whether the hook manager runs it cannot be seen.
 */
state: ("installed" | "outdated" | "not-executable" | "shadowed" | "unverified" | "missing")
/**
 * It is committed with the project.
 */
committed: boolean
}[]
folder: {
path: string
/**
 * own: in the repository's data. tree: in the work tree. outside: shared with other repositories.
 */
ground: ("own" | "husky" | "tree" | "outside")
/**
 * core.hooksPath, and the file that sets it.
 */
named?: {
value: string
file: string
}
}
/**
 * Version of the git on PATH.
 */
git?: string
spool: {
path: string
present: boolean
unread: number
}
/**
 * CLEW_OFF=1 is set here.
 */
off: boolean
}
}
/**
 * Take out of the repository what install put in, byte for byte.
 */
export interface HooksUninstall {
params: {
dryRun?: boolean
/**
 * Also what hooks wrote and nobody has read yet.
 */
purge?: boolean
}
result: {
hooks: HookPlan[]
/**
 * What was, or would be, done to files, in order.
 */
steps: {
do: ("make-folder" | "write" | "move" | "link" | "remove" | "remove-folder")
path: string
/**
 * Of move: where to. Of link: what it leads to.
 */
to?: string
}[]
/**
 * Nothing was changed.
 */
dryRun: boolean
/**
 * Files of hooks that were left, because nobody has read them.
 */
unread: number
}
}
/**
 * Build the index anew from the journals.
 */
export interface JournalReindex {
params: {

}
result: {
entries: number
files: number
tookMs: number
}
}
/**
 * Check every journal file: checksums, chain, sequence.
 */
export interface JournalVerify {
params: {

}
result: {
files: {
file: string
writer: string
entries: number
bytes: number
/**
 * Its writer is still running.
 */
open: boolean
}[]
problems: JournalProblem[]
sound: boolean
}
}
/**
 * Sessions and their turns, newest first.
 */
export interface LogQuery {
params: {
/**
 * Id, or its end.
 */
session?: string
agent?: string
/**
 * Milliseconds since 1970.
 */
since?: number
until?: number
/**
 * Only turns that claim to have changed this path or something under it.
 */
path?: string
/**
 * Only turns in whose messages all of these words occur.
 */
grep?: string
/**
 * Turns at most; 50 unless told.
 */
limit?: number
}
result: {
sessions: SessionCard[]
/**
 * There are older turns that were left out.
 */
more: boolean
/**
 * There is more in the journals than the index knew when it was asked.
 */
behind?: boolean
}
}
/**
 * One session, turn or step in full.
 */
export interface LogShow {
params: {
/**
 * Id, or its end, or @session, @turn or @step, with ~1 for the one before.
 */
id: string
}
result: {
kind: ("session" | "turn" | "step")
session: SessionCard
turn?: TurnCard
prompt?: string
steps: StepCard[]
plan?: PlanEntry[]
/**
 * Of a session: what its agent planned, followed over all that the agent said of it.
 */
tasks?: SessionTaskCard[]
/**
 * Files that it changed, as checkpoints tell, and that no tool call named: mostly by commands.
 */
unnamed?: {
path: string
/**
 * during: while it ran, and nobody else can have been it. contested: somebody else can have been it, too.
 */
evidence: ("during" | "contested")
gone?: boolean
}[]
holes?: SessionHoles1
/**
 * What is missing or was not understood.
 */
problems: string[]
/**
 * There is more in the journals than the index knew when it was asked.
 */
behind?: boolean
}
}
/**
 * Of a session with checkpoints.
 */
export interface SessionHoles1 {
/**
 * Changes during its turns that nobody claimed, and that no single agent must have made.
 */
unclaimed: {
path: string
/**
 * The first that has it.
 */
checkpoint: string
/**
 * How many lines nobody is credited with; 0 of a file that went.
 */
lines: number
}[]
/**
 * Claims that no change on the disk bears out.
 */
unchanged: {
path: string
step: string
}[]
/**
 * Tool calls of which neither the wire said how they ended, nor the disk shows what they did.
 */
unconfirmed: string[]
}
/**
 * A list of messages without what follows one of them, and without summaries and truncation markers that only told of what is gone.
 */
export interface MessageRewind {
params: {
/**
 * The oldest first.
 */
messages: {
[k: string]: unknown
}[]
/**
 * Place of the last message that stays, from 0.
 */
index: number
/**
 * That one goes too.
 */
includeTarget?: boolean
/**
 * Summaries and truncation markers stay.
 */
skipCleanup?: boolean
}
result: {
messages: {
[k: string]: unknown
}[]
/**
 * Messages behind the index, and the one there when it was included.
 */
removedCount: number
/**
 * System messages that start with [Conversation Summary] among those that were left.
 */
removedSummaries: number
/**
 * Lines with [Content truncated or [truncated] in those that were left, tool results included.
 */
removedTruncationMarkers: number
}
}
/**
 * Everything that can be asked here, as an OpenRPC document.
 */
export interface RpcDiscover {
params: {

}
result: {
openrpc: string
info: {
title: string
version: string
[k: string]: unknown
}
methods: {
name: string
[k: string]: unknown
}[]
components?: {
[k: string]: unknown
}
[k: string]: unknown
}
}
/**
 * End a session that this connection has started. A turn that is going on ends as interrupted.
 */
export interface SessionEnd {
params: {
session: string
}
result: {
session: string
}
}
/**
 * Sessions of this workspace, newest first, without their turns.
 */
export interface SessionList {
params: {
/**
 * Only sessions whose agent's name has this in it.
 */
agent?: string
/**
 * Only those that go on now, or only those that do not.
 */
running?: boolean
/**
 * Sessions at most; 50 unless told.
 */
limit?: number
}
result: {
sessions: SessionCard[]
/**
 * There may be older ones that were left out.
 */
more: boolean
/**
 * There is more in the journals than the index knew when it was asked.
 */
behind?: boolean
}
}
/**
 * One session with its turns, plan and problems.
 */
export interface SessionShow {
params: {
/**
 * Id, or its end, the agent's own id for it, or @last.
 */
session: string
}
result: {
session: SessionCard
plan?: PlanEntry[]
/**
 * What is missing or was not understood.
 */
problems: string[]
/**
 * There is more in the journals than the index knew when it was asked.
 */
behind?: boolean
}
}
/**
 * Begin a session for a host that drives an agent itself. What is told of it is in the journal, and undone, like that of any other.
 */
export interface SessionStart {
params: {
agent?: Party
/**
 * The host's own id for it; made up when left out.
 */
agentSession?: string
title?: string
model?: string
mode?: string
/**
 * Where it works; the workspace unless told.
 */
cwd?: string
/**
 * The session that it was forked from, or whose sub-agent it is.
 */
parent?: string
}
result: {
session: string
agentSession: string
startedAt: number
}
}
/**
 * Items of the project's state that were changed in two ways at once.
 */
export interface StateConflicts {
params: {

}
result: {
conflicts: StateConflict[]
}
}
/**
 * What came of a session, for people and for the next session.
 */
export interface StateDigest {
params: {
/**
 * Its id, the end of it, or @session, which it is unless told.
 */
session?: string
/**
 * Also what a new session should be told first.
 */
resume?: boolean
/**
 * Of that; 4096 unless told.
 */
maxBytes?: number
}
result: {
digest: SessionDigest
markdown: string
resume?: string
/**
 * Files that the session knew and that are others by now.
 */
stale?: string[]
}
}
/**
 * The layers of this workspace: the project's, and that of one session or the last one.
 */
export interface StateGet {
params: {
/**
 * Its id, the end of it, or @session.
 */
session?: string
/**
 * List the sessions that have a layer, newest first.
 */
sessions?: boolean
/**
 * Of that list; 50 unless told.
 */
limit?: number
}
result: {
project: LongLayer
/**
 * Of each item the versions that stand: more than one is a conflict. Give them back as `was` to change only what you saw.
 */
versions: {
[k: string]: string[]
}
/**
 * The copy in the workspace, where the person wants one.
 */
projected?: {
path: string
/**
 * Why it could not be read or written.
 */
problem?: string
}
session?: ShortLayer
/**
 * Where its layer is kept.
 */
file?: string
sessions?: LayerCard[]
}
}
/**
 * Take over what somebody changed in the file of the project's state: held against the version it was made of.
 */
export interface StateImport {
params: {
dryRun?: boolean
/**
 * Only if the file was last written with this checksum.
 */
base?: string
/**
 * Take this for the file's text; nothing in the workspace is looked at.
 */
text?: string
/**
 * What that text was made of, as state/get told.
 */
versions?: {
[k: string]: string[]
}
}
result: {
path: string
/**
 * The file is there.
 */
found: boolean
base?: string
file?: string
changes: ItemChange[]
conflicts: StateConflict[]
/**
 * Why it was not read, or not written over.
 */
problem?: string
dryRun: boolean
}
}
/**
 * Keep a copy of the state in the workspace, in `.clew/`, where people and agents can read, edit and commit it.
 */
export interface StateInit {
params: {
/**
 * Let git see the sessions too.
 */
share?: boolean
dryRun?: boolean
}
result: {
folder: string
/**
 * Files.
 */
written: string[]
dryRun: boolean
}
}
/**
 * Change the state of the project, or note something in a session until a commit carries it.
 */
export interface StatePatch {
params: {
/**
 * Without an id it is a new item.
 */
put?: {
section: ("purpose" | "milestones" | "checkpoints" | "decisions" | "questions" | "tasks")
item: {
id?: string
text?: string
/**
 * Of a milestone: open or done. Of a question: open or answered.
 */
status?: string
answer?: string
/**
 * UTC, as ISO 8601 has it.
 */
at?: string
/**
 * agent, person or clew
 */
by?: string
branch?: string
/**
 * Of a decision: the commit that carries it. Of a checkpoint: where HEAD was.
 */
commit?: string
/**
 * clew's own, to go back to.
 */
checkpoint?: string
why?: string
/**
 * Ids of tasks that belong to it.
 */
tasks?: string[]
/**
 * Where it was rolled from.
 */
origin?: {
session: string
turn?: string
}
[k: string]: unknown
}
/**
 * Refused when other versions stand by now.
 */
was?: string[]
}[]
remove?: {
id: string
was?: string[]
}[]
/**
 * Which side of a conflict is right.
 */
take?: {
id: string
version: string
}[]
/**
 * person unless told.
 */
by?: ("person" | "agent" | "clew")
/**
 * Only decisions and questions: keep them with this session until its commit lands.
 */
session?: string
}
result: {
/**
 * Ids.
 */
changed: string[]
versions: {
[k: string]: string[]
}
/**
 * The file in the workspace that was written.
 */
projected?: string
}
}
/**
 * End a step, with what it said or printed, what it drew on and which files it names.
 */
export interface StepEnd {
params: {
step: string
/**
 * completed unless told.
 */
outcome?: ("completed" | "failed" | "cancelled" | "rejected")
/**
 * What was said, or what a tool printed: of the latter the beginning is kept, with size and hash of all of it.
 */
content?: string
/**
 * Why it failed.
 */
problem?: string
/**
 * What it drew on.
 */
sources?: Attachment[]
/**
 * Files that it read or changed.
 * 
 * @maxItems 1000
 */
files?: {
/**
 * Absolute, or relative to the workspace.
 */
path: string
operation: ("read" | "write" | "add" | "modify" | "delete" | "move" | "copy")
line?: number
added?: number
removed?: number
}[]
exitCode?: number
/**
 * The host's own id of the message that it is, or is about.
 */
message?: string
}
result: {
session: string
turn: string
step: string
outcome: string
durationMs: number
}
}
/**
 * How far an open step is. Told to whoever follows its session, at most every 50 ms, without secrets; never written down. May as well be sent as a notification.
 */
export interface StepProgress {
params: {
step: string
/**
 * What it has said or printed so far, whole.
 */
content: string
}
result: {
session: string
step: string
}
}
/**
 * Begin a step of a turn that this connection has started. Whoever follows the trace sees it at once; it is open until step/end, or until its turn ends.
 */
export interface StepStart {
params: {
turn: string
kind: ("tool" | "message" | "thought" | "terminal" | "question")
title?: string
/**
 * For messages; the agent's unless told.
 */
role?: ("agent" | "user")
tool?: {
name?: string
/**
 * read, edit, delete, move, search, execute, think, fetch … After a tool that can have written the workspace is kept.
 */
kind?: string
/**
 * The agent's id for the call.
 */
call?: string
}
/**
 * The step that this one is a part of.
 */
parent?: string
/**
 * The host's own id of the message that it is, or is about.
 */
message?: string
}
result: {
session: string
turn: string
step: string
/**
 * Milliseconds since 1970.
 */
startedAt: number
}
}
/**
 * Add a task. The file is made where there is none.
 */
export interface TaskAdd {
params: {
title: string
owner?: string
/**
 * Items: Id, or its beginning, where no other begins so.
 */
dependsOn?: string[]
notes?: string
milestone?: string
/**
 * Commit that it is meant for.
 */
commit?: string
/**
 * Who does it; by default who clew runs for.
 */
by?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
/**
 * There was no such file before.
 */
made: boolean
task: TaskCard
}
}
/**
 * End a task with what shows that it is done: what is named, or else the last commit.
 */
export interface TaskDone {
params: {
/**
 * Id, or its beginning, where no other begins so.
 */
id: string
/**
 * What to add to its evidence.
 */
evidence?: {
commits?: string[]
checkpoints?: string[]
sessions?: string[]
files?: string[]
}
/**
 * The commits that are proposed show it.
 */
accept?: boolean
/**
 * There is nothing to show, and need not be.
 */
bare?: boolean
/**
 * Also when what it depends on is not done.
 */
anyway?: boolean
/**
 * Who does it; by default who clew runs for.
 */
by?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
task: TaskCard
/**
 * What can be begun now, and could not before.
 */
ready: TaskCard[]
/**
 * Commits that were proposed, and not taken.
 */
proposed: TaskProposal[]
}
}
/**
 * Change a task. All else in the file stays as it is, byte for byte.
 */
export interface TaskEdit {
params: {
/**
 * Id, or its beginning, where no other begins so.
 */
id: string
title?: string
status?: ("open" | "active" | "blocked" | "done" | "dropped")
/**
 * null takes it away.
 */
owner?: (string | null)
/**
 * null takes it away.
 */
notes?: (string | null)
/**
 * null takes it away.
 */
milestone?: (string | null)
/**
 * null takes it away.
 */
commit?: (string | null)
/**
 * Items: Id, or its beginning, where no other begins so.
 */
addDependsOn?: string[]
/**
 * Items: Id, or its beginning, where no other begins so.
 */
removeDependsOn?: string[]
/**
 * What to add to its evidence.
 */
addEvidence?: {
commits?: string[]
checkpoints?: string[]
sessions?: string[]
files?: string[]
}
/**
 * What to take out of its evidence.
 */
removeEvidence?: {
commits?: string[]
checkpoints?: string[]
sessions?: string[]
files?: string[]
}
/**
 * Who does it; by default who clew runs for.
 */
by?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
task: TaskCard
}
}
/**
 * Which task waits for which, also as a picture.
 */
export interface TaskGraph {
params: {

}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
exists: boolean
tasks: TaskCard[]
/**
 * A flowchart in the language of Mermaid.
 */
mermaid: string
}
}
/**
 * The tasks of the project, as they stand in its file.
 */
export interface TaskList {
params: {
/**
 * Only these.
 */
status?: ("open" | "active" | "blocked" | "done" | "dropped")[]
/**
 * Also what the agent of this session planned: id, or its end, or @last.
 */
session?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
/**
 * There is such a file.
 */
exists: boolean
tasks: TaskCard[]
/**
 * What was passed over, and perhaps meant otherwise.
 */
doubts: TaskFlaw[]
session?: SessionCard
/**
 * What its agent planned, in the plan's order; what has left it comes last.
 */
entries?: SessionTaskCard[]
/**
 * There is more in the journals than the index knew when it was asked.
 */
behind?: boolean
}
}
/**
 * Make tasks of the project of what an agent planned; each keeps where it comes from.
 */
export interface TaskPromote {
params: {
/**
 * Id, or its end, or @session.
 */
session: string
/**
 * Ids of its entries, or their beginnings; without, all that are not done and still in the plan.
 */
entries?: string[]
/**
 * Each waits for the one before it.
 */
inOrder?: boolean
/**
 * Who does it; by default who clew runs for.
 */
by?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
/**
 * There was no such file before.
 */
made: boolean
promoted: TaskCard[]
/**
 * Those that had been promoted before.
 */
skipped: {
id: string
title: string
/**
 * What it is already.
 */
task: string
}[]
}
}
/**
 * Tasks that can be begun: open, and all that they depend on is done.
 */
export interface TaskReady {
params: {

}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
exists: boolean
tasks: TaskCard[]
}
}
/**
 * Begin a task: it is active, and somebody's.
 */
export interface TaskStart {
params: {
/**
 * Id, or its beginning, where no other begins so.
 */
id: string
/**
 * Whose it is now; stays, where it is somebody's already.
 */
owner?: string
/**
 * The session in which it is done.
 */
session?: string
/**
 * Also when what it depends on is not done.
 */
anyway?: boolean
/**
 * Who does it; by default who clew runs for.
 */
by?: string
}
result: {
/**
 * The file of tasks, where links lead to.
 */
file: string
task: TaskCard
}
}
/**
 * A session's turns and steps, or a card for each session: all of them, or what changed since a snapshot that was taken before.
 */
export interface TraceSnapshot {
params: {
/**
 * Id of a session, or the end of it, or @session. Left out: all sessions of the workspace, a card each.
 */
session?: string
seq?: TraceSeq1
afterSeq?: TraceSeq2
/**
 * At most so many rows (20000 unless told) or cards (100 unless told); the newest.
 */
limit?: number
}
result: {
seq: TraceSeq3
/**
 * The session's whole id.
 */
session?: string
/**
 * In order.
 */
rows: TraceRow[]
/**
 * Newest first; of one session its own card.
 */
cards: TraceCard[]
/**
 * There are older ones beyond the limit.
 */
more?: boolean
/**
 * There is more in the journals than could be taken in now.
 */
behind?: boolean
}
}
/**
 * How far a trace goes: of each writer the number of the last entry that it has in it. A writer that is not named has none. Two of them are put together by the greater number of each writer, in any order and as often as one likes; so it is exact across writers, processes and machines, and no clock has a say in it.
 */
export interface TraceSeq1 {
[k: string]: number
}
/**
 * How far a trace goes: of each writer the number of the last entry that it has in it. A writer that is not named has none. Two of them are put together by the greater number of each writer, in any order and as often as one likes; so it is exact across writers, processes and machines, and no clock has a say in it.
 */
export interface TraceSeq2 {
[k: string]: number
}
/**
 * How far a trace goes: of each writer the number of the last entry that it has in it. A writer that is not named has none. Two of them are put together by the greater number of each writer, in any order and as often as one likes; so it is exact across writers, processes and machines, and no clock has a say in it.
 */
export interface TraceSeq3 {
[k: string]: number
}
/**
 * Be told as it happens what goes on in a session, or in all of them. Notifications flow when it answers; ask trace/snapshot for what was before, with the seq of the answer. Their parameters are in schemas/part/trace-told.json; each has the subscription's name.
 */
export interface TraceSubscribe {
params: {
/**
 * Id of a session, or the end of it, or @session: its rows, their progress and its card. Left out: a card for each session of the workspace.
 */
session?: string
/**
 * A name of the asker's own for it, so that notifications can be told apart that come before the answer.
 */
subscription?: string
}
result: {
subscription: string
/**
 * The session's whole id.
 */
session?: string
seq: TraceSeq4
}
}
/**
 * How far a trace goes: of each writer the number of the last entry that it has in it. A writer that is not named has none. Two of them are put together by the greater number of each writer, in any order and as often as one likes; so it is exact across writers, processes and machines, and no clock has a say in it.
 */
export interface TraceSeq4 {
[k: string]: number
}
/**
 * Be told no more.
 */
export interface TraceUnsubscribe {
params: {
subscription: string
}
result: {
/**
 * False if there was no such subscription any more.
 */
ended: boolean
}
}
/**
 * End a turn: the workspace is kept as it is now, and what was written in between is known as the turn's.
 */
export interface TurnEnd {
params: {
turn: string
/**
 * The stop reason (end_turn, cancelled, error …); end_turn unless told.
 */
outcome?: string
problem?: Problem
usage?: Usage
models?: string[]
}
result: {
session: string
turn: string
outcome: string
durationMs: number
/**
 * The checkpoint after it.
 */
checkpoint?: string
/**
 * Why there is no checkpoint, or why it is less than whole.
 */
why?: string
}
}
/**
 * Begin a turn of a session that this connection has started: the workspace is kept as it is before anything else happens.
 */
export interface TurnStart {
params: {
session: string
/**
 * What was asked; secrets in it are redacted.
 */
prompt?: string
attachments?: Attachment[]
}
result: {
session: string
turn: string
/**
 * The checkpoint before it.
 */
checkpoint?: string
/**
 * Why there is no checkpoint, or why it is less than whole.
 */
why?: string
}
}
/**
 * Undo a session, a turn, a step or an undo; what others wrote stays.
 */
export interface UndoApply {
params: {
/**
 * A session, turn, step or undo; without it, what was done last.
 */
of?: string
/**
 * Instead: an alert of overwritten lines, or @last for the newest; gives those lines back.
 */
lost?: string
/**
 * Only these, and what lies in them.
 */
paths?: string[]
/**
 * Only these hunks of the one path, as the diff numbers them.
 */
hunks?: number[]
choices?: Choices
/**
 * Symbolic links that lead out of the workspace are made again too; without it they are refused.
 */
outsideLinks?: boolean
}
result: {
undo?: string
of: {
kind: ("session" | "turn" | "step" | "undo" | "checkpoint" | "lost")
id: string
}
/**
 * False when a path asks; then nothing was done.
 */
ready: boolean
paths: PathPlan[]
safety?: string
written?: string[]
removed?: string[]
skipped?: string[]
/**
 * What became of the conversation.
 */
conversation?: string
}
}
/**
 * What undoing a session, a turn, a step or an undo would do. Changes nothing.
 */
export interface UndoPlan {
params: {
/**
 * A session, turn, step or undo; without it, what was done last.
 */
of?: string
/**
 * Instead: an alert of overwritten lines, or @last for the newest; gives those lines back.
 */
lost?: string
/**
 * Only these, and what lies in them.
 */
paths?: string[]
/**
 * Only these hunks of the one path, as the diff numbers them.
 */
hunks?: number[]
choices?: Choices
/**
 * Symbolic links that lead out of the workspace are made again too; without it they are refused.
 */
outsideLinks?: boolean
}
result: {
undo?: string
of: {
kind: ("session" | "turn" | "step" | "undo" | "checkpoint" | "lost")
id: string
}
/**
 * False when a path asks; then nothing was done.
 */
ready: boolean
paths: PathPlan[]
safety?: string
written?: string[]
removed?: string[]
skipped?: string[]
/**
 * What became of the conversation.
 */
conversation?: string
}
}
/**
 * Close a workspace that this connection has opened: its sessions are ended, its subscriptions are over.
 */
export interface WorkspaceClose {
params: {

}
result: {
/**
 * The handle, which is refused from now on.
 */
workspace: string
}
}
/**
 * Open a workspace on this connection. Later requests name it by the handle that this answers; nothing else of this machine can be asked about.
 */
export interface WorkspaceOpen {
params: {
/**
 * Any folder inside of it, as an absolute path.
 */
folder: string
}
result: {
/**
 * The handle: the same whenever this workspace is opened again.
 */
workspace: string
/**
 * Where paths in answers begin.
 */
root: string
/**
 * The state folder.
 */
state: string
}
}
/**
 * Which workspace this is, what is recorded of it, and what is unavailable.
 */
export interface WorkspaceStatus {
params: {

}
result: {
workspace: string
/**
 * The state folder.
 */
state: string
repository?: {
branch?: string
head?: string
worktree: boolean
}
recorders: {
writer: string
pid: number
since: number
label?: string
/**
 * What it does about stale edits.
 */
stale?: ("refuse" | "ask" | "warn" | "off")
}[]
journal: {
files: number
bytes: number
entries?: number
lastAt?: number
}
/**
 * How large it is against its budget.
 */
history?: {
/**
 * Journals and index.
 */
bytes: number
/**
 * history.max_bytes; left out when none is set.
 */
limitBytes?: number
}
index: {
state: ("ready" | "behind" | "missing" | "unavailable")
entries?: number
bytes?: number
hint?: string
}
checkpoints: {
state: ("none" | "ready" | "unavailable")
count: number
/**
 * On the disk, in packs of our own.
 */
bytes?: number
/**
 * Of the repository's packs that they rest on: links, which take no space while the repository has the same packs.
 */
baseBytes?: number
lastAt?: number
/**
 * Why the last one is less than whole.
 */
degraded?: string
/**
 * Paths that the last one could not keep.
 */
uncaptured?: number
/**
 * The first of these.
 */
paths?: string[]
hint?: string
}
/**
 * What is kept track of in files that sessions have seen: of those who record now, or of the last one.
 */
context?: {
sessions: number
/**
 * Held in memory.
 */
files: number
reads: number
edits: number
/**
 * What was not taken note of, by reason: outside, too-large, no-file, unreadable, restless, busy.
 */
skips: {
[k: string]: number
}
}
sessions?: number
turns?: number
/**
 * What a person should know.
 */
notes: string[]
}
}
export interface Methods {
  'attribution/export': AttributionExport;
  'attribution/import': AttributionImport;
  'attribution/verify': AttributionVerify;
  'blame/commit': BlameCommit;
  'blame/file': BlameFile;
  'blame/why': BlameWhy;
  'checkpoint/diff': CheckpointDiff;
  'checkpoint/list': CheckpointList;
  'checkpoint/pin': CheckpointPin;
  'checkpoint/plan': CheckpointPlan;
  'checkpoint/prune': CheckpointPrune;
  'checkpoint/restore': CheckpointRestore;
  'checkpoint/take': CheckpointTake;
  'config/get': ConfigGet;
  'config/set': ConfigSet;
  'context/check': ContextCheck;
  'context/read': ContextRead;
  'doctor/check': DoctorCheck;
  'drift/resolve': DriftResolve;
  'drift/status': DriftStatus;
  'file/did-write': FileDidWrite;
  'file/judge-write': FileJudgeWrite;
  'history/shorten': HistoryShorten;
  'hooks/install': HooksInstall;
  'hooks/status': HooksStatus;
  'hooks/uninstall': HooksUninstall;
  'journal/reindex': JournalReindex;
  'journal/verify': JournalVerify;
  'log/query': LogQuery;
  'log/show': LogShow;
  'message/rewind': MessageRewind;
  'rpc.discover': RpcDiscover;
  'session/end': SessionEnd;
  'session/list': SessionList;
  'session/show': SessionShow;
  'session/start': SessionStart;
  'state/conflicts': StateConflicts;
  'state/digest': StateDigest;
  'state/get': StateGet;
  'state/import': StateImport;
  'state/init': StateInit;
  'state/patch': StatePatch;
  'step/end': StepEnd;
  'step/progress': StepProgress;
  'step/start': StepStart;
  'task/add': TaskAdd;
  'task/done': TaskDone;
  'task/edit': TaskEdit;
  'task/graph': TaskGraph;
  'task/list': TaskList;
  'task/promote': TaskPromote;
  'task/ready': TaskReady;
  'task/start': TaskStart;
  'trace/snapshot': TraceSnapshot;
  'trace/subscribe': TraceSubscribe;
  'trace/unsubscribe': TraceUnsubscribe;
  'turn/end': TurnEnd;
  'turn/start': TurnStart;
  'undo/apply': UndoApply;
  'undo/plan': UndoPlan;
  'workspace/close': WorkspaceClose;
  'workspace/open': WorkspaceOpen;
  'workspace/status': WorkspaceStatus;
}
export type Event =
  | AgentConnected
  | AnswerUnmatched
  | BranchMoved
  | CancelAsked
  | CheckpointFailed
  | CheckpointTaken
  | CheckpointsPruned
  | CommandsOffered
  | ContextAdded
  | DriftFound
  | DriftResolved
  | EntriesDropped
  | FileRead
  | FileSeen
  | FileWritten
  | FilesClaimed
  | FilesRestored
  | GateTimedOut
  | HeadMoved
  | HistoryShortened
  | HooksMended
  | ItemNoted
  | LineKeptOpaque
  | LinesOverwritten
  | MessageKept
  | MessageSaid
  | NotesDropped
  | PermissionAnswered
  | PermissionAsked
  | PlaceNoted
  | PlanChanged
  | ReadSkipped
  | RecorderRestarted
  | RecordingEnded
  | RecordingResumed
  | RecordingStarted
  | RequestFailed
  | RequestWithdrawn
  | SessionChanged
  | SessionClosed
  | SessionNoticed
  | SessionOpened
  | SessionReplayed
  | SessionsListed
  | StaleEditFound
  | StaleEditSettled
  | StashChanged
  | StateChanged
  | StepChanged
  | StepEnded
  | StepStarted
  | TaskChanged
  | TurnEnded
  | TurnStarted
  | UsageReported
  | WriterLost;
