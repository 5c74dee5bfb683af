/** Agents that, once allowed, write exactly what they showed when they asked, whatever the file is by then. */

/** opencode lost a line that was added meanwhile in each of three runs; the others look at the file again. */
const names = new Set(['opencode']);

export function writesShown(agentName: string | undefined): boolean {
  return agentName !== undefined && names.has(agentName.toLowerCase());
}
