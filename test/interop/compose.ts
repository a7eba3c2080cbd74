// Composes a supergraph: tsx test/interop/compose.ts name=url=schema.graphql … > supergraph.graphql
import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const subgraphs = process.argv.slice(2).map((argument) => {
  const [name = '', url = '', file = ''] = argument.split('=');
  return { name, url, typeDefs: parse(readFileSync(file, 'utf8')) };
});
const { supergraphSdl, errors = [] } = composeServices(subgraphs);
if (supergraphSdl) process.stdout.write(supergraphSdl);
for (const { message } of errors) process.stderr.write(`${message}\n`);
process.exitCode = errors.length > 0 ? 1 : 0;
