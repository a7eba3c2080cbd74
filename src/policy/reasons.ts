/** Why a model may not be used, most important first. */
export const reasons = ['UNKNOWN_MODEL', 'RETIRED', 'PROVIDER_DISABLED', 'MODEL_DISABLED'] as const;
export type Reason = (typeof reasons)[number];
