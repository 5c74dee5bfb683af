/** What the agent of the demo does: three turns, as a real one would do them. */

const plan = (...states: readonly string[]) => ({
  plan: ['Find where prices are added up', 'Apply the discount', 'Check it'].map((content, i) => ({
    content,
    status: states[i] ?? 'pending',
    priority: 'medium',
  })),
});

const beat = { pause: 150 };

export const demoScript = {
  agent: { name: 'demo-agent', title: 'Demo agent', version: '1.0.0' },
  turns: [
    [
      { think: 'The sum is made in src/cart.js; the discount belongs there.' },
      plan('in_progress'),
      beat,
      { read: 'src/cart.js' },
      beat,
      { say: 'Prices are added up in `total`; a discount can be applied there.' },
      { usage: { used: 1800, size: 200_000, cost: { amount: 0.004, currency: 'USD' } } },
    ],
    [
      plan('completed', 'in_progress'),
      beat,
      {
        edit: 'src/cart.js',
        from: 'return sum;',
        to: 'return sum * (1 - discount);',
        ask: true,
      },
      beat,
      { edit: 'src/cart.js', from: 'total(items)', to: 'total(items, discount = 0)' },
      plan('completed', 'completed', 'in_progress'),
      { say: 'Done: `total(items, 0.1)` takes ten percent off.' },
      { usage: { used: 3900, size: 200_000, cost: { amount: 0.011, currency: 'USD' } } },
    ],
    [
      { shell: 'node check.mjs' },
      beat,
      {
        shell: "printf '\\n## Discounts\\n\\n`total(items, 0.1)`\\n' >> README.md && rm notes.txt",
      },
      beat,
      plan('completed', 'completed', 'completed'),
      { say: 'It works; README.md says how, and notes.txt is gone.' },
      { usage: { used: 5200, size: 200_000, cost: { amount: 0.016, currency: 'USD' } } },
    ],
  ],
};

export const prompts: readonly string[] = [
  'Where would a discount go?',
  'Add it, please.',
  'Check that it works, note it in the README, and throw my notes away.',
];
