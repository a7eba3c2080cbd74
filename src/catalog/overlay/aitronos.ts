import type { ProviderOverlay } from './overlay.ts';

/** Aitronos publishes no limits, prices or dates for its model; it is listed so that settings can speak of it. */
export const aitronos: ProviderOverlay = {
  provider: 'aitronos',
  listing: [{ id: 'ftg-3.0', name: 'FTG-3.0', family: 'ftg' }],
  evidence: [],
};
