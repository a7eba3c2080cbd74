/** Where triggers notify of revisions and other changes; where a feed tries whether it hears, and where peers are pinged. */
export const channels = {
  revision: 'modelgate_revision',
  change: 'modelgate_change',
  check: 'modelgate_check',
  ping: 'modelgate_ping',
} as const;
