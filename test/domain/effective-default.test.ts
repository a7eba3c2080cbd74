import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { type DefaultConfigs, effectiveDefaultOf } from '../../src/domain/configs/effective-default.ts';
import type { ModelConfig } from '../../src/domain/configs/model-config.ts';
import type { Snapshot } from '../../src/policy/policy.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const catalog = createCatalog([
  anEntry({ modelId: 'chat-1' }),
  anEntry({ modelId: 'chat-2', displayOrder: 1 }),
  anEntry({ modelId: 'vectors', kind: 'EMBEDDING', displayOrder: 2 }),
  anEntry({ modelId: 'past', retiresAt: '2026-11-21', displayOrder: 3 }),
]);

/** Of a configuration, what its link rests on. */
function aConfig(modelId: string, isEnabled = true): ModelConfig {
  return { id: `cfg_${modelId}`, provider: 'openai', modelId, isEnabled } as ModelConfig;
}

const read = (settings: Partial<Snapshot>, configs: Partial<DefaultConfigs> = {}) => {
  const found = effectiveDefaultOf(decisionsBy(aSnapshot(settings), { catalog, now }), {
    own: null,
    shared: null,
    ...configs,
  });
  return {
    model: found.model?.modelId ?? null,
    source: found.chosen?.source ?? null,
    skipped: found.skipped.map(({ source }) => source),
  };
};

describe('the effective default', () => {
  const [own, shared] = [aConfig('chat-1'), aConfig('chat-2')];

  it("is the viewer's own, else the organization's, else that of the settings, else none", () => {
    const defaultModelKey = 'openai/chat-2';

    expect(read({ defaultModelKey }, { own, shared })).toEqual({ model: 'chat-1', source: 'USER_CONFIG', skipped: [] });
    expect(read({ defaultModelKey }, { shared })).toMatchObject({ source: 'ORGANIZATION_CONFIG', skipped: [] });
    expect(read({ defaultModelKey })).toMatchObject({ model: 'chat-2', source: 'ORGANIZATION_SETTINGS', skipped: [] });
    expect(read({})).toEqual({ model: null, source: null, skipped: [] });
  });

  it('passes over what is disabled, retired, unknown, switched off or not for chat', () => {
    const settings = { disabledModels: ['chat-2'], defaultModelKey: 'chat-1' };

    for (const unusable of [shared, aConfig('past'), aConfig('gone'), aConfig('chat-1', false), aConfig('vectors')]) {
      expect(read(settings, { own: unusable })).toEqual({
        model: 'chat-1',
        source: 'ORGANIZATION_SETTINGS',
        skipped: ['USER_CONFIG'],
      });
    }
  });

  it('names all that it passed over where none is left', () => {
    const settings = { disabledProviders: ['openai'], defaultModelKey: 'chat-1' };

    expect(read(settings, { own, shared })).toEqual({
      model: null,
      source: null,
      skipped: ['USER_CONFIG', 'ORGANIZATION_CONFIG', 'ORGANIZATION_SETTINGS'],
    });
  });

  it('is, of any settings, the first link that counts, and those before it are the ones passed over', () => {
    const modelIds = fc.constantFrom('chat-1', 'chat-2', 'vectors', 'past', 'gone');
    const configs = fc.option(fc.record({ modelId: modelIds, isEnabled: fc.boolean() }));
    const toConfig = (given: { modelId: string; isEnabled: boolean } | null) =>
      given && aConfig(given.modelId, given.isEnabled);

    fc.assert(
      fc.property(configs, configs, fc.option(modelIds), fc.subarray(['chat-1', 'chat-2']), (a, b, key, disabled) => {
        const links = [
          { source: 'USER_CONFIG', given: a },
          { source: 'ORGANIZATION_CONFIG', given: b },
          { source: 'ORGANIZATION_SETTINGS', given: key === null ? null : { modelId: key, isEnabled: true } },
        ].flatMap(({ source, given }) => (given ? [{ source, ...given }] : []));
        const counts = ({ modelId, isEnabled }: { modelId: string; isEnabled: boolean }) =>
          isEnabled && modelId.startsWith('chat') && !disabled.includes(modelId);
        const first = links.findIndex(counts);

        expect(
          read({ defaultModelKey: key, disabledModels: disabled }, { own: toConfig(a), shared: toConfig(b) }),
        ).toEqual({
          model: links[first]?.modelId ?? null,
          source: links[first]?.source ?? null,
          skipped: (first === -1 ? links : links.slice(0, first)).map(({ source }) => source),
        });
      }),
    );
  });
});
