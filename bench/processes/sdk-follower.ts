// A process with the SDK: tells when a decision has changed.
interface Gate {
  decide: (question: { model: string }) => { allowed: boolean; revision: number };
  on: (event: 'change', listener: () => void) => void;
}

/** Where the SDK connects to, and the model that is switched on and off. */
export interface Following {
  sdk: string;
  model: string;
  options: { url: string; apiKey: string; organizationId: string };
}

/** The decision from this moment on, in ms since the epoch. */
export interface Decided {
  at: number;
  allowed: boolean;
  revision: number;
  /** What the process has used so far, in µs. */
  cpu: number;
}

process.once('disconnect', () => process.exit());
process.once('message', async ({ sdk, model, options }: Following) => {
  const { connect } = (await import(sdk)) as { connect: (given: typeof options) => Promise<Gate> };
  const gate = await connect(options);
  const tell = () => {
    const { allowed, revision } = gate.decide({ model });
    const at = performance.timeOrigin + performance.now();
    const { user, system } = process.cpuUsage();
    process.send?.({ at, allowed, revision, cpu: user + system } satisfies Decided);
  };
  gate.on('change', tell);
  tell();
});
