export const LOOKED_FOR_MS = 10_000;

/** Whoever types is not leaving. */
export function isTyping(): boolean {
  return document.activeElement?.matches('input, textarea, select, [contenteditable]') ?? false;
}

/**
 * The pointer leaves through the top of the window: on its way to another tab or the close button. Once per page, not
 * in the first seconds, and not while something is being typed.
 */
export function senseExitIntent(report: () => void): () => void {
  if (!matchMedia('(pointer: fine)').matches) return () => undefined;
  const started = performance.now();
  const onLeave = (event: MouseEvent) => {
    if (event.clientY > 0 || isTyping() || performance.now() - started < LOOKED_FOR_MS) return;
    stop();
    report();
  };
  const stop = () => document.documentElement.removeEventListener('mouseleave', onLeave);
  document.documentElement.addEventListener('mouseleave', onLeave);
  return stop;
}
