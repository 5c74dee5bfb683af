/** Why a checkpoint was taken, in words for people. */
const reasons: Readonly<Record<string, string>> = {
  opened: 'at the beginning',
  prompt: 'before a turn',
  turn: 'after a turn',
  step: 'after a step',
  late: 'after late work',
  write: 'before a write',
  asked: 'asked for',
  safety: 'before an undo',
  undone: 'after an undo',
  look: 'to compare with',
  import: 'for an imported log',
};

export function nameReason(reason: string): string {
  return reasons[reason] ?? reason;
}
