/** Whether statements are named: never, always, or where no pooler is seen and none loses them. */
export const preparedStatements = ['auto', 'on', 'off'] as const;
export type PreparedStatements = (typeof preparedStatements)[number];
