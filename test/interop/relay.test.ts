import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
// @ts-expect-error: the path of a program, without types.
import relayCompiler from 'relay-compiler';
import {
  type ConcreteRequest,
  commitMutation,
  Environment,
  fetchQuery,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startService } from '../kit/service.ts';
import { addressOf, headersOf } from './asked.ts';

const documents = await readFile(join(import.meta.dirname, 'relay.graphql'), 'utf8');

/** Runs relay-compiler on the documents of a module, against schema.graphql; throws with what it says. */
async function compile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelgate-relay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = {
    src: 'src',
    schema: 'schema.graphql',
    language: 'typescript',
    artifactDirectory: 'artifacts',
    eagerEsModules: true,
  };
  await Promise.all([mkdir(join(folder, 'src')), mkdir(join(folder, 'artifacts'))]);
  await Promise.all([
    cp(join(import.meta.dirname, '../../schema.graphql'), join(folder, 'schema.graphql')),
    writeFile(join(folder, 'relay.config.json'), JSON.stringify(config)),
    writeFile(join(folder, 'src/Screen.ts'), `graphql\`${text.replaceAll('`', '\\`')}\`;`),
  ]);
  await promisify(execFile)(relayCompiler, ['relay.config.json'], { cwd: folder });
  return join(folder, 'artifacts');
}

/** What Relay runs an operation by. */
async function artifactOf(artifacts: string, operation: string): Promise<ConcreteRequest> {
  return (await import(/* @vite-ignore */ join(artifacts, `${operation}.graphql.ts`))).default;
}

/** The document that Relay sends for an operation that it compiled. */
async function sentBy(artifacts: string, operation: string): Promise<string> {
  const artifact = await readFile(join(artifacts, `${operation}.graphql.ts`), 'utf8');
  const [, text = '""'] = /"text": (".*")/.exec(artifact) ?? [];
  return JSON.parse(text);
}

describe('relay-compiler', () => {
  it('compiles pages of every kind, and objects that are read again by their id', async () => {
    const artifacts = await readdir(await compile(documents));

    expect(artifacts.filter((name) => name.endsWith('Query.graphql.ts')).sort()).toEqual(
      [
        'ScreenConfigQuery',
        'ScreenConfigRefetchQuery',
        'ScreenMembersPageQuery',
        'ScreenModelConfigsPageQuery',
        'ScreenModelsPageQuery',
        'ScreenOwnConfigsPageQuery',
        'ScreenQuery',
        'ScreenRevisionsPageQuery',
      ].map((name) => `${name}.graphql.ts`),
    );
  });

  it.each([
    ['a field that the schema lacks', 'on Model { title }', /The type `Model` has no field `title`/],
    [
      'a page of what is no connection',
      'on Organization { modelsInUse @connection(key: "Screen_modelsInUse") { id } }',
      /@connection used on invalid field 'modelsInUse'/,
    ],
    [
      'reading again what has no id',
      'on ModelAccess @refetchable(queryName: "ScreenMistakeQuery") { allowed }',
      /Invalid use of @refetchable on fragment 'Screen_mistake'/,
    ],
  ])('refuses %s', async (_mistake, fragment, sentence) => {
    await expect(compile(`${documents}\nfragment Screen_mistake ${fragment}`)).rejects.toThrow(sentence);
  });
});

describe('what Relay sends', () => {
  it('is answered: the screen, and the next page by the id of the organization', async () => {
    const { ask, aWorld } = await startService();
    const { organization, admin } = await aWorld();
    const artifacts = await compile(documents);
    const screen = await sentBy(artifacts, 'ScreenQuery');
    const nextPage = await sentBy(artifacts, 'ScreenModelsPageQuery');

    const first = await ask<Page, Record<string, unknown>>(screen, { organizationId: organization.id }, { as: admin });
    const models = first.data?.organization.models;
    const second = await ask<Page, Record<string, unknown>>(
      nextPage,
      { id: organization.id, first: 20, after: models?.pageInfo.endCursor },
      { as: admin },
    );

    expect([first.errors, second.errors]).toEqual([undefined, undefined]);
    expect(models?.edges).toHaveLength(20);
    expect(second.data?.node.models.edges).toHaveLength(20);
    expect(second.data?.node.models.edges).not.toContainEqual(models?.edges.at(-1));
  });
});

describe("Relay's runtime", () => {
  it('normalizes, keeps the typed errors of a result, and throws top-level errors with their codes', async () => {
    const service = await startService();
    const { organization, member } = await service.aWorld();
    const url = await addressOf(service);
    const artifacts = await compile(documents);
    const [screen, remove] = await Promise.all([
      artifactOf(artifacts, 'ScreenQuery'),
      artifactOf(artifacts, 'ScreenDeleteMutation'),
    ]);
    const environmentOf = (asking: { authorization: string }) => {
      const headers = { 'content-type': 'application/json', ...asking };
      const network = Network.create(async ({ text }, variables) => {
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query: text, variables }),
        });
        return response.json();
      });
      return new Environment({ network, store: new Store(new RecordSource()) });
    };
    const variables = { organizationId: organization.id };
    const ofMember = environmentOf(await headersOf(member));

    await fetchQuery(ofMember, screen, variables).toPromise();
    const stored = ofMember.getStore().getSource().get(organization.id);
    const denied = await new Promise((resolve, reject) =>
      commitMutation(ofMember, {
        mutation: remove,
        variables: { input: { id: 'cfg_01j000000000000000000000000' }, connections: [] },
        onCompleted: resolve,
        onError: reject,
      }),
    );
    const refused = await fetchQuery(environmentOf({ authorization: 'Bearer no.token' }), screen, variables)
      .toPromise()
      .catch((error: unknown) => error);

    expect(stored).toMatchObject({ __typename: 'Organization', name: organization.name });
    expect(denied).toMatchObject({ deleteModelConfig: { code: 'NOT_FOUND', message: expect.any(String) } });
    expect(refused).toMatchObject({ source: { errors: [{ extensions: { code: 'AUTHENTICATION_REQUIRED' } }] } });
  });
});

interface Models {
  models: { edges: unknown[]; pageInfo: { endCursor: string } };
}

interface Page {
  organization: Models;
  node: Models;
}
