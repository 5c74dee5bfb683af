/** What can be done about an edit that is proven stale; a file of its own, since every start of an agent loads it. */
export const stalePolicies = ['refuse', 'ask', 'warn', 'off'] as const;
export type StalePolicy = (typeof stalePolicies)[number];
