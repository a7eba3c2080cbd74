/** How often, in ms, progress is shown: on a terminal, and in a log. */
const intervals = { terminal: 500, log: 30_000 };

/** Shows a sentence on stderr from time to time: in one line of a terminal, or a line each time. What it answers ends that. */
export function showProgress(describe: () => string): () => void {
  const { stderr } = process;
  const clear = '\r\u001b[K';
  const show = () => void stderr.write(stderr.isTTY ? `${clear}${describe()}` : `${describe()}\n`);
  const timer = setInterval(show, stderr.isTTY ? intervals.terminal : intervals.log);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write(clear);
  };
}

/** A size for people, such as `1.2 MB`. */
export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1_000 ** power).toFixed(1)} ${units[power]}`;
}
