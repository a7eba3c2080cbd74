import { aitronos } from './aitronos.ts';
import { anthropic } from './anthropic.ts';
import { cohere } from './cohere.ts';
import { google } from './google.ts';
import { mistral } from './mistral.ts';
import { openai } from './openai.ts';
import type { ProviderOverlay } from './overlay.ts';

/** The overlays of all providers, in the order of the catalog. */
export const overlays: readonly ProviderOverlay[] = [aitronos, anthropic, cohere, google, mistral, openai];
