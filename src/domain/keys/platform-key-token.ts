import { bearerTokens } from './bearer-token.ts';

const tokens = bearerTokens('mgp_');

export const newPlatformKeyToken = tokens.create;
export const isPlatformKeyToken = tokens.has;
export const hashOfPlatformKeyToken = tokens.hashOf;
