import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of the packages in these folders, which ask to be passed on with what is built of them. */
export function noticesOf(folders) {
  const notices = folders.map((folder) => {
    const { name, version, license = 'unknown' } = manifestOf(folder);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
  return `Modelgate contains these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The same packages as a software bill of materials, CycloneDX: what scanners of vulnerabilities read. */
export function sbomOf(folders, { name, version }) {
  const components = folders.map((folder) => componentOf('library', manifestOf(folder)));
  const metadata = { component: componentOf('application', { name, version }) };
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata, components };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function componentOf(type, { name, version, license }) {
  // The scope of a package is written with %40 in a package URL.
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licenses = license === undefined ? {} : { licenses: [{ expression: license }] };
  return { type, 'bom-ref': purl, name, version, purl, ...licenses };
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
