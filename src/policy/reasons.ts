/** Why a model may not be used, most important first. */
export const reasons = [
  'UNKNOWN_MODEL',
  'RETIRED',
  'NOT_A_MEMBER',
  'PROVIDER_DISABLED',
  'MODEL_DISABLED',
  'NOT_ALLOWED',
  'PENDING_REVIEW',
] as const;
export type Reason = (typeof reasons)[number];
