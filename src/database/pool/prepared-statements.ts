/** Which statements are named. `auto`: all, as long as no pooler is detected and no name is lost. */
export const preparedStatements = ['auto', 'on', 'off'] as const;
export type PreparedStatements = (typeof preparedStatements)[number];
