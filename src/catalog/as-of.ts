/** The day of the last review of the catalog's overlay and prices: how old its data are. */
export const asOf = '2026-11-22';
