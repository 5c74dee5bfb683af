/** What an agent last saw of a file, as the guard needs to know it. */

export type Sighting = {
  /** Git's blob id; null when it saw that there was no such file. */
  readonly blob: string | null;
  readonly at: number;
  readonly turn?: string | undefined;
  readonly step?: string | undefined;
  /**
   * wire: the whole text went by. disk: it said that it reads, and this was on disk. own: it wrote this.
   * part: only some of it. guess: a command that reads, as far as we can tell.
   */
  readonly how: 'wire' | 'disk' | 'own' | 'part' | 'guess';
};

/** Good enough to stop somebody for. */
export function isEvidence({ how }: Sighting): boolean {
  return how === 'wire' || how === 'disk' || how === 'own';
}
