const WIDTH = 32;

/** A bar on a terminal; a line every tenth of the way where there is none. */
export function progressBar(total: number, stream: NodeJS.WriteStream): (done: number) => void {
  const started = performance.now();
  let shown = -1;
  return (done) => {
    const percent = Math.floor((100 * done) / total);
    if (percent === shown || (!stream.isTTY && percent % 10 !== 0)) return;
    shown = percent;
    const full = Math.round((WIDTH * done) / total);
    const seconds = (performance.now() - started) / 1_000;
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${String(percent).padStart(3)} %  ${done}/${total}  ${seconds.toFixed(0)} s`;
    stream.write(stream.isTTY ? `\r${bar}${done === total ? '\n' : ''}` : `${bar}\n`);
  };
}
