import { bearerTokens } from './bearer-token.ts';

const tokens = bearerTokens('mgk_');

export const newApiKeyToken = tokens.create;
export const isApiKeyToken = tokens.has;
export const hashOfApiKeyToken = tokens.hashOf;
