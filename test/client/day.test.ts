import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, it } from 'vitest';
import * as client from '../../clients/typescript/src/index.ts';
import { startService } from '../kit/service.ts';
import { clientOperations } from './client-operations.ts';

it("each document of the client is answered without errors, in the course of an organization's day", async () => {
  const { ask, aWorld } = await startService();
  const { organization, owner, member, stranger } = await aWorld();
  const organizationId = organization.id;
  // A subscription is not answered but followed: its own tests do.
  const asked = new Set<object>([client.OrganizationRevisionDocument]);
  const tell = async <Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    asking: { as?: { id: string }; token?: string } = { as: owner },
  ) => {
    const { data, errors } = await ask<Data, Variables>(client.textOf(document), variables, asking);
    expect(errors).toBe(undefined);
    asked.add(document);
    return data as Data;
  };
  /** What was changed; fails where nothing was. */
  const done = <Result extends object>(result: Result) => {
    if (client.isModelgateError(result)) throw new Error(JSON.stringify(result));
    return result as Exclude<Result, client.ModelgateErrorOf<Result>>;
  };

  const { caller } = await tell(client.CallerDocument, {});
  const { organizationModelSettings } = await tell(client.ModelSettingsDocument, { organizationId });
  const { updateModelSettings } = await tell(client.UpdateModelSettingsDocument, {
    input: { organizationId, disabledProviders: ['google'], expectedRevision: organizationModelSettings.revision },
  });
  const policy = { organizationId, document: '{ disabledProviders: [google, mistral] }', reason: 'No contract' };
  const tried = await tell(client.ApplyPolicyDocument, { input: { ...policy, dryRun: true } });
  const applied = await tell(client.ApplyPolicyDocument, { input: policy });
  const { organization: withDiff } = await tell(client.PolicyDiffDocument, { organizationId, from: 1 });
  const restored = await tell(client.RestorePolicyDocument, { input: { organizationId, revision: 1 } });
  const { reviewModels } = await tell(client.ReviewModelsDocument, { input: { organizationId, allow: ['gpt-4o'] } });
  const { organization: withPolicy } = await tell(client.PolicyDocument, { organizationId, atRevision: 2 });
  const { previewSelector } = await tell(client.PreviewSelectorDocument, { organizationId, selector: 'gpt-4o-mini*' });
  const { policyDocument } = await tell(client.PolicyTextDocument, { organizationId, format: 'YAML' });
  const alias = { organizationId, name: 'fast' };
  const { setModelAlias } = await tell(client.SetModelAliasDocument, { input: { ...alias, targets: ['gpt-4o-mini'] } });
  const { resolveModel } = await tell(client.ResolveModelDocument, { organizationId, modelKey: 'fast' });
  const { deleteModelAlias } = await tell(client.DeleteModelAliasDocument, { input: alias });
  expect(done(setModelAlias)).toMatchObject({ revision: 4 });
  expect(resolveModel).toMatchObject({ model: { id: 'mdl_openai/gpt-4o-mini' } });
  expect(done(deleteModelAlias)).toMatchObject({ revision: 5 });
  expect(previewSelector).toMatchObject({ entries: ['gpt-4o-mini*'], coveredBy: [], warnings: [] });
  expect(done(tried.applyPolicy)).toMatchObject({ __typename: 'PolicyPreview', changes: [{ added: ['mistral'] }] });
  expect(done(applied.applyPolicy)).toMatchObject({ disabledProviders: ['google', 'mistral'], revision: 2 });
  expect(withDiff?.policyDiff).toMatchObject({ from: 1, to: 2, changes: [{ added: ['mistral'], removed: [] }] });
  expect(done(restored.restorePolicy)).toMatchObject({ disabledProviders: ['google'], revision: 3 });
  expect(reviewModels).toMatchObject({ code: 'VALIDATION_ERROR' });
  expect(withPolicy?.policy).toMatchObject({ disabledProviders: ['google', 'mistral'], sinceRevision: 2 });
  expect(policyDocument).toContain('disabledProviders:\n  - google\n');

  expect(caller.memberships).toMatchObject([{ organization: { id: organizationId }, role: 'OWNER' }]);
  expect(done(updateModelSettings)).toMatchObject({ disabledProviders: ['google'], revision: 1 });

  const key = { organizationId, provider: 'openai', name: 'Production', secret: 'sk-example-0123456789abcdef' };
  const providerKey = done((await tell(client.CreateProviderKeyDocument, { input: key })).createProviderKey);
  const renamed = await tell(client.UpdateProviderKeyDocument, { input: { id: providerKey.id, name: 'Main' } });
  const secret = 'sk-example-fedcba9876543210';
  const rotated = await tell(client.RotateProviderKeyDocument, { input: { id: providerKey.id, secret } });
  const { createApiKey } = await tell(client.CreateApiKeyDocument, {
    input: { organizationId, name: 'Gateway', scopes: ['READ', 'KEYS_USE'] },
  });
  const apiKey = done(createApiKey);
  const service = { token: apiKey.secret };
  const used = await tell(client.ProviderKeySecretDocument, { id: providerKey.id }, service);
  const asService = await tell(client.CallerDocument, {}, service);
  expect(done(renamed.updateProviderKey)).toMatchObject({ name: 'Main', last4: 'cdef' });
  expect(done(rotated.rotateProviderKey)).toMatchObject({ id: providerKey.id, last4: '3210' });
  expect(used.providerKeySecret).toMatchObject({ provider: 'openai', secret });
  expect(asService.caller).toMatchObject({ kind: 'SERVICE', apiKey: { id: apiKey.apiKey.id } });

  const config = { organizationId, provider: 'openai', modelId: 'gpt-4.1', scope: 'ORGANIZATION' as const };
  const { id } = done((await tell(client.CreateModelConfigDocument, { input: config })).createModelConfig);
  const changed = await tell(client.UpdateModelConfigDocument, { input: { id, settings: { temperature: 0.2 } } });
  const enabled = await tell(client.SetModelConfigEnabledDocument, { input: { id, isEnabled: true } });
  const chosen = await tell(client.SetDefaultModelConfigDocument, { input: { id } });
  const effective = await tell(client.EffectiveDefaultModelDocument, { organizationId });
  const { modelConfigs } = await tell(client.ModelConfigsDocument, { organizationId, first: 3 });
  expect(done(changed.updateModelConfig)).toMatchObject({ settings: { temperature: 0.2 }, keyStatus: 'CUSTOM' });
  expect(done(enabled.setModelConfigEnabled)).toMatchObject({ isEnabled: true });
  expect(done(chosen.setDefaultModelConfig)).toMatchObject({ isDefault: true });
  expect(effective.organization?.effectiveDefaultModel).toMatchObject({ config: { id } });
  expect(modelConfigs.edges).toMatchObject([{ node: { id } }]);

  const records = [{ id: 'req-1', modelConfigId: id, promptTokens: 12, completionTokens: 3 }];
  const { recordModelUsage } = await tell(client.RecordModelUsageDocument, { input: { organizationId, records } });
  const { modelConfigUsage } = await tell(client.ModelConfigUsageDocument, { organizationId });
  const { modelUsageSeries } = await tell(client.ModelUsageSeriesDocument, {
    organizationId,
    granularity: 'DAY',
    from: '2026-11-22T00:00:00Z',
    to: '2026-11-23T00:00:00Z',
  });
  expect(done(recordModelUsage)).toMatchObject({ recorded: 1 });
  expect(modelConfigUsage).toMatchObject([{ modelId: 'gpt-4.1', totalTokens: '15' }]);
  expect(modelUsageSeries).toMatchObject([{ totalTokens: '15' }]);

  const scope = { organizationId, subjectId: member.id };
  const scoped = await tell(client.SetScopePolicyDocument, { input: { ...scope, allowedModels: ['gpt-4.1'] } });
  const { models: ofMember } = await tell(client.ModelsDocument, { ...scope, filter: { allowed: true }, first: 3 });
  const cleared = await tell(client.ClearScopePolicyDocument, { input: scope });
  expect(done(scoped.setScopePolicy)).toMatchObject({ revision: expect.any(Number) });
  expect(ofMember.edges.map(({ node }) => node.modelId)).toEqual(['gpt-4.1', 'gpt-4.1-2025-04-14']);
  expect(done(cleared.clearScopePolicy)).toMatchObject({ revision: expect.any(Number) });

  const { modelAccess } = await tell(client.ModelAccessDocument, { organizationId, modelKey: 'gpt-4.1' });
  const { models } = await tell(client.ModelsDocument, { organizationId, first: 3 });
  const { modelGroups } = await tell(client.ModelGroupsDocument, { organizationId, configuredOnly: true });
  const { modelsInUse } = await tell(client.ModelsInUseDocument, { organizationId });
  const hour = 60 * 60 * 1000;
  const [from, to] = [new Date(Date.now() - hour), new Date(Date.now() + hour)].map((time) => time.toISOString());
  const refused = await tell(client.RefusalsDocument, { organizationId, from: `${from}`, to: `${to}` });
  expect(refused.organization?.refusals?.edges).toEqual([]);
  expect(modelAccess).toMatchObject({ allowed: true, model: { id: 'mdl_openai/gpt-4.1' } });
  expect(models.edges).toHaveLength(3);
  expect(modelGroups.flatMap(({ options }) => options.flatMap((option) => option.modelConfigIds))).toEqual([id]);
  expect(modelsInUse).toMatchObject([{ id: 'mdl_openai/gpt-4.1' }]);

  const invite = async () => {
    const invited = await tell(client.InviteMemberDocument, { input: { organizationId, userId: stranger.id } });
    return { organizationId, invitationId: done(invited.inviteMember).id };
  };
  const revoked = await tell(client.RevokeInvitationDocument, { input: await invite() });
  const declined = await tell(client.DeclineInvitationDocument, { input: await invite() }, { as: stranger });
  const accepted = await tell(client.AcceptInvitationDocument, { input: await invite() }, { as: stranger });
  const promoted = await tell(client.SetMemberRoleDocument, {
    input: { organizationId, userId: stranger.id, role: 'ADMIN' },
  });
  const { organization: withMembers } = await tell(client.MembersDocument, { organizationId });
  const { organization: withInvitations } = await tell(client.InvitationsDocument, { organizationId });
  const removed = await tell(client.RemoveMemberDocument, { input: { organizationId, userId: stranger.id } });
  expect(done(revoked.revokeInvitation)).toMatchObject({ state: 'REVOKED' });
  expect(done(declined.declineInvitation)).toMatchObject({ organizationId });
  expect(done(accepted.acceptInvitation)).toMatchObject({ role: 'MEMBER', user: { id: stranger.id } });
  expect(done(promoted.setMemberRole)).toMatchObject({ role: 'ADMIN' });
  expect(withMembers?.members.edges).toHaveLength(4);
  expect(withInvitations?.invitations?.edges).toHaveLength(3);
  expect(done(removed.removeMember)).toMatchObject({ userId: stranger.id });

  const until = '2026-11-22T18:00:00.000Z';
  const said = { organizationId, models: ['gpt-4.1'], until, reason: 'A demo' };
  const { requestModelException } = await tell(client.RequestModelExceptionDocument, { input: said }, { as: member });
  const wanted = { organizationId, exceptionId: done(requestModelException).id };
  const decided = await tell(client.DecideModelExceptionDocument, { input: { ...wanted, grant: true } });
  const excepted = await tell(client.GrantModelExceptionDocument, { input: { ...said, subjectId: member.id } });
  const undone = await tell(client.RevokeModelExceptionDocument, { input: wanted });
  expect(done(decided.decideModelException)).toMatchObject({ subjectId: member.id, state: 'GRANTED' });
  expect(done(excepted.grantModelException)).toMatchObject({ models: ['gpt-4.1'], until });
  expect(done(undone.revokeModelException)).toMatchObject({ state: 'REVOKED' });

  const { createScimToken } = await tell(client.CreateScimTokenDocument, { input: { organizationId, name: 'Okta' } });
  const { scimToken } = done(createScimToken);
  const { organization: withTokens } = await tell(client.ScimTokensDocument, { organizationId });
  await tell(client.RevokeScimTokenDocument, { input: { organizationId, scimTokenId: scimToken.id } });
  const research = { organizationId, name: 'Research', userIds: [member.id] };
  const team = done((await tell(client.CreateTeamDocument, { input: research })).createTeam);
  const kept = { organizationId, teamId: team.id };
  await tell(client.SetTeamMembersDocument, { input: { ...kept, addUserIds: [owner.id] } });
  const { renameTeam } = await tell(client.RenameTeamDocument, { input: { ...kept, name: 'Analysis' } });
  const { organization: withTeams } = await tell(client.TeamsDocument, { organizationId });
  const { deleteTeam } = await tell(client.DeleteTeamDocument, { input: kept });
  const { organization: withApiKeys } = await tell(client.ApiKeysDocument, { organizationId });
  await tell(client.RevokeApiKeyDocument, { input: { id: apiKey.apiKey.id } });
  const { organization: withKeys } = await tell(client.ProviderKeysDocument, { organizationId });
  expect(withTokens?.scimTokens).toMatchObject([{ id: scimToken.id }]);
  expect(done(renameTeam)).toMatchObject({ name: 'Analysis', source: 'MANUAL' });
  expect(withTeams?.teams.edges).toMatchObject([{ node: { id: team.id, name: 'Analysis' } }]);
  expect(done(deleteTeam)).toMatchObject({ deletedId: team.id });
  expect(withApiKeys?.apiKeys?.edges).toMatchObject([{ node: { name: 'Gateway' } }]);
  expect(withKeys?.providerKeys?.edges).toMatchObject([{ node: { name: 'Main' } }]);

  const ids = [organizationId, owner.id, providerKey.id, id, 'mdl_openai/gpt-4.1', 'cfg_unknown'];
  const { node } = await tell(client.NodeDocument, { id: organizationId });
  const { nodes } = await tell(client.NodesDocument, { ids });
  expect(node).toMatchObject({ __typename: 'Organization', organizationName: organization.name });
  expect(nodes.map((each) => each?.id)).toEqual([...ids.slice(0, -1), undefined]);

  const { deleteModelConfig } = await tell(client.DeleteModelConfigDocument, { input: { id } });
  const { deleteProviderKey } = await tell(client.DeleteProviderKeyDocument, { input: { id: providerKey.id } });
  const history = await tell(client.RevisionsDocument, { organizationId });
  expect(done(deleteModelConfig)).toMatchObject({ id });
  expect(done(deleteProviderKey)).toMatchObject({ deletedId: providerKey.id });
  expect(history.organization?.revisions?.edges[0]?.node).toMatchObject({ action: 'PROVIDER_KEY_DELETED' });

  const named = await tell(client.UpdateOrganizationDocument, { input: { organizationId, name: 'Riverside' } });
  const { organization: present } = await tell(client.OrganizationDocument, { id: organizationId });
  const { updateUser } = await tell(client.UpdateUserDocument, { input: { name: 'Ada' } });
  const { createOrganization } = await tell(client.CreateOrganizationDocument, { input: { name: 'Second' } });
  expect(done(named.updateOrganization)).toMatchObject({ name: 'Riverside' });
  expect(present).toMatchObject({ name: 'Riverside' });
  expect(done(updateUser)).toMatchObject({ name: 'Ada' });
  expect(done(createOrganization)).toMatchObject({ name: 'Second' });

  expect(clientOperations.filter(({ document }) => !asked.has(document)).map(({ name }) => name)).toEqual([]);
});
