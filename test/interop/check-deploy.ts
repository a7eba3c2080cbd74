// npm run check:deploy: lints the Dockerfile, compose.yaml and what is below deploy/.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeFaults, dockerfileFaults, manifestFaults, unitFaults } from './deploy-faults.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);

const faults = [
  ...named('Dockerfile', dockerfileFaults(read('Dockerfile'))),
  ...named('compose.yaml', composeFaults(read('compose.yaml'), read('deploy/compose/.env.example'))),
  ...filesIn('deploy/systemd').flatMap((path) => named(path, [...unitFaults(read(path)), ...systemdFaults(path)])),
  ...named('deploy/kubernetes/kustomization.yaml', kustomizationFaults()),
];
for (const path of filesIn('deploy/kubernetes')) faults.push(...named(path, await manifestFaults(read(path))));

process.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
process.exitCode = faults.length > 0 ? 1 : 0;

function named(path: string, sentences: readonly string[]): string[] {
  return sentences.map((sentence) => `${path}: ${sentence}`);
}

/** What it applies exists, and the rest of the folder is an example. */
function kustomizationFaults(): string[] {
  const { resources, images } = parse(read('deploy/kubernetes/kustomization.yaml')) as {
    resources: string[];
    images: { newTag: string }[];
  };
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const others = readdirSync(join(root, 'deploy/kubernetes')).filter(
    (name) => name !== 'kustomization.yaml' && !name.includes('.example.'),
  );
  return [
    ...resources.filter((name) => !others.includes(name)).map((name) => `there is no ${name}`),
    ...others.filter((name) => !resources.includes(name)).map((name) => `does not apply ${name}`),
    ...images
      .filter(({ newTag }) => newTag !== version)
      .map(({ newTag }) => `names the image ${newTag}, not ${version}`),
  ];
}

/** Known where systemd is: the other checks need nothing but npm. */
function systemdFaults(path: string): string[] {
  const program = '/usr/bin/systemd-analyze';
  if (!existsSync(program)) return [];
  const { stderr } = spawnSync(program, ['verify', '--man=no', join(root, path)], { encoding: 'utf8' });
  // It also tells of the machine's own units.
  return stderr.split('\n').filter((line) => line.includes(path));
}
