import { globSync, readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from 'yaml-language-server';
import type { LanguageService } from 'yaml-language-server';
import { rootSchema } from '../src/analysis/schemaAt.ts';
import type { Position } from '../src/base/position.ts';
import { createWorkspace } from '../src/door.ts';
import type { JsonValue, Workspace } from '../src/door.ts';
import { arrayMember, findSchema, isObject, member, stringMember } from '../src/engine/index.ts';
import type { Schema } from '../src/engine/index.ts';
import { parseSource } from '../src/yaml/index.ts';
import { checkRatio, finish } from './measure.ts';

// What can be written at many places of examples/fleet, asked of this product and of yaml-language-server in turn. Both
// have the same texts and places, and the other side knows for each file just the one schema that it needs.

const texts = new Map(
  globSync('examples/fleet/**/*.yaml').map((path) => [path, readFileSync(path, 'utf8')]),
);
const placesPerFile = 8;

interface Place {
  readonly uri: string;
  readonly position: Position;
}

/** The ends of lines all over each file: behind a value, or behind a colon that has nothing behind it yet. */
const places = [...texts].flatMap(([uri, text]): Place[] => {
  const lines = text.split('\n');
  const step = Math.max(1, Math.floor(lines.length / placesPerFile));
  return lines.flatMap((line, i) =>
    i % step === 0 && /\w:/.test(line)
      ? [{ uri, position: { line: i, character: line.length } }]
      : [],
  );
});

/** A table as JSON schema: it is one but for what says when a field came. */
function toJsonSchema(schema: Schema): unknown {
  const ours = new Set(['rules', 'since', 'until', 'variants']);
  return JSON.parse(JSON.stringify(schema, (key, value) => (ours.has(key) ? undefined : value)));
}

function schemaOf(text: string): unknown {
  const value: JsonValue | undefined = parseSource(text).documents[0]?.value;
  const items = arrayMember(value, 'items');
  const object = items[0] ?? value;
  const table = findSchema(stringMember(object, 'apiVersion'), stringMember(object, 'kind'));
  const schema = table
    ? toJsonSchema(rootSchema(table))
    : { type: 'object', properties: { metadata: { type: 'object' }, data: { type: 'object' } } };
  const isList = isObject(value) && member(value, 'items') !== undefined;
  return isList
    ? { type: 'object', properties: { items: { type: 'array', items: schema } } }
    : schema;
}

function openOther(): LanguageService {
  const settings = {
    schemaRequestService: () => Promise.reject(new Error('nothing is fetched')),
    workspaceContext: { resolveRelativePath: (path: string) => path },
    clientCapabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
    },
    yamlSettings: {},
  };
  const service = getLanguageService(
    settings as unknown as Parameters<typeof getLanguageService>[0],
  );
  const schemas = [...texts].map(([uri, text]) => ({
    uri: `inline://${uri.replaceAll('/', '-')}.json`,
    fileMatch: [`/${uri}`],
    schema: schemaOf(text) as object,
  }));
  service.configure({ completion: true, validate: true, hover: true, schemas });
  return service;
}

function openOurs(): Workspace {
  const workspace = createWorkspace();
  for (const [uri, text] of texts) workspace.update(uri, text);
  return workspace;
}

const service = openOther();
const workspace = openOurs();
const documents = new Map(
  [...texts].map(([uri, text]) => [uri, TextDocument.create(`file:///${uri}`, 'yaml', 0, text)]),
);
const [warmUp, rounds] = [10, 15];

/** Ours, then theirs, over and over, so that neither is at work while the other is timed. */
async function measure(): Promise<{ readonly ours: number; readonly other: number }> {
  const times = { ours: [] as number[], other: [] as number[] };
  for (let round = 0; round < warmUp + rounds; round++) {
    const start = performance.now();
    for (const { uri, position } of places) workspace.completions(uri, position);
    const middle = performance.now();
    for (const { uri, position } of places) {
      const document = documents.get(uri);
      if (document) await service.doComplete(document, position, false);
    }
    const end = performance.now();
    if (round < warmUp) continue;
    times.ours.push((middle - start) / places.length);
    times.other.push((end - middle) / places.length);
  }
  return { ours: median(times.ours), other: median(times.other) };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

const { ours, other } = await measure();
checkRatio(
  'completion ÷ yaml-language-server',
  ours / other,
  1 / 20,
  `${ours.toFixed(3)} ms ÷ ${other.toFixed(3)} ms, ${places.length} places in ${texts.size} files`,
);
finish();
