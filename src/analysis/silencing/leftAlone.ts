import { arrayMember, isArray, isObject, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { SourceFile } from '../../yaml/index.ts';
import type { OpenFile } from '../snapshot.ts';
import { uriPath } from './exclude.ts';

const kustomizationName = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const chartName = /(?:^|\/)Chart\.yaml$/;

/** Whether a file tells kustomize what to build. */
export function isKustomization({ uri }: OpenFile): boolean {
  return kustomizationName.test(uri);
}

/**
 * The files whose objects somebody applies as they stand. Left out without a word: what lies in the `templates` folder
 * of a chart, kustomizations, and the patches and transformers that kustomizations name.
 */
export function withoutLeftAlone(files: readonly OpenFile[]): readonly OpenFile[] {
  const charts = new Set<string>();
  const leftAlone = new Set<string>();
  for (const file of files) {
    const { uri, source } = file;
    if (chartName.test(uri)) charts.add(folderOf(uriPath(uri)));
    if (!isKustomization(file)) continue;
    const path = uriPath(uri);
    leftAlone.add(path);
    for (const name of fragmentsOf(source)) leftAlone.add(joined(folderOf(path), name));
  }
  if (charts.size === 0 && leftAlone.size === 0) return files;
  return files.filter(({ uri }) => {
    const path = uriPath(uri);
    return !leftAlone.has(path) && !isChartTemplate(path, charts);
  });
}

function isChartTemplate(path: string, charts: ReadonlySet<string>): boolean {
  if (charts.size === 0) return false;
  return [...path.matchAll(/(?:^|\/)templates\//g)].some(({ index, 0: found }) =>
    charts.has(path.slice(0, index + (found.startsWith('/') ? 1 : 0))),
  );
}

const known = new WeakMap<SourceFile, readonly string[]>();

/** Files that a kustomization makes changes from instead of applying them; relative to its folder. */
function fragmentsOf(source: SourceFile): readonly string[] {
  const answered = known.get(source);
  if (answered) return answered;
  const names = source.documents.flatMap(({ value }) => (isObject(value) ? filesIn(value) : []));
  known.set(source, names);
  return names;
}

/** Fields of kustomize's `api/types/kustomization.go` that name files, as items or in their `path`. */
const fields = [
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'transformers',
  'generators',
  'validators',
  'configurations',
];

function filesIn(kustomization: JsonObject): readonly string[] {
  return fields.flatMap((field) => arrayMember(kustomization, field).flatMap(fileOf));
}

function fileOf(item: JsonValue): readonly string[] {
  const name = isObject(item) && !isArray(item) ? stringMember(item, 'path') : item;
  // A patch may stand in the list itself.
  return typeof name === 'string' && name !== '' && !/[\r\n]/.test(name) ? [name] : [];
}

/** The folder of a path with its slash; empty for a bare name. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A path relative to a folder, without `.` and `..`. */
function joined(folder: string, name: string): string {
  const segments: string[] = [];
  for (const segment of `${name.startsWith('/') ? '' : folder}${name}`.split('/')) {
    const above = segments.at(-1);
    if (segment === '..' && above !== undefined && above !== '..' && above !== '') segments.pop();
    else if (segment !== '.' && (segment !== '' || segments.length === 0)) segments.push(segment);
  }
  return segments.join('/');
}
