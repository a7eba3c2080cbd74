import type { CatalogModel } from '../../src/catalog/entry.ts';

/** A catalog entry that is right in itself; each test changes what it is about. */
export function anEntry(changes: Partial<Record<keyof CatalogModel, unknown>> = {}): Record<string, unknown> {
  return {
    provider: 'openai',
    modelId: 'nova-1',
    aliases: [],
    snapshotOf: [],
    pointsTo: null,
    displayName: 'Nova 1',
    creator: 'openai',
    creatorDisplayName: 'OpenAI',
    family: 'nova',
    baseModel: 'nova-1',
    kind: 'CHAT',
    contextWindow: 128_000,
    maxOutputTokens: 16_000,
    inputCostPer1kTokens: '0.001',
    outputCostPer1kTokens: '0.002',
    supportsStreaming: true,
    supportsSearch: false,
    supportsCustomKey: true,
    supportedResponseFormats: ['text'],
    reasoning: null,
    isPreview: false,
    releasedAt: null,
    addedAt: '2026-01-01',
    deprecatedAt: null,
    retiresAt: null,
    successor: null,
    displayOrder: 0,
    ...changes,
  };
}
