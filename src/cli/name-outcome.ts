/** How a turn ended, in words for people: that it ran to its end is what everybody hopes for. */
export function nameOutcome(outcome: string): string {
  return outcome === 'end_turn' ? 'done' : outcome.replaceAll('_', ' ');
}
