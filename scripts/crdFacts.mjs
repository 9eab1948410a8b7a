// Records what the CustomResourceDefinitions of Karmada and Flux say, for the test that compares the tables with them.
// usage: node scripts/crdFacts.mjs FOLDER, with the definitions in FOLDER/{karmada,flux,flux-older}
import { writeFileSync } from 'node:fs';
import { readCrdFacts } from '../test/support/crdFacts.ts';

const [folder] = process.argv.slice(2);
const facts = folder && readCrdFacts(folder);
if (!facts) {
  console.error('usage: node scripts/crdFacts.mjs FOLDER');
  process.exit(2);
}
const lines = (items) => items.map((item) => JSON.stringify(item)).join(',\n');
writeFileSync(
  new URL('../test/fixtures/crdFacts.json', import.meta.url),
  `{"nodes":[\n${lines(facts.nodes)}\n],"versions":[\n${lines(facts.versions)}\n]}\n`,
);
console.log(`${facts.versions.length} versions, ${facts.nodes.length} distinct nodes`);
