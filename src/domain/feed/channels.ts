/** NOTIFY channels: triggers send `revision` and `change`, a feed tests its connection with `check`, writers `ping` peers. */
export const channels = {
  revision: 'modelgate_revision',
  change: 'modelgate_change',
  check: 'modelgate_check',
  ping: 'modelgate_ping',
} as const;
