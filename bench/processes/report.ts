// Loaded before a contender: tells whoever started it, when asked, what the process has used so far.
export interface Usage {
  /** In µs, of all its threads. */
  cpu: number;
  /** In bytes. */
  rss: number;
}

const { channel } = process;
if (channel) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() } satisfies Usage);
  });
  // Whoever started it is gone.
  process.once('disconnect', () => process.exit());
  channel.unref();
}
