/** Each time that the page goes out of sight or away, before its last words are sent; until the signal. */
export function whenLeft(signal: AbortSignal, tell: () => void): void {
  const leave = ({ type }: Event) => {
    if (type === 'pagehide' || document.visibilityState === 'hidden') tell();
  };
  const how = { capture: true, signal };
  document.addEventListener('visibilitychange', leave, how);
  window.addEventListener('pagehide', leave, how);
}
