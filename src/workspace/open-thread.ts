/** Starts a thread of this room from its file, built or not. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A worker that loads TypeScript needs the loader that its parent has; the package has none and needs none. */
export function openThread(name: string, options: WorkerOptions = {}): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const source = new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url);
  if (!isSource) return new Worker(source, options);
  const script = `import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(source.href)});
  })`;
  return new Worker(script, { ...options, eval: true });
}
