/** Whether a command looks like one that runs tests: by its words, since nobody says so. */

const shapes: readonly RegExp[] = [
  /\b(?:vitest|jest|mocha|ava|pytest|tox|nose2|rspec|phpunit|ctest|nextest|playwright|cypress)\b/,
  /\b(?:cargo|go|dotnet|mix|swift|deno|bun|zig|dart|flutter|bazel|sbt|lein|rake|gradlew?|mvn|meson) (?:[\w:=./-]+ )*test\b/,
  /\b(?:npm|pnpm|yarn) (?:-\S+ )*(?:run )?(?:t|test|tests|check)(?=$|[\s:;&|)'"`])/,
  /\bnode (?:\S+ )*--test\b/,
  /\bpython\d?(?:\.\d+)? -m (?:pytest|unittest)\b/,
  /\bmake (?:\S+ )*(?:test|tests|check)\b/,
];

export function isTestCommand(text: string): boolean {
  return shapes.some((it) => it.test(text));
}
