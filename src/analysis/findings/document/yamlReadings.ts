import { isArray, isObject, member, stringMember } from '../../../engine/index.ts';
import type { JsonValue, Schema } from '../../../engine/index.ts';
import { locate, pathAt, readingNotes } from '../../../yaml/index.ts';
import type { ReadingNote, SourceDocument, SourcePath } from '../../../yaml/index.ts';
import type { Severity } from '../../diagnostic.ts';
import { rootSchema, schemaAt, tableOf } from '../../schemaAt.ts';
import type { Item } from '../../snapshot.ts';
import { valueAt } from './fieldPlace.ts';
import type { ObjectContext, ObjectFinding } from './objectRule.ts';

/**
 * Plain scalars that Go reads as something else than most people write them for (YAML 1.1, `sigs.k8s.io/yaml`): an error
 * where the API server wants text, and a warning where text was surely meant. What is read as it is meant, such as the
 * file mode 0644 or a count of 1_000, is left alone.
 */
export function yamlReadings(item: Item, { flux }: ObjectContext): readonly ObjectFinding[] {
  const readings = readingsOf(item.document).filter(({ path }) =>
    item.path.every((step, i) => path[i] === step),
  );
  if (readings.length === 0) return [];
  const table = tableOf(item.source, flux);
  const root = table && rootSchema(table);
  return readings.flatMap(({ note, path: full }) => {
    const path = full.slice(item.path.length);
    const severity = severityOf(item, path, note, root);
    if (!severity) return [];
    const place = note.isKey ? ({ on: 'key' } as const) : {};
    return [{ code: 'yaml-1-1', path, ...place, message: sentence(note, severity), severity }];
  });
}

interface Reading {
  readonly note: ReadingNote;
  /** In the document. */
  readonly path: SourcePath;
}

const known = new WeakMap<SourceDocument, readonly Reading[]>();

/** The notes of a document with their paths, without those on what a later key replaces. Found once a document. */
function readingsOf(document: SourceDocument): readonly Reading[] {
  const answered = known.get(document);
  if (answered) return answered;
  const readings = readingNotes(document).flatMap((note): Reading[] => {
    const path = pathAt(document, note.start)?.path;
    const place = path && locate(document, path);
    const counts = note.isKey ? place?.key : place?.value;
    return path && counts?.[0] === note.start ? [{ note, path }] : [];
  });
  known.set(document, readings);
  return readings;
}

function severityOf(
  item: Item,
  path: SourcePath,
  note: ReadingNote,
  root: Schema | undefined,
): Severity | undefined {
  if (note.isKey) return 'warning';
  const field = root && schemaAt(root, path);
  const isText = field ? field.schema.type === 'string' : isTextElsewhere(item, path);
  if (isText) return 'error';
  // A field with a type of its own is read as that type wants it, or is refused for it.
  if (field?.schema.type !== undefined) return undefined;
  return note.type === 'word' ? wordSeverity(item, path) : numberSeverity(item, path, note.text);
}

/** Fields of kinds without a table that take nothing but text. */
function isTextElsewhere({ apiVersion, kind }: Item, path: SourcePath): boolean {
  const [first, second] = path;
  if (first === 'metadata') return second === 'labels' || second === 'annotations';
  if (apiVersion !== 'v1' || path.length !== 2) return false;
  return (
    (kind === 'ConfigMap' && first === 'data') ||
    (kind === 'Secret' && (first === 'data' || first === 'stringData'))
  );
}

/** `[se, no, fi]` is a list of texts; elsewhere `yes` and `no` mostly are what people mean by them. */
function wordSeverity({ source }: Item, path: SourcePath): Severity {
  const list = valueAt(source, path.slice(0, -1));
  const isOdd = isArray(list) && list.some((other) => typeof other === 'string');
  return isOdd ? 'warning' : 'information';
}

/** Keys whose value is a name made of digits rather than a number. */
const nameLike =
  /(^|[a-z\d_.-])(tag|version|revision|release|sha|commit|digest|hash|checksum|zip|phone|account|accountId)$/i;
const modeLike = /(mode|umask|permissions?)$/i;

function numberSeverity(item: Item, path: SourcePath, text: string): Severity | undefined {
  const name = meaningfulKey(item.source, path);
  if (nameLike.test(name)) return 'warning';
  // 0777 is 511, and 08 is 8.
  if (/^[-+]?0\d/.test(text)) return modeLike.test(name) ? undefined : 'warning';
  // 1e10 of a commit, and numbers with more digits than a number holds.
  if (/^\d{2,}e\d{2,}$/i.test(text) || /^\d{17,}$/.test(text)) return 'warning';
  return /^[1-9]\d*\.\d+0$/.test(text) ? 'information' : undefined;
}

/** The key that a value goes by: of an override's value, the end of the path that it is for. */
function meaningfulKey(source: JsonValue, path: SourcePath): string {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const holder = valueAt(source, path.slice(0, -1));
  const pointer =
    isObject(holder) && member(holder, 'operator') ? stringMember(holder, 'path') : '';
  return key === 'value' && pointer !== '' ? pointer.slice(pointer.lastIndexOf('/') + 1) : key;
}

function sentence({ type, text, reads, isKey }: ReadingNote, severity: Severity): string {
  if (isKey)
    return `Go reads the key ${text} as "${reads}", and that is the key in the cluster. Quote it.`;
  const becomes = `Go reads ${text} as ${type === 'word' ? reads : `the number ${reads}`}`;
  if (severity === 'error') return `${becomes}, and the API server wants text here. Quote it.`;
  return severity === 'warning'
    ? `${becomes}, and so does the cluster. Quote it.`
    : `${becomes}; quote it if the text is meant.`;
}
