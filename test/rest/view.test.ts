import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { below, selectionOf } from '../../src/rest/documents.ts';
import { from, made, view } from '../../src/rest/view.ts';

describe('a view', () => {
  it('writes values as their schemas say', () => {
    const { show } = view({
      price: z.number(),
      noPrice: from('none', z.number().nullable()),
      status: z.enum(['needs_setup']),
      absent: from('none', z.enum(['needs_setup']).nullable().optional()),
      kind: z.literal('Work'),
      never: z.null(),
    });

    const shown = show({ price: '0.005', none: null, status: 'NEEDS_SETUP', kind: 'other', never: 1 });

    expect(shown).toEqual({ price: 0.005, noPrice: null, status: 'needs_setup', kind: 'Work', never: null });
    expect(Object.keys(shown).join(' ')).toBe('price noPrice status absent kind never');
  });

  it('reads from elsewhere, also where nothing is there', () => {
    const { show } = view({ ownerId: from('owner.id', z.string().nullable()) });

    expect([{ owner: { id: 'usr_a' } }, { owner: null }].map(show)).toEqual([{ ownerId: 'usr_a' }, { ownerId: null }]);
  });

  it('selects what its fields are read from, each once', () => {
    const { paths } = view({
      id: z.string(),
      label: made(z.string(), ['name', 'model.name'], ({ name }) => name),
      title: from('name', z.string()),
      kind: z.literal('Work'),
      never: z.null(),
    });

    expect(paths).toEqual(['id', 'name', 'model.name']);
    expect(selectionOf([...paths, 'model.maker.slug', ...below('model', ['name', 'id'])])).toBe(
      'id name model { name maker { slug } id }',
    );
  });
});
