import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts one of the hub's threads: `name` is its file beside this one once built, `source` where it lies among the sources.
 * From sources a thread is TypeScript too, and has to be taught to read it first.
 */
export function startThread(
  name: string,
  source: string,
  workerData: unknown,
  limits: ResourceLimits = {},
): Worker {
  const options = { workerData, resourceLimits: limits };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, import.meta.url), options);
  const file = JSON.stringify(new URL(source, import.meta.url).href);
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${file}); })`;
  return new Worker(boot, { eval: true, ...options });
}
