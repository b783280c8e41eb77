/** Once, when the page goes out of sight or away, before its last words are sent. Returns what ends that. */
export function whenLeft(tell: () => void): () => void {
  const ending = new AbortController();
  const leave = ({ type }: Event) => {
    if (type !== 'pagehide' && document.visibilityState === 'visible') return;
    ending.abort();
    tell();
  };
  const how = { capture: true, signal: ending.signal };
  document.addEventListener('visibilitychange', leave, how);
  window.addEventListener('pagehide', leave, how);
  return () => ending.abort();
}
