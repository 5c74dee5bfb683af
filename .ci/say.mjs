/** What set-up and checks say to the person who waits for them: headings, and signs of life. */
const started = Date.now();

export const elapsedSeconds = (since = started) => Math.round((Date.now() - since) / 1000);

export function say(text) {
  process.stdout.write(`${text}\n`);
}

export function sayHeading(text) {
  say(`\n── ${text} ${'─'.repeat(Math.max(0, 68 - text.length))}`);
}

/** Says every ten seconds that `what` is still going on; returns the function that ends it. */
export function keepSaying(what) {
  const since = Date.now();
  const timer = setInterval(() => say(`   … ${what}, ${elapsedSeconds(since)} s`), 10_000);
  return () => clearInterval(timer);
}
