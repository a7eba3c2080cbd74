import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeFaults, dockerfileFaults, manifestFaults, unitFaults } from './deploy-faults.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const dockerfile = read('Dockerfile');
const compose = read('compose.yaml');
const exampleEnv = read('deploy/compose/.env.example');
const deployment = read('deploy/kubernetes/deployment.yaml');
const configMap = read('deploy/kubernetes/config-map.yaml');
const unit = read('deploy/systemd/modelgate.service');

describe('the lint of deployment files', () => {
  it('finds nothing in those that there are', async () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
    expect(composeFaults(compose, exampleEnv)).toEqual([]);
    expect(await manifestFaults(deployment)).toEqual([]);
    expect(await manifestFaults(configMap)).toEqual([]);
    expect(unitFaults(unit)).toEqual([]);
  });

  it.each([
    ['root', 'USER node', 'USER root', /does not run as the user "node"/],
    ['any version', 'FROM node:24-slim\n', 'FROM node\n', /node: names no version/],
    ['an instruction that is none', 'EXPOSE', 'EXPSOE', /Unknown instruction: EXPSOE/],
    ['a variable that is not read', 'HOST=0.0.0.0', 'HSOT=0.0.0.0', /reads no variable HSOT/],
  ])('finds %s in a Dockerfile', (_what, from, to, fault) => {
    expect(dockerfileFaults(dockerfile.replace(from, to))).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['a misspelt key', 'healthcheck:', 'healtcheck:', /must NOT have (?:additional|unevaluated) properties/],
    ['a variable that nobody explains', 'MASTER_KEYS:?', 'MASTERKEYS:?', /does not say what MASTERKEYS is/],
    ['a variable that is not read', 'AUTH_PRESET:', 'AUTH_PRESTE:', /reads no variable AUTH_PRESTE/],
  ])('finds %s in compose.yaml', (_what, from, to, fault) => {
    expect(composeFaults(compose.replace(from, to), exampleEnv)).toContainEqual(expect.stringMatching(fault));
  });

  it.each([
    ['a misspelt key', deployment, 'containerPort:', 'containersPort:', /containersPort|containerPort/],
    ['a wrong type', deployment, 'replicas: 2', 'replicas: two', /replicas/],
    ['a kind that is none', deployment, 'kind: Deployment', 'kind: Deploiment', /no kind apps\/v1 Deploiment/],
    ['a variable that is not read', configMap, 'AUTH_ISSUER:', 'AUTH_ISUER:', /reads no variable AUTH_ISUER/],
  ])('finds %s in a manifest', async (_what, manifest, from, to, fault) => {
    expect(await manifestFaults(manifest.replace(from, to))).toContainEqual(expect.stringMatching(fault));
  });

  it('finds a line that is no setting in a unit, and a missing sandbox', () => {
    expect(unitFaults(unit.replace('ProtectSystem=strict', 'ProtectSystem: strict'))).toEqual([
      expect.stringMatching(/neither a section nor a setting: ProtectSystem: strict/),
      'has no ProtectSystem',
    ]);
  });
});
