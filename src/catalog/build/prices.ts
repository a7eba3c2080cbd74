import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { asOf } from '../as-of.ts';
import type { CatalogModel } from '../entry.ts';
import type { ProviderSlug } from '../providers.ts';

/** Prices of one model in US dollars per million tokens, and its context window, from genai-prices. */
export interface PublishedPrice {
  readonly inputPerMillion: string | null;
  readonly outputPerMillion: string | null;
  readonly contextWindow: number | null;
}

const timestamp = new Date(`${asOf}T00:00:00Z`);

/** The published price of the first of these names that has one; null where none has. */
export function publishedPrice(provider: ProviderSlug, names: readonly string[]): PublishedPrice | null {
  for (const name of names) {
    const price = priceOfPrompt(provider, name, 1_000_000);
    if (price) {
      const { input_mtok: input, output_mtok: output } = price.model_price;
      return {
        inputPerMillion: decimalOf(input),
        outputPerMillion: decimalOf(output),
        contextWindow: price.model.context_window ?? null,
      };
    }
  }
  return null;
}

/** Converts a decimal price per million tokens into one per thousand: the point moves by three digits, nothing is rounded. */
export function perThousand(perMillion: string | null): string | null {
  if (perMillion === null) return null;

  const [whole = '', fraction = ''] = perMillion.split('.');
  const digits = `${whole.padStart(4, '0')}${fraction}`;
  const point = digits.length - fraction.length - 3;
  const shifted = withoutZeros(`${digits.slice(0, point)}.${digits.slice(point)}`.replace(/^0+(?=\d)/, ''));
  return shifted === '0' ? null : shifted;
}

/** Removes trailing zeros of a decimal. */
function withoutZeros(decimal: string): string {
  let end = decimal.length;
  while (decimal[end - 1] === '0') end -= 1;
  return decimal.slice(0, decimal[end - 1] === '.' ? end - 1 : end);
}

/**
 * Prices of the catalog that differ from what genai-prices charges for a thousand tokens. Computed by that package itself, not
 * from our reading of its tables.
 */
export function priceDisagreements(
  models: readonly CatalogModel[],
  pricedNames: (model: CatalogModel) => readonly string[],
): string[] {
  return models.flatMap((model) => {
    const names = pricedNames(model);
    if (names.length === 0) return [];
    const charged = names.map((name) => priceOfPrompt(model.provider, name, 1000)).find((price) => price !== null);
    const output = model.kind === 'EMBEDDING' ? 0 : charged?.output_price;
    return [
      ...disagreement(model, 'input', model.inputCostPer1kTokens, charged?.input_price),
      ...disagreement(model, 'output', model.outputCostPer1kTokens, output),
    ];
  });
}

function priceOfPrompt(providerId: ProviderSlug, name: string, tokens: number) {
  const provider = findProvider({ providerId });
  if (!provider) return null;
  return calcPrice({ input_tokens: tokens, output_tokens: tokens }, name, { provider, timestamp });
}

// A price is a number, or has tiers, whose `base` is the price of short prompts.
function decimalOf(price: number | { base: number } | undefined): string | null {
  const number = typeof price === 'object' ? price.base : price;
  // Published prices have few digits, so the shortest text that parses to the number is the published one.
  return number === undefined || number === 0 ? null : String(number);
}

function disagreement(
  { provider, modelId }: CatalogModel,
  kind: string,
  listed: string | null,
  charged: number | undefined,
): string[] {
  if (Math.abs(Number(listed ?? 0) - (charged ?? 0)) < 1e-9) return [];
  return [
    `${provider}/${modelId}: ${kind} is listed at ${listed ?? 'unknown'}, the source charges ${charged ?? 'nothing'}`,
  ];
}
