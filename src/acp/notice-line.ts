/** A word of clew's own to the person, for editors that show such, as the protocol wants it. */

export function noticeOf(agentSession: string, title: string, description: string): string {
  const update = { sessionUpdate: 'notice', severity: 'warning', title, description };
  const params = { sessionId: agentSession, update };
  return `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params })}\n`;
}
