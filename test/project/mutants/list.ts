import { ofAuth } from './auth.ts';
import { ofCache } from './cache.ts';
import { ofDecisionPoints } from './decision-points.ts';
import { ofDecisions } from './decisions.ts';
import { ofDirectory } from './directory.ts';
import { ofExceptions } from './exceptions.ts';
import { ofLedger } from './ledger.ts';
import { ofLedgerProof } from './ledger-proof.ts';
import { ofLimits } from './limits.ts';
import { ofPolicy } from './policy.ts';
import { ofProxies } from './proxies.ts';
import { ofRefusals } from './refusals.ts';
import { ofScopes } from './scopes.ts';
import { ofTeams } from './teams.ts';
import { ofVault } from './vault.ts';

export const mutants = [
  ...ofPolicy,
  ...ofLedger,
  ...ofLedgerProof,
  ...ofVault,
  ...ofAuth,
  ...ofCache,
  ...ofLimits,
  ...ofDirectory,
  ...ofDecisionPoints,
  ...ofProxies,
  ...ofRefusals,
  ...ofTeams,
  ...ofExceptions,
  ...ofScopes,
  ...ofDecisions,
];
