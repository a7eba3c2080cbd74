import { describe, expect, it } from 'vitest';
import { aCatalogOf } from '../kit/line-catalog.ts';
import { startConsole } from './console-pages.ts';

const service = await startConsole({ catalog: aCatalogOf(2_500, { families: 40 }) });

describe('the console, where there is much', () => {
  it('draws as much as one sees of 10,000 models and 5,000 members, and finds all of them', async () => {
    const { organization, admin } = await service.aWorld();
    const people = Array.from({ length: 5_000 }, (_, place) => ({ id: `usr_many${place}`, name: `Person ${place}` }));
    await service.db.user.createMany({ data: people });
    await service.db.membership.createMany({
      data: people.map(({ id }) => ({ userId: id, organizationId: organization.id, role: 'MEMBER' as const })),
    });
    const { page, complaints } = await service.open(admin, { address: `${organization.id}/models` });
    const search = page.getByRole('searchbox');
    const rows = page.locator('tbody tr');
    await page.getByText('Loading:').waitFor({ state: 'detached', timeout: 60_000 });

    await search.fill('line');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThanOrEqual(400);
    await search.fill('line-19-2499-mini');
    await page.getByRole('rowheader', { name: 'Line 2499 mini' }).waitFor();
    expect(await rows.count()).toBe(1);

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByText('Loading:').waitFor({ state: 'detached', timeout: 60_000 });
    expect(await page.locator('main li').count()).toBeLessThan(200);
    await search.fill('Person 4999');
    await page.getByRole('link', { name: 'Person 4999' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
