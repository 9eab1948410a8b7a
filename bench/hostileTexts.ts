// Reads many damaged and hostile texts. Arguments: how many damaged ones (default 5000), the seed.
import { parseAllDocuments } from 'yaml';
import { parseSource, readGoYaml } from '../src/yaml/index.ts';
import { checkRatio, finish } from './measure.ts';
import { createRandom } from '../test/support/random.ts';
import { damaged, hostileShapes, soup } from '../test/unit/yaml/hostileTexts.ts';

const count = Number(process.argv[2] ?? 5000);
const random = createRandom(Number(process.argv[3] ?? 1));
const seedText =
  'kind: A\nspec: {x: [1, 2]}\nt: |\n  a\n\n  b\nl:\n- a: 1 # c\n  b: "q"\n---\nb: &s\n  x: 1\nc: *s\n';

let file = parseSource(seedText);
for (let i = 0; i < count; i++) {
  const int = (below: number): number => random.int(below);
  const text = i % 5 === 0 ? soup(int) : damaged(i % 9 === 0 ? seedText : file.text, int);
  file = parseSource(text.slice(0, 5000), file);
  const full = parseSource(file.text);
  const isSame = file.documents.every(({ start, end, read }, k) => {
    const other = full.documents[k];
    return other?.start === start && other.end === end && other.read.text === read.text;
  });
  const agrees = file.documents.every(
    ({ value, read }) => 'value' in readGoYaml(read.text) === (value !== undefined),
  );
  if (!isSame || !agrees) throw new Error(`differs: ${JSON.stringify(file.text)}`);
}
process.stdout.write(`${count} damaged texts read\n`);

const size = 100_000;
let worst = { name: '', ratio: 0, detail: '' };
for (const [name, make] of Object.entries(hostileShapes)) {
  const text = make(size);
  const start = performance.now();
  parseSource(text);
  const own = performance.now() - start;
  const yamlStart = performance.now();
  // The package takes minutes for some shapes at this size; ten times a tenth is kind to it and enough.
  try {
    parseAllDocuments(make(size / 10), { logLevel: 'silent' });
  } catch {
    // It ran out of stack.
  }
  const other = 10 * (performance.now() - yamlStart);
  // Below this a single pause of the machine decides.
  const ratio = own < 20 ? 0 : own / other;
  const detail = `${name}, ${own.toFixed(0)} ms, the yaml package ${other.toFixed(0)} ms`;
  if (ratio > worst.ratio) worst = { name, ratio, detail };
}
checkRatio(
  `worst of ${Object.keys(hostileShapes).length} hostile shapes`,
  worst.ratio,
  20,
  worst.detail,
);
finish();
